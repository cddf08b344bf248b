"""A head's extra reminder: to those who are missing and can be reached, once a day for each duty."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from storage.duties.completing import complete
from storage.duties.nudging import nudge, was_nudged
from storage.duties.occurrences import OccurrenceStage
from storage.events import Event
from storage.marks import Mark
from storage.members import Member, Role
from tests.duties import duty_house, give_out, make_employee, owed
from tests.factories import MONDAY, make_member

HOUSE = duty_house({}, {"key": "figures", "each": "office", "done": "figure"})
DAY = timedelta(days=1)
MINE = ["药剂科"]


def a_head(session: Session) -> Member:
    return make_member(session, HOUSE, "何主任", "药剂科", Role.HEAD)


def test_only_who_is_missing_and_can_be_reached_is_reminded(session: Session) -> None:
    head = a_head(session)
    names = ("赵敏", "钱进", "孙丽", "李强")
    people = [make_employee(session, HOUSE, name)[0] for name in names]
    other, _ = make_employee(session, HOUSE, "吴外", "设备科")
    alone, _ = make_employee(session, HOUSE, "周全", joined=False)
    occurrence = give_out(session, HOUSE, people=[*people, other, alone])
    complete(session, owed(session, occurrence, people[0]), by=people[0], now=MONDAY)
    people[1].silent = True
    people[2].leave_from = people[2].leave_until = date(2025, 11, 24)
    session.flush()
    assert nudge(session, occurrence, MINE, by=head, house=HOUSE, now=MONDAY) == 1
    assert people[3].remind_at == MONDAY
    assert {one.remind_at for one in (*people[:3], other, alone)} == {None}


def test_once_a_day_for_each_duty_whoever_presses(session: Session) -> None:
    head, boss = a_head(session), make_member(session, HOUSE, "钱书记", role=Role.SUPERVISOR)
    person, _ = make_employee(session, HOUSE)
    other, _ = make_employee(session, HOUSE, "吴外", "设备科")
    first, second = (give_out(session, HOUSE, people=[person, other]) for _ in range(2))
    asked: dict[str, Any] = {"house": HOUSE, "by": head}
    assert nudge(session, first, MINE, now=MONDAY, **asked) == 1
    assert nudge(session, first, MINE, now=MONDAY + timedelta(hours=2), **asked) is None
    assert nudge(session, first, [*MINE, "设备科"], by=boss, house=HOUSE, now=MONDAY) == 1, "the other office"
    assert was_nudged(session, first, MINE, house=HOUSE, now=MONDAY)
    assert not was_nudged(session, second, MINE, house=HOUSE, now=MONDAY)
    person.remind_at = None
    assert nudge(session, second, MINE, now=MONDAY, **asked) == 1
    person.remind_at = None
    assert nudge(session, first, MINE, now=MONDAY + DAY, **asked) == 1
    marks = session.exec(select(Mark).where(Mark.value == b"2025-11-24")).all()
    assert marks == [], "marks of yesterday are swept away"


def test_nobodys_earlier_turn_is_put_off(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    occurrence = give_out(session, HOUSE, people=[person])
    person.remind_at = MONDAY - timedelta(hours=1)
    session.flush()
    assert nudge(session, occurrence, MINE, by=a_head(session), house=HOUSE, now=MONDAY) == 0
    assert person.remind_at == MONDAY - timedelta(hours=1)


def test_in_quiet_hours_it_waits_for_the_morning(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    occurrence = give_out(session, HOUSE, people=[person])
    night = datetime(2025, 11, 24, 15, 0, tzinfo=UTC)
    nudge(session, occurrence, MINE, by=a_head(session), house=HOUSE, now=night)
    assert person.remind_at == datetime(2025, 11, 24, 23, 30, tzinfo=UTC), "07:30 in Shanghai"


def test_what_is_closed_or_taken_back_is_no_reason_to_write(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    occurrence = give_out(session, HOUSE, people=[person])
    head = a_head(session)
    for stage in (OccurrenceStage.CLOSED, OccurrenceStage.STOPPED, OccurrenceStage.PLANNED):
        occurrence.stage = stage
        assert nudge(session, occurrence, MINE, by=head, house=HOUSE, now=MONDAY) is None
    assert person.remind_at is None


def test_where_offices_answer_as_one_their_heads_are_reminded_but_not_who_presses(session: Session) -> None:
    boss, _ = make_employee(session, HOUSE, "药主任", "药剂科", Role.HEAD)
    other, _ = make_employee(session, HOUSE, "医主任", "医务科", Role.HEAD)
    staff, _ = make_employee(session, HOUSE, "小王", "医务科")
    occurrence = give_out(session, HOUSE, "figures", offices=["药剂科", "医务科"])
    by = session.get(Member, boss.member_id)
    assert by is not None
    assert nudge(session, occurrence, ["药剂科", "医务科"], by=by, house=HOUSE, now=MONDAY) == 1
    assert (boss.remind_at, other.remind_at, staff.remind_at) == (None, MONDAY, None)


def test_the_trail_tells_who_reminded_how_many(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    occurrence, head = give_out(session, HOUSE, people=[person]), a_head(session)
    nudge(session, occurrence, MINE, by=head, house=HOUSE, now=MONDAY)
    event = session.exec(select(Event)).all()[-1]
    assert (event.actor, event.action) == (f"member:{head.id}", "nudged")
    assert event.detail == f'{{"occurrence": {occurrence.id}, "offices": 1, "people": 1}}'
