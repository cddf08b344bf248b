"""Where cards stand: the newest in each chat, redrawn when the case moves, forgotten when it is purged."""

from sqlmodel import Session, select

from storage.cards import (
    Card,
    card_address,
    find_card,
    forget_card,
    redraw_card,
    refresh_cards,
    remember_card,
)
from storage.letters import Letter
from tests.factories import MONDAY, make_house, open_a_case

HOUSE = make_house()


def show(session: Session, case_id: int, chat: str, reference: str, *, opened: bool = False) -> Card:
    remember_card(
        session, case_id, chat=chat, channel="web", address=f"to {chat}", is_group=False, audience="member:1",
        reference=reference, opened=opened, vault=HOUSE.vault, now=MONDAY,
    )  # fmt: skip
    session.flush()
    return session.exec(select(Card).where(Card.case_id == case_id, Card.chat == chat)).one()


def redrawn(session: Session) -> list[str | None]:
    return list(session.exec(select(Letter.audience).where(Letter.notice == "case.card")))


def test_the_newest_card_of_a_chat_takes_the_place_of_the_one_before(session: Session) -> None:
    case = open_a_case(session, HOUSE)
    show(session, case.id or 0, "a", "10")
    card = show(session, case.id or 0, "a", "11", opened=True)
    assert (card.reference, card.opened) == ("11", True)
    assert card_address(card, vault=HOUSE.vault) == "to a"
    assert b"to a" not in card.address


def test_every_card_is_redrawn_but_the_one_that_shows_the_news(session: Session) -> None:
    case, other = open_a_case(session, HOUSE), open_a_case(session, HOUSE)
    cards = [show(session, case.id or 0, chat, "1") for chat in ("a", "b")]
    show(session, other.id or 0, "a", "1")
    refresh_cards(session, case.id or 0, now=MONDAY, but_not="a")
    assert redrawn(session) == [f"card:{cards[1].id}"]
    redraw_card(session, case.id or 0, chat="a", now=MONDAY)
    assert redrawn(session)[1:] == [f"card:{cards[0].id}"]


def test_a_card_gives_way_in_one_chat_and_then_the_other(session: Session) -> None:
    case = open_a_case(session, HOUSE)
    first, second = (show(session, case.id or 0, chat, "1").id for chat in ("a", "b"))
    forget_card(session, case.id or 0, chat="a")
    session.expire_all()
    assert find_card(session, first or 0) is None
    assert find_card(session, second or 0) is not None
    forget_card(session, case.id or 0, chat="b")
    refresh_cards(session, case.id or 0, now=MONDAY)
    assert redrawn(session) == []
