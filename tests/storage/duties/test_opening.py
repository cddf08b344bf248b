"""An occurrence is given out: to people, to offices, to nobody; leave, scope, ten thousand at once."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from storage.duties.assignments import Assignment, AssignmentState, Excuse
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.opening import open_occurrence
from storage.events import Event
from storage.house import House
from storage.members import Role
from storage.staff.employees import Employee, Employment
from tests.duties import duty_house, make_employee
from tests.factories import MONDAY

HOUSE = duty_house({}, {"key": "figures", "each": "office", "owed_by": {"offices": ["药剂科", "医务科"]}})


def planned(session: Session, house: House = HOUSE, key: str = "study", **fields: Any) -> Occurrence:
    duty = house.duties.by_key[key]
    values: dict[str, Any] = {"due_at": MONDAY + timedelta(days=11), "opens_at": MONDAY, "next_at": MONDAY}
    occurrence = Occurrence(
        duty=key, period="p", title=duty.title, proof=duty.done, each=duty.each, changed_at=MONDAY,
        **values | fields,
    )  # fmt: skip
    session.add(occurrence)
    session.flush()
    return occurrence


def given(session: Session, occurrence: Occurrence) -> list[tuple[int | None, str, str]]:
    rows = session.exec(
        select(Assignment).where(Assignment.occurrence_id == occurrence.id).order_by(col(Assignment.id))
    )
    return [(one.employee_id, one.office, one.state.value) for one in rows]


def test_everybody_who_works_here_owes_it_whether_they_have_joined_or_not(session: Session) -> None:
    here, _ = make_employee(session, HOUSE, "赵敏")
    absent, _ = make_employee(session, HOUSE, "钱多", "医务科", joined=False)
    occurrence = planned(session)
    assert open_occurrence(session, occurrence, house=HOUSE, now=MONDAY) == 2
    assert given(session, occurrence) == [(here.id, "药剂科", "open"), (absent.id, "医务科", "open")]
    assert occurrence.stage is OccurrenceStage.OPEN
    assert occurrence.opened_at == MONDAY
    assert occurrence.next_at is not None
    assert occurrence.next_at > MONDAY


def test_who_left_owes_nothing(session: Session) -> None:
    gone, _ = make_employee(session, HOUSE, "孙立")
    gone.standing = Employment.LEFT
    make_employee(session, HOUSE, "赵敏")
    session.flush()
    assert open_occurrence(session, planned(session), house=HOUSE, now=MONDAY) == 1


def test_who_is_on_leave_on_the_local_due_day_is_excused(session: Session) -> None:
    due = datetime(2025, 12, 5, 17, tzinfo=UTC)  # the 6th in Shanghai
    until_the_day_before, _ = make_employee(session, HOUSE, "赵敏")
    that_day, _ = make_employee(session, HOUSE, "钱多")
    for person, last in ((until_the_day_before, date(2025, 12, 5)), (that_day, date(2025, 12, 6))):
        person.leave_from, person.leave_until = date(2025, 12, 1), last
    session.flush()
    occurrence = planned(session, due_at=due)
    assert HOUSE.local_day(due) == date(2025, 12, 6)
    assert open_occurrence(session, occurrence, house=HOUSE, now=MONDAY) == 1
    assert [state for _, _, state in given(session, occurrence)] == ["open", "excused"]
    away = session.exec(select(Assignment).where(Assignment.employee_id == that_day.id)).one()
    assert away.excuse is Excuse.LEAVE


def test_offices_that_answer_as_one_have_one_each(session: Session) -> None:
    make_employee(session, HOUSE, "赵敏")
    occurrence = planned(session, key="figures")
    assert open_occurrence(session, occurrence, house=HOUSE, now=MONDAY) == 2
    assert given(session, occurrence) == [(None, "药剂科", "open"), (None, "医务科", "open")]


def test_what_was_started_for_one_office_is_given_to_that_office(session: Session) -> None:
    here, _ = make_employee(session, HOUSE, "赵敏")
    make_employee(session, HOUSE, "钱多", "医务科")
    for key, expected in (("study", [(here.id, "药剂科", "open")]), ("figures", [(None, "药剂科", "open")])):
        occurrence = planned(session, key=key, scope="药剂科")
        open_occurrence(session, occurrence, house=HOUSE, now=MONDAY)
        assert given(session, occurrence) == expected


def test_what_nobody_owes_is_closed_at_once_and_told_in_the_trail(session: Session) -> None:
    occurrence = planned(session)
    assert open_occurrence(session, occurrence, house=HOUSE, now=MONDAY) == 0
    assert (occurrence.stage, occurrence.closed_at, occurrence.next_at) == (
        OccurrenceStage.CLOSED, MONDAY, None,
    )  # fmt: skip
    event = session.exec(select(Event).where(Event.action == "duty_given_out")).one()
    assert event.detail == f'{{"excused": 0, "occurrence": {occurrence.id}, "owed": 0}}'


def test_a_second_time_changes_nothing(session: Session) -> None:
    make_employee(session, HOUSE, "赵敏")
    occurrence = planned(session)
    told = [open_occurrence(session, occurrence, house=HOUSE, now=MONDAY) for _ in range(2)]
    assert told == [1, 0]
    assert len(given(session, occurrence)) == 1


def test_what_was_taken_back_or_is_gone_from_the_book_is_given_to_nobody(session: Session) -> None:
    make_employee(session, HOUSE, "赵敏")
    stopped = planned(session, stage=OccurrenceStage.STOPPED)
    gone = planned(session, duty_house({"key": "gone"}), "gone")
    for occurrence in (stopped, gone):
        assert open_occurrence(session, occurrence, house=HOUSE, now=MONDAY) == 0
        assert given(session, occurrence) == []


def test_ten_thousand_are_given_it_in_a_second(session: Session) -> None:
    row: dict[str, Any] = {
        "office": "药剂科", "role": Role.STAFF, "groups": "[]", "standing": Employment.ACTIVE,
        "silent": False, "entered_at": MONDAY, "changed_at": MONDAY,
    }  # fmt: skip
    table: Any = Employee.__table__  # type: ignore[attr-defined]
    session.execute(table.insert(), [row | {"uid": str(number)} for number in range(10_000)])
    occurrence = planned(session)
    began = time.perf_counter()
    assert open_occurrence(session, occurrence, house=HOUSE, now=MONDAY) == 10_000
    assert time.perf_counter() - began < 3  # 0.3 s on the development machine; nobody waits longer for it
    states = {state for _, _, state in given(session, occurrence)}
    assert states == {AssignmentState.OPEN.value}
