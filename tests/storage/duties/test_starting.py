"""What is owed on request is started, stopped and let go on by hand, and the trail tells who did."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from storage.duties.occurrences import OccurrenceStage
from storage.duties.opening import open_occurrence
from storage.duties.planning import plan_occurrences
from storage.duties.starting import resume_stopped, running, start_on_request, stop_running
from storage.errors import DutyRefused
from storage.events import Event
from tests.duties import duty_house, make_employee, owed
from tests.factories import MONDAY

MEND: dict[str, Any] = {
    "key": "mend",
    "title": "整改报告",
    "when": {"on_request": True, "days": 7},
    "each": "office",
}
HOUSE = duty_house(MEND, {"key": "study", "when": {"monthly": 5}})


def started(session: Session, *offices: str, now: datetime = MONDAY, house: Any = HOUSE) -> Any:
    return start_on_request(session, "mend", offices=offices, by=None, house=house, now=now)


def told(session: Session) -> list[tuple[str, str]]:
    return [(event.actor, event.action) for event in session.exec(select(Event)) if "duty" in event.action]


def test_it_is_due_working_days_after_today_and_given_out_at_once(session: Session) -> None:
    one = started(session, "药剂科")
    assert (one.stage, one.scope, one.period) == (OccurrenceStage.PLANNED, "药剂科", "2025-11-24")
    assert one.due_at == datetime(2025, 12, 3, 9, 0, tzinfo=UTC)
    assert one.opens_at == one.next_at == MONDAY
    assert told(session) == [("console", "duty_started")]


def test_each_office_has_one_of_its_own_and_twice_on_one_day_are_two(session: Session) -> None:
    started(session, "药剂科", "设备科", "药剂科")
    started(session, "药剂科")
    started(session)
    found = {(one.scope, one.period) for one in running(session, "mend")}
    assert found == {
        ("药剂科", "2025-11-24"), ("设备科", "2025-11-24"), ("药剂科", "2025-11-24-2"), ("", "2025-11-24"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "offices", "words"),
    [
        ("study", (), "has dates of its own; on request: mend"),
        ("nothing", (), "is not in duties.toml"),
        ("mend", ("火箭科",), "no office or department 火箭科"),
    ],
)
def test_what_cannot_be_started_is_told(
    session: Session, key: str, offices: tuple[str, ...], words: str
) -> None:
    with pytest.raises(DutyRefused, match=words):
        start_on_request(session, key, offices=offices, by=None, house=HOUSE, now=MONDAY)
    assert running(session, key) == []


def test_planning_leaves_what_was_started_alone_until_its_duty_is_gone(session: Session) -> None:
    one = started(session)
    while plan_occurrences(session, house=HOUSE, now=MONDAY + timedelta(days=1)):
        pass
    assert running(session, "mend") == [one]
    without = duty_house({"key": "study"})
    while plan_occurrences(session, house=without, now=MONDAY + timedelta(days=1)):
        pass
    session.refresh(one)
    assert one.stage is OccurrenceStage.STOPPED


def test_stopping_and_undoing(session: Session) -> None:
    house = duty_house(MEND | {"each": "person"})
    person, member = make_employee(session, house)
    one = started(session, house=house)
    open_occurrence(session, one, house=house, now=MONDAY)
    stop_running(session, "mend", by=member, now=MONDAY)
    mine = owed(session, one, person)
    session.refresh(mine)
    assert (one.stage, one.next_at, mine.state.value) == (OccurrenceStage.STOPPED, None, "excused")
    resume_stopped(session, "mend", by=member, house=house, now=MONDAY + timedelta(hours=1))
    session.refresh(mine)
    assert (one.stage, mine.state.value) == (OccurrenceStage.OPEN, "open")
    assert one.next_at is not None
    assert member is not None
    assert told(session)[-2:] == [
        (f"member:{member.id}", "duty_stopped"),
        (f"member:{member.id}", "duty_resumed"),
    ]


def test_one_planned_instance_is_stopped_by_its_period_alone(session: Session) -> None:
    while plan_occurrences(session, house=HOUSE, now=MONDAY):
        pass
    with pytest.raises(DutyRefused, match="nothing of study is open; planned: 2025-12"):
        stop_running(session, "study", by=None, now=MONDAY)
    stop_running(session, "study", period="2025-12", by=None, now=MONDAY)
    resume_stopped(session, "study", period="2025-12", by=None, house=HOUSE, now=MONDAY)
    with pytest.raises(DutyRefused, match="nothing of study was stopped by hand"):
        resume_stopped(session, "study", by=None, house=HOUSE, now=MONDAY)
