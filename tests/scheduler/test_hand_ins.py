"""When the office hears of a hand-in, and who beside it."""

from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session, select

from scheduler.hand_ins import tell_of_hand_ins
from storage.hand_ins.handling import receive, settle
from storage.hand_ins.rows import Settled, Way
from storage.letters import Letter
from tests.factories import MONDAY, make_house, make_member
from tests.storage.hand_ins.givers import anonymous, by_name

HOUSE = make_house()


def told(session: Session) -> list[tuple[str | None, str | None]]:
    letters = session.exec(select(Letter)).all()
    for letter in letters:
        session.delete(letter)
    session.flush()
    return [(letter.audience, letter.notice) for letter in letters]


def sweep(session: Session, now: datetime) -> list[tuple[str | None, str | None]]:
    tell_of_hand_ins(session, house=HOUSE, now=now)
    return told(session)


def test_new_once_then_by_the_clock(session: Session) -> None:
    by_name(session, HOUSE)
    office, heads = ("office:纪检办", "handin.reminder"), ("heads:纪检办", "handin.reminder")
    supervisors = ("supervisors", "handin.reminder")
    assert sweep(session, MONDAY) == [("office:纪检办", "handin.new")]
    assert sweep(session, MONDAY) == []
    assert sweep(session, datetime(2025, 11, 26, 5, 0, tzinfo=UTC)) == [office]
    assert sweep(session, datetime(2025, 11, 27, 5, 0, tzinfo=UTC)) == [office, heads]
    assert sweep(session, datetime(2025, 11, 27, 9, 0, tzinfo=UTC)) == [office, heads, supervisors]
    assert sweep(session, datetime(2025, 11, 27, 20, 0, tzinfo=UTC)) == []
    assert sweep(session, datetime(2025, 11, 28, 1, 0, tzinfo=UTC)) == [office, heads, supervisors]
    assert sweep(session, datetime(2025, 11, 29, 1, 0, tzinfo=UTC)) == []  # a Saturday
    assert sweep(session, datetime(2025, 12, 1, 1, 0, tzinfo=UTC)) == [office, heads, supervisors]


def test_a_stop_of_days_is_one_reminder(session: Session) -> None:
    by_name(session, HOUSE)
    sweep(session, MONDAY)
    assert len(sweep(session, MONDAY + timedelta(days=30))) == 3
    assert sweep(session, MONDAY + timedelta(days=30)) == []


def test_an_anonymous_one_is_told_of_at_the_full_hour(session: Session) -> None:
    anonymous(session, HOUSE, now=MONDAY)
    assert sweep(session, MONDAY + timedelta(minutes=29)) == []
    assert sweep(session, MONDAY + timedelta(minutes=30)) == [("office:纪检办", "handin.new")]


def test_what_comes_late_is_new_first(session: Session) -> None:
    by_name(session, HOUSE, on=date(2025, 10, 9))
    assert sweep(session, MONDAY) == [("office:纪检办", "handin.new")]
    assert len(sweep(session, datetime(2025, 11, 25, 1, 0, tzinfo=UTC))) == 3


def test_what_is_settled_is_not_called_to_mind(session: Session) -> None:
    row, _ = anonymous(session, HOUSE)
    officer = make_member(session, HOUSE)
    receive(session, row, officer, version=0, now=MONDAY)
    settle(session, row, officer, Way.RETURNED, Settled(), version=1, house=HOUSE, now=MONDAY)
    assert sweep(session, MONDAY + timedelta(days=30)) == []
