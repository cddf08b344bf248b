"""Where a case's cards stand in chats, so that they can be edited when the case moves."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from storage.cases import Case
from storage.columns import UtcTime
from storage.outbox import announce
from storage.vault import Vault, place


class Card(SQLModel, table=True):
    """The latest card of a case in one chat; `reference` is the messenger's id of the message.

    `opened` where it shows what was written, not only number and due date.
    """

    __tablename__ = "cards"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    chat: str = Field(index=True)
    channel: str
    address: bytes
    is_group: bool
    audience: str
    reference: str
    opened: bool = False
    shown_at: datetime = Field(sa_type=UtcTime)


def remember_card(
    session: Session,
    case_id: int,
    *,
    chat: str,
    channel: str,
    address: str,
    is_group: bool,
    audience: str,
    reference: str,
    opened: bool,
    vault: Vault,
    now: datetime,
) -> None:
    """Keeps where the newest card of a case stands in a chat; an older one there is left as it is."""
    session.execute(delete(Card).where(col(Card.case_id) == case_id, col(Card.chat) == chat))
    card = Card(
        case_id=case_id,
        chat=chat,
        channel=channel,
        address=b"",
        is_group=is_group,
        audience=audience,
        reference=reference,
        opened=opened,
        shown_at=now,
    )
    card.address = vault.seal_text(address, card_place(card))
    session.add(card)


def card_state(case: Case | None) -> str:
    """What a card shows of a case, for comparing: where it differs after sending, it is drawn again."""
    if case is None:
        return ""
    shown = (case.version, case.status, case.due_at, case.lead_office, case.sealed, case.urgent)
    return "|".join(map(str, shown))


def refresh_cards(session: Session, case_id: int, *, now: datetime, but_not: str | None = None) -> None:
    """Has every card of a case redrawn, except in the chat `but_not`, which shows the news already."""
    for card_id, chat in session.exec(select(Card.id, Card.chat).where(Card.case_id == case_id)).all():
        if chat != but_not:
            announce(session, f"card:{card_id}", "case.card", case_id=case_id, now=now)


def redraw_cards_of(session: Session, audience: str, *, now: datetime) -> None:
    """Has every card that was shown to an audience (`member:ID`) drawn as it may be seen there now."""
    for card_id, case_id in session.exec(
        select(Card.id, Card.case_id).where(Card.audience == audience)
    ).all():
        announce(session, f"card:{card_id}", "case.card", case_id=case_id, now=now)


def redraw_card(session: Session, case_id: int, *, chat: str, now: datetime) -> None:
    """The case changed while this chat's card was on its way: the card is drawn again."""
    found = select(Card.id).where(Card.case_id == case_id, Card.chat == chat)
    for card_id in session.exec(found).all():
        announce(session, f"card:{card_id}", "case.card", case_id=case_id, now=now)


def forget_card(session: Session, case_id: int, *, chat: str) -> None:
    """The card in this chat gives way to an answer that shows the case already."""
    session.execute(delete(Card).where(col(Card.case_id) == case_id, col(Card.chat) == chat))


def find_card(session: Session, card_id: int) -> Card | None:
    """A card by its id."""
    return session.get(Card, card_id)


def card_address(card: Card, *, vault: Vault) -> str:
    """The chat a card stands in; raises SealError if the row was given to somebody else."""
    return vault.open_text(card.address, card_place(card))


def card_place(row: Any) -> str:
    """The address stands for whose card it is: who reads in that chat must not get another's view."""
    return place("cards", row.case_id, row.chat, row.channel, row.audience, row.is_group, row.reference)
