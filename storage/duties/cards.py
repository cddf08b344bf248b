"""Cards of duties in group chats: one message a morning, edited as answers come in."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, delete, or_, select, text, update
from sqlmodel import Field, Session, SQLModel, col
from sqlmodel import select as select_rows

from storage.columns import UtcTime
from storage.duties.occurrences import Occurrence
from storage.duties.progress import Progress, progress_of
from storage.groups import EVERYONE, Group, move_group
from storage.identity import chat_hash
from storage.vault import Vault

AUDIENCE = "duecard"
"""Who a drawing of a card is for: `duecard:ID`."""


class DutyCard(SQLModel, table=True):
    """One message in the group of an office, or of the whole house, that shows what was announced together.

    It waits for `post_at`; `reference` is the messenger's id once it stands there. `state` is what it showed
    when it was drawn last, at `drawn_at`: answers up to `known_at` stand on it. `asked_at` while a drawing is
    under way. `live` as long as one of
    its items can still change.
    """

    __tablename__ = "duty_cards"
    __table_args__ = (
        Index("ix_duty_cards_post", "post_at", "id", sqlite_where=text("post_at IS NOT NULL"),
              postgresql_where=text("post_at IS NOT NULL")),
        Index("ix_duty_cards_live", "live", "id", sqlite_where=text("live"), postgresql_where=text("live")),
        Index("ix_duty_cards_group", "group_id", "id"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="groups.id")
    post_at: datetime | None = Field(default=None, sa_type=UtcTime)
    reference: str | None = None
    state: str = ""
    drawn_at: datetime | None = Field(default=None, sa_type=UtcTime)
    known_at: datetime | None = Field(default=None, sa_type=UtcTime)
    asked_at: datetime | None = Field(default=None, sa_type=UtcTime)
    live: bool = False
    made_at: datetime = Field(sa_type=UtcTime)


class DutyCardItem(SQLModel, table=True):
    """An occurrence on a card; `moved` once a newer card of the same group shows it."""

    __tablename__ = "duty_card_items"
    __table_args__ = (Index("ix_duty_card_items_occurrence", "occurrence_id", "moved"),)

    card_id: int = Field(foreign_key="duty_cards.id", primary_key=True)
    occurrence_id: int = Field(foreign_key="occurrences.id", primary_key=True)
    moved: bool = False


def put_on_cards(
    session: Session, occurrence: Occurrence, offices: Collection[str], *, moment: datetime, now: datetime
) -> int:
    """Has an occurrence shown in the groups of these offices, and of the whole house; returns in how many.

    What a group is to be shown at one moment stands on one card.
    """
    told = select_rows(Group).where(Group.active, col(Group.office).in_([*offices, EVERYONE]))
    groups = list(session.exec(told.order_by(col(Group.id)))) if offices else []
    for group in groups:
        card = _waiting_card(session, group, moment, now)
        if session.get(DutyCardItem, (card.id, occurrence.id)) is None:
            session.add(DutyCardItem(card_id=card.id or 0, occurrence_id=occurrence.id or 0))
    session.flush()
    return len(groups)


def note_drawn(session: Session, card: DutyCard, state: str) -> None:
    """The card was drawn a moment ago and shows this."""
    card.state, card.asked_at = state, None
    session.add(card)
    session.flush()


def note_posted(session: Session, audience: str, reference: str) -> None:
    """The card stands in its group as this message; passes over all other audiences."""
    kind, _, number = audience.partition(":")
    card = session.get(DutyCard, int(number)) if kind == AUDIENCE and number.isdecimal() else None
    if card is not None:
        card.reference = reference
        session.add(card)


def items_of(session: Session, card: DutyCard) -> Sequence[tuple[DutyCardItem, Occurrence]]:
    """What a card shows, what is due first at the front."""
    found = select_rows(DutyCardItem, Occurrence).where(
        DutyCardItem.card_id == card.id, DutyCardItem.occurrence_id == Occurrence.id
    )
    return session.exec(found.order_by(col(Occurrence.due_at), col(Occurrence.id))).all()


def card_facts(
    session: Session, card: DutyCard, items: Sequence[tuple[DutyCardItem, Occurrence]] | None = None
) -> str:
    """All that may change on a card, for comparing."""
    shown = items_of(session, card) if items is None else items
    return ";".join(_facts(item, occurrence, progress_on(session, card, occurrence))
                    for item, occurrence in shown)  # fmt: skip


def progress_on(session: Session, card: DutyCard, occurrence: Occurrence) -> Progress:
    """How far those are whom a card is for: an office, or the whole house."""
    group = session.get(Group, card.group_id)
    office = group.office if group is not None else EVERYONE
    return progress_of(session, occurrence.id or 0, "" if office == EVERYONE else office)


def group_of_card(session: Session, card_id: int) -> Group | None:
    """The group a card stands in; None where it is bound no more."""
    card = session.get(DutyCard, card_id)
    group = session.get(Group, card.group_id) if card is not None else None
    return group if group is not None and group.active else None


def forget_cards_of(session: Session, group_id: int) -> None:
    """The group is gone: nothing is posted or drawn there any more."""
    mine = select(col(DutyCard.id)).where(col(DutyCard.group_id) == group_id)
    session.execute(delete(DutyCardItem).where(col(DutyCardItem.card_id).in_(mine)))
    session.execute(delete(DutyCard).where(col(DutyCard.group_id) == group_id))


def follow_group(session: Session, *, channel: str, before: str, after: str, vault: Vault) -> None:
    """A group goes on under another address: it stays what it is, and its cards are looked after there."""
    known = {name: chat_hash(vault, channel, name) for name in (before, after)}
    if move_group(session, channel=channel, before=before, after=after, vault=vault):
        groups = {one.chat: one.id for one in session.exec(
            select_rows(Group).where(col(Group.chat).in_(known.values()))
        )}  # fmt: skip
        values: dict[str, Any] = {"group_id": groups[known[after]]}
        mine = update(DutyCard).where(col(DutyCard.group_id) == groups[known[before]])
        session.execute(mine.values(values), execution_options={"synchronize_session": "fetch"})


def _waiting_card(session: Session, group: Group, moment: datetime, now: datetime) -> DutyCard:
    waits = col(DutyCard.post_at) == moment
    if moment <= now:  # several that were late are caught up with together
        waits = or_(waits, col(DutyCard.post_at) <= now)
    found = select_rows(DutyCard).where(DutyCard.group_id == group.id, waits)
    card = session.exec(found.order_by(col(DutyCard.id))).first()
    if card is None:
        card = DutyCard(group_id=group.id or 0, post_at=moment, made_at=now)
        session.add(card)
        session.flush()
    return card


def _facts(item: DutyCardItem, occurrence: Occurrence, progress: Progress) -> str:
    facts = (occurrence.id, occurrence.stage, occurrence.due_at, item.moved, progress.done, progress.expected)
    return "|".join(map(str, facts))
