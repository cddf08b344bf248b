"""How far offices are with what falls due: one index, one pass; what is closed stays as it was."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from storage.duties.assignments import Excuse
from storage.duties.completing import acknowledge, complete, excuse
from storage.duties.coverage import Coverage, counting, coverage, coverage_of
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.progress import Progress, progress_by_office
from storage.staff.employees import Employee, Employment
from tests.duties import duty_house, give_out, make_employee, owed
from tests.factories import MONDAY

HOUSE = duty_house(
    {}, {"key": "quiz", "done": "quiz"}, {"key": "figures", "each": "office", "done": "figure"}
)
DAY = timedelta(days=1)
MONTH: dict[str, Any] = {"since": MONDAY - 10 * DAY, "until": MONDAY + 20 * DAY}


def staff(session: Session) -> list[Employee]:
    """Three in 药剂科, one in 设备科."""
    offices = ("药剂科", "药剂科", "药剂科", "设备科")
    names = ("赵敏", "钱进", "孙丽", "李强")
    return [make_employee(session, HOUSE, *one)[0] for one in zip(names, offices, strict=True)]


def answered(session: Session, people: list[Employee]) -> Occurrence:
    """The first in time, the second late, the third on leave, the last has only read it."""
    occurrence = give_out(session, HOUSE, "quiz", people=people)
    first, second, third, fourth = (owed(session, occurrence, one) for one in people)
    complete(session, first, by=people[0], now=MONDAY)
    complete(session, second, by=people[1], now=occurrence.due_at + DAY)
    first.passed, first.score = True, 90
    second.passed, second.score = False, 50
    excuse(session, third, Excuse.LEAVE, now=MONDAY)
    acknowledge(session, fourth, now=MONDAY)
    session.flush()
    return occurrence


def test_every_figure_by_duty_and_office(session: Session) -> None:
    occurrence = answered(session, staff(session))
    found = coverage(session, house=HOUSE, **MONTH)
    [line] = found.lines
    assert line.id == occurrence.id
    assert line.offices == {
        "药剂科": Progress(expected=2, done=2, late=1, excused=1, passed=1, acknowledged=2),
        "设备科": Progress(expected=1, acknowledged=1),
    }  # fmt: skip
    assert line.offices == progress_by_office(session, occurrence.id or 0), "the same as on a card"
    assert found.total.missing == 1
    assert list(found.by_office) == ["药剂科", "设备科"], "in the order of hospital.toml"


def test_only_the_offices_asked_for_are_counted(session: Session) -> None:
    occurrence = answered(session, staff(session))
    found = coverage(session, house=HOUSE, offices=["设备科"], **MONTH)
    assert list(found.by_office) == ["设备科"]
    assert coverage(session, house=HOUSE, offices=["人事科"], **MONTH) == Coverage()
    assert coverage(session, house=HOUSE, offices=[], **MONTH) == Coverage()
    assert list(coverage_of(session, occurrence, house=HOUSE, offices=["药剂科"]).offices) == ["药剂科"]


def test_range_and_duty_limit_what_is_counted(session: Session) -> None:
    people = staff(session)
    give_out(session, HOUSE, people=people, due_in=2 * DAY)
    give_out(session, HOUSE, "quiz", people=people, due_in=40 * DAY)
    assert [line.duty for line in coverage(session, house=HOUSE, **MONTH).lines] == ["study"]
    year: dict[str, Any] = {"since": MONDAY, "until": MONDAY + 60 * DAY}
    assert [line.duty for line in coverage(session, house=HOUSE, **year).lines] == ["study", "quiz"]
    assert [line.duty for line in coverage(session, house=HOUSE, duty="quiz", **year).lines] == ["quiz"]
    edge: dict[str, Any] = {"since": MONDAY + 2 * DAY, "until": MONDAY + 40 * DAY}
    assert [line.duty for line in coverage(session, house=HOUSE, **edge).lines] == ["study"], "the end is out"


def test_what_was_stopped_or_only_planned_does_not_count(session: Session) -> None:
    people = staff(session)
    for stage in (OccurrenceStage.STOPPED, OccurrenceStage.PLANNED):
        give_out(session, HOUSE, people=people).stage = stage
    session.flush()
    assert coverage(session, house=HOUSE, **MONTH) == Coverage()


def test_who_left_is_out_of_what_is_open_and_stays_in_what_was_closed(session: Session) -> None:
    people = staff(session)
    closed, still_open = (give_out(session, HOUSE, people=people) for _ in range(2))
    complete(session, owed(session, closed, people[0]), by=people[0], now=MONDAY)
    closed.stage, closed.closed_at = OccurrenceStage.CLOSED, MONDAY
    for person in people[:2]:
        person.standing = Employment.LEFT
        excuse(session, owed(session, still_open, person), Excuse.LEFT, now=MONDAY)
    session.flush()
    lines = {line.id: line.total for line in coverage(session, house=HOUSE, **MONTH).lines}
    assert (lines[closed.id or 0].expected, lines[closed.id or 0].done) == (4, 1)
    assert (lines[still_open.id or 0].expected, lines[still_open.id or 0].excused) == (2, 2)


def test_offices_that_answer_as_one_are_counted_like_people(session: Session) -> None:
    give_out(session, HOUSE, "figures", offices=["药剂科", "医务科"])
    assert coverage(session, house=HOUSE, **MONTH).total == Progress(expected=2)


def test_everything_is_read_from_the_index_of_progress(session: Session) -> None:
    """A year has five million assignments: none of their rows may be fetched, none of them sorted."""
    for offices in (None, ["药剂科"]):
        plain = counting([1, 2, 3], offices).compile(
            dialect=session.connection().dialect, compile_kwargs={"literal_binds": True}
        )
        plan = [row[-1] for row in session.execute(text(f"EXPLAIN QUERY PLAN {plain}"))]
        assert any("assignments USING COVERING INDEX ix_assignments_progress" in step for step in plan), plan
        assert not any("SCAN assignments" in step for step in plan), plan
        assert plan.index(next(step for step in plan if "ix_assignments_progress" in step)) < len(plan)
