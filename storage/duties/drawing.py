"""Posts the cards of duties, and has them drawn again as answers come in; never faster than a group bears."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, text, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.duties.cards import AUDIENCE, DutyCard, DutyCardItem, card_facts, items_of
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.outbox import announce

NOTICE = "due.card"
REDRAWN_AFTER = timedelta(seconds=20)
"""A card is drawn again at most so often, whatever comes in."""
TOGETHER = 100
"""Cards looked after in one transaction."""
_GIVEN_UP = timedelta(minutes=15)
"""A drawing that has not arrived after so long is asked for anew."""
_SLACK = timedelta(minutes=1)
"""An answer may be kept after a drawing that began later than it: it waited for its turn to be written."""
_KEPT = timedelta(days=90)


def claim_cards_to_post(session: Session, *, now: datetime, limit: int = TOGETHER) -> list[DutyCard]:
    """The next cards whose moment has come, each for one caller only; they are live from here on."""
    due = (
        select(DutyCard.id).where(col(DutyCard.post_at) <= now)  # type: ignore[call-overload]
        .order_by(col(DutyCard.post_at), col(DutyCard.id)).limit(limit)
    )  # fmt: skip
    values = {"post_at": None, "live": True}
    return _taken(session, (col(DutyCard.id).in_(due), col(DutyCard.post_at) <= now), values)


def post_card(session: Session, card: DutyCard, *, now: datetime) -> None:
    """The card goes out; older ones of the group that show the same say so from now on."""
    here = select_rows(DutyCard).join(DutyCardItem, col(DutyCardItem.card_id) == DutyCard.id)
    same = select(col(DutyCardItem.occurrence_id)).where(col(DutyCardItem.card_id) == card.id)
    older = here.where(
        DutyCard.group_id == card.group_id, DutyCard.id != card.id, col(DutyCard.post_at).is_(None),
        col(DutyCardItem.occurrence_id).in_(same), col(DutyCardItem.moved).is_(False),
    )  # fmt: skip
    before = list(session.exec(older.distinct()))
    if before:
        numbers = [one.id for one in before]
        values: dict[str, Any] = {"moved": True}
        session.execute(
            update(DutyCardItem).values(values)
            .where(col(DutyCardItem.card_id).in_(numbers), col(DutyCardItem.occurrence_id).in_(same)),
            execution_options={"synchronize_session": "fetch"},
        )  # fmt: skip
    for one in before:
        one.live = _can_change(items_of(session, one))
        if one.reference is not None:
            draw(session, one, now=now)
    draw(session, card, now=now)


def claim_cards_to_redraw(session: Session, *, now: datetime, limit: int = TOGETHER) -> list[DutyCard]:
    """Cards in whose duties something changed since they were drawn, some time ago, and that stand there.

    Each is given to one caller only, and counts as drawn from here on.
    """
    changed = (
        select(DutyCardItem.card_id)  # type: ignore[call-overload]
        .where(
            col(DutyCardItem.card_id) == DutyCard.id, col(DutyCardItem.occurrence_id) == Occurrence.id,
            col(DutyCardItem.moved).is_(False), col(Occurrence.changed_at) > col(DutyCard.known_at),
        )
        .exists()
    )  # fmt: skip
    ready = (
        text("duty_cards.live"), col(DutyCard.reference).is_not(None),
        col(DutyCard.drawn_at) <= now - REDRAWN_AFTER,
        or_(col(DutyCard.asked_at).is_(None), col(DutyCard.asked_at) <= now - _GIVEN_UP),
    )  # fmt: skip
    found = session.execute(select(DutyCard.id).where(*ready, changed).limit(limit))  # type: ignore[call-overload]
    numbers = [row[0] for row in found]
    if not numbers:
        return []
    return _taken(
        session, (col(DutyCard.id).in_(numbers), *ready), {"drawn_at": now, "known_at": now - _SLACK}
    )


def redraw_if_changed(session: Session, card: DutyCard, *, now: datetime) -> bool:
    """Asks for a drawing where the card would show something else; what is over is looked at no more."""
    items = items_of(session, card)
    differs = card_facts(session, card, items) != card.state
    if differs:
        draw(session, card, now=now)
    card.live = _can_change(items)
    session.add(card)
    session.flush()
    return differs


def _can_change(items: Sequence[tuple[DutyCardItem, Occurrence]]) -> bool:
    return any(not item.moved and occurrence.stage is OccurrenceStage.OPEN for item, occurrence in items)


def draw(session: Session, card: DutyCard, *, now: datetime) -> None:
    """Leaves word to draw a card; what it shows is settled when it is sent."""
    card.asked_at = card.drawn_at = now
    card.known_at = now - _SLACK
    session.add(card)
    session.flush()
    announce(session, f"{AUDIENCE}:{card.id}", NOTICE, now=now)


def forget_old_cards(session: Session, *, now: datetime) -> None:
    """Where cards stood that nobody looks at any more."""
    old = select(col(DutyCard.id)).where(col(DutyCard.made_at) < now - _KEPT)
    session.execute(delete(DutyCardItem).where(col(DutyCardItem.card_id).in_(old)))
    session.execute(delete(DutyCard).where(col(DutyCard.id).in_(old)))


def _taken(session: Session, conditions: Sequence[Any], values: dict[str, Any]) -> list[DutyCard]:
    taken = session.execute(
        update(DutyCard).where(*conditions).values(values).returning(col(DutyCard.id)),
        execution_options={"synchronize_session": False},
    )
    numbers = [row[0] for row in taken]
    if not numbers:
        return []
    found = select_rows(DutyCard).where(col(DutyCard.id).in_(numbers)).order_by(col(DutyCard.id))
    return list(session.exec(found.execution_options(populate_existing=True)))
