"""Addresses for pushed answers: only with consent, sealed, and not for ever."""

from datetime import timedelta

from sqlmodel import Session, select

from storage.identity import chat_hash
from storage.subscriptions import (
    Subscription,
    cancel_purge,
    drop_chat,
    is_subscribed,
    purge_addresses,
    schedule_purge,
    subscribe,
    subscribers,
    unsubscribe,
)
from tests.factories import MONDAY, make_house, open_a_case

HOUSE = make_house()
CHAT = chat_hash(HOUSE.vault, "web", "p")


def agree(session: Session, *addresses: str) -> int:
    case_id = open_a_case(session, HOUSE).id or 0
    for address in addresses:
        subscribe(session, case_id, channel="web", address=address, vault=HOUSE.vault)
    session.flush()
    return case_id


def test_agreeing_twice_is_agreeing_once_and_each_case_is_its_own(session: Session) -> None:
    first, second = agree(session, "p", "p", "q"), agree(session, "p")
    assert sorted(subscribers(session, first, vault=HOUSE.vault)) == [("web", "p"), ("web", "q")]
    unsubscribe(session, first, chat=CHAT, vault=HOUSE.vault)
    assert not is_subscribed(session, first, chat=CHAT, vault=HOUSE.vault)
    assert is_subscribed(session, second, chat=CHAT, vault=HOUSE.vault)
    unsubscribe(session, first, chat=chat_hash(HOUSE.vault, "web", "q"), vault=HOUSE.vault)
    assert subscribers(session, first, vault=HOUSE.vault) == []


def test_the_address_cannot_be_read_in_the_table(session: Session) -> None:
    agree(session, "chat-of-the-patient")
    [row] = session.exec(select(Subscription)).all()
    assert b"patient" not in row.address
    assert "patient" not in row.chat
    assert row.chat != chat_hash(HOUSE.vault, "web", "chat-of-the-patient")


def test_goes_when_its_time_is_over_unless_the_case_was_reopened(session: Session) -> None:
    first, second = agree(session, "p"), agree(session, "p")
    for case_id in (first, second):
        schedule_purge(session, case_id, days=90, now=MONDAY)
    cancel_purge(session, second)
    assert purge_addresses(session, now=MONDAY + timedelta(days=89)) == 0
    assert purge_addresses(session, now=MONDAY + timedelta(days=90)) == 1
    assert subscribers(session, second, vault=HOUSE.vault) == [("web", "p")]


def test_a_chat_that_is_gone_is_dropped_from_every_case(session: Session) -> None:
    first, second = agree(session, "p"), agree(session, "p", "q")
    drop_chat(session, CHAT, vault=HOUSE.vault)
    assert subscribers(session, first, vault=HOUSE.vault) == []
    assert subscribers(session, second, vault=HOUSE.vault) == [("web", "q")]
