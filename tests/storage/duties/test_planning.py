"""A year is laid out once, moves with the book, and never bothers anybody with what is past."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from storage.duties.assignments import AssignmentState, Excuse
from storage.duties.completing import complete
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.opening import open_occurrence
from storage.duties.planning import TOGETHER, is_too_late, plan_occurrences
from storage.duties.starting import stop_running
from storage.house import House
from storage.staff.employees import Employee
from storage.working_days import WorkingDays
from tests.duties import duty_house, make_employee, owed

NOON = datetime(2026, 3, 16, 4, 0, tzinfo=UTC)
"""A working Monday, noon in Shanghai."""
STUDY: dict[str, Any] = {"key": "study", "when": {"monthly": "last working day"}}


def laid(session: Session, house: House, now: datetime = NOON) -> list[int]:
    """Plans until nothing is left; the slices."""
    slices = []
    while count := plan_occurrences(session, house=house, now=now):
        slices.append(count)
    return slices


def rows(session: Session, *stages: OccurrenceStage) -> list[Occurrence]:
    found = session.exec(select(Occurrence).order_by(col(Occurrence.due_at)))
    return [one for one in found if not stages or one.stage in stages]


def row(session: Session, period: str = "2026-03", key: str = "study") -> Occurrence:
    wanted = select(Occurrence).where(Occurrence.period == period, Occurrence.duty == key)
    return session.exec(wanted).one()


def days(found: Sequence[Occurrence]) -> dict[str, str]:
    return {one.period: f"{one.due_at:%m-%d}" for one in found}


def given_out(session: Session, house: House, period: str = "2026-03", now: datetime = NOON) -> Occurrence:
    """One of the plan that somebody owes."""
    make_employee(session, house, now=now)
    laid(session, house, now)
    occurrence = row(session, period)
    open_occurrence(session, occurrence, house=house, now=now)
    assert occurrence.stage is OccurrenceStage.OPEN
    return occurrence


def test_a_year_ahead_is_laid_out_and_nothing_of_the_past(session: Session) -> None:
    house = duty_house(STUDY, {"key": "yearly", "when": {"yearly": "03-02"}})
    assert laid(session, house) == [2]
    found = rows(session)
    assert [one.period for one in found if one.duty == "study"] == [
        *(f"2026-{month:02}" for month in range(3, 13)), "2027-01", "2027-02",
    ]  # fmt: skip
    assert [one.period for one in found if one.duty == "yearly"] == ["2027"], "2 March is over"
    assert all(one.stage is OccurrenceStage.PLANNED and one.next_at == one.opens_at for one in found)
    assert [one.turn for one in found if one.duty == "study"] == [*range(12)]
    assert row(session, "2026-12").certain
    assert not row(session, "2027-02").certain


def test_the_same_day_and_book_change_nothing_and_the_next_day_only_adds(session: Session) -> None:
    house = duty_house(STUDY, {"key": "weekly", "when": {"weekly": 5}})
    laid(session, house)
    before = days(rows(session))
    assert laid(session, house) == []
    assert laid(session, house, NOON + timedelta(days=1)) == [2]
    assert days(rows(session)) == before
    laid(session, house, NOON + timedelta(days=7))
    assert len(rows(session)) == len(before) + 1


def test_many_duties_are_laid_out_slice_by_slice(session: Session) -> None:
    house = duty_house(*({"key": f"k{number}", "when": {"weekly": 5}} for number in range(TOGETHER * 2 + 1)))
    assert laid(session, house) == [TOGETHER, TOGETHER, 1]
    assert len(rows(session)) == (TOGETHER * 2 + 1) * 52


def test_a_book_that_changes_between_two_slices_begins_anew(session: Session) -> None:
    many = [{"key": f"k{number}", "when": {"monthly": 5}} for number in range(TOGETHER + 1)]
    plan_occurrences(session, house=duty_house(*many), now=NOON)
    laid(session, duty_house(*(one | {"when": {"monthly": 25}} for one in many)))
    assert {one.due_at.day for one in rows(session, OccurrenceStage.PLANNED)} <= {22, 23, 24, 25}


def test_what_is_not_open_moves_with_the_plan_in_the_middle_of_the_month(session: Session) -> None:
    laid(session, duty_house(STUDY))
    laid(session, duty_house(STUDY | {"title": "新名称", "when": {"monthly": 25}}))
    found = rows(session)
    assert days(found)["2026-03"] == "03-25"
    assert {one.stage for one in found} == {OccurrenceStage.PLANNED}
    assert {one.title for one in found} == {"新名称"}
    assert all(one.next_at == one.opens_at < one.due_at for one in found)


def test_what_is_open_gets_its_new_due_day_and_keeps_its_answers(session: Session) -> None:
    house = duty_house(STUDY)
    occurrence = given_out(session, house)
    before = occurrence.next_at
    later = duty_house(STUDY | {"when": {"monthly": 20}})
    laid(session, later)
    session.refresh(occurrence)
    assert (occurrence.stage, occurrence.due_at.day) == (OccurrenceStage.OPEN, 20)
    assert occurrence.opened_at is not None
    assert occurrence.next_at is not None
    assert before is not None
    assert occurrence.next_at < before
    assert occurrence.title == "专题学习"


def test_who_has_answered_does_not_answer_again_when_the_day_moves(session: Session) -> None:
    house = duty_house(STUDY)
    occurrence = given_out(session, house)
    person = make_employee(session, house, "钱进", now=NOON)[0]
    mine = owed(session, occurrence, _first(session))
    complete(session, mine, by=person, now=NOON)
    laid(session, duty_house(STUDY | {"when": {"monthly": 25}}))
    session.refresh(mine)
    assert mine.state is AssignmentState.DONE
    assert len(rows(session, OccurrenceStage.OPEN)) == 1


def _first(session: Session) -> Employee:
    return session.exec(select(Employee).order_by(col(Employee.id))).all()[0]


def test_a_date_that_was_changed_goes_on_under_the_new_one(session: Session) -> None:
    dated = STUDY | {"when": {"dates": ["2026-03-25", "2026-09-25"]}}
    occurrence = given_out(session, duty_house(dated), "2026-03-25")
    laid(session, duty_house(STUDY | {"when": {"dates": ["2026-03-27", "2026-09-25"]}}))
    session.refresh(occurrence)
    assert (occurrence.period, occurrence.stage) == ("2026-03-27", OccurrenceStage.OPEN)
    assert days(rows(session)) == {"2026-03-27": "03-27", "2026-09-25": "09-24"}


def test_what_is_due_already_is_not_made_late_by_a_new_day_before_today(session: Session) -> None:
    occurrence = given_out(session, duty_house(STUDY))
    before = occurrence.due_at
    laid(session, duty_house(STUDY | {"when": {"monthly": 5}}))
    session.refresh(occurrence)
    assert (occurrence.stage, occurrence.due_at) == (OccurrenceStage.OPEN, before)


def test_a_removed_duty_is_taken_back_and_owed_again_when_it_returns(session: Session) -> None:
    house = duty_house(STUDY, {"key": "other"})
    occurrence = given_out(session, house)
    without = duty_house({"key": "other", "when": {"monthly": 5}})
    laid(session, without)
    session.refresh(occurrence)
    mine = owed(session, occurrence, _first(session))
    assert (occurrence.stage, occurrence.next_at) == (OccurrenceStage.STOPPED, None)
    assert (mine.state, mine.excuse) == (AssignmentState.EXCUSED, Excuse.STOPPED)
    assert {one.stage for one in rows(session) if one.duty == "study"} == {OccurrenceStage.STOPPED}
    assert laid(session, without) == []

    laid(session, house)
    session.refresh(occurrence)
    session.refresh(mine)
    assert occurrence.stage is OccurrenceStage.OPEN
    assert occurrence.next_at is not None
    assert (mine.state, mine.excuse) == (AssignmentState.OPEN, None)
    assert {one.stage for one in rows(session)[2:] if one.duty == "study"} == {OccurrenceStage.PLANNED}


def test_what_somebody_stopped_stays_stopped(session: Session) -> None:
    house = duty_house(STUDY)
    given_out(session, house)
    stop_running(session, "study", period="2026-03", by=None, now=NOON)
    laid(session, house, NOON + timedelta(days=1))
    assert row(session).stage is OccurrenceStage.STOPPED


def test_what_is_overdue_is_owed_whatever_the_plan_says_now(session: Session) -> None:
    given_out(session, duty_house(STUDY))
    late = datetime(2026, 4, 2, 4, 0, tzinfo=UTC)
    laid(session, duty_house(STUDY | {"when": {"quarterly": "last day"}}), late)
    assert row(session).stage is OccurrenceStage.OPEN


@pytest.mark.parametrize(
    ("back", "stage"),
    [
        (date(2026, 4, 1), OccurrenceStage.PLANNED),
        (date(2026, 4, 15), OccurrenceStage.PLANNED),
        (date(2026, 4, 16), OccurrenceStage.STOPPED),
        (date(2026, 9, 1), OccurrenceStage.STOPPED),
    ],
)
def test_what_was_missed_while_down_is_given_out_or_bothers_nobody(
    session: Session, back: date, stage: OccurrenceStage
) -> None:
    """Due on 31 March; ten working days later is 15 April, after the holiday of 清明."""
    house = duty_house(STUDY)
    laid(session, house)
    now = datetime.combine(back, time(4), tzinfo=UTC)
    laid(session, house, now)
    occurrence = row(session)
    assert occurrence.stage is stage
    assert (occurrence.next_at is None) == (stage is OccurrenceStage.STOPPED)
    assert is_too_late(occurrence.due_at, house=house, now=now) == (stage is OccurrenceStage.STOPPED)


def test_what_was_never_laid_out_is_not_laid_out_afterwards(session: Session) -> None:
    house = duty_house(STUDY)
    laid(session, house)
    laid(session, house, NOON + timedelta(days=800))
    assert "2027-06" not in days(rows(session))


def test_new_holidays_move_what_is_planned(session: Session) -> None:
    house = duty_house(STUDY)
    laid(session, house)
    off = {date(2026, 3, day): True for day in (30, 31)}
    laid(session, replace(house, calendar=WorkingDays("Asia/Shanghai", time(9), time(17), off)))
    assert days(rows(session))["2026-03"] == "03-27"


def test_closed_occurrences_are_not_opened_by_a_later_day(session: Session) -> None:
    laid(session, duty_house(STUDY | {"when": {"monthly": 17}}))
    occurrence = row(session)
    occurrence.stage, occurrence.next_at = OccurrenceStage.CLOSED, None
    session.add(occurrence)
    laid(session, duty_house(STUDY | {"when": {"monthly": 27}}))
    session.refresh(occurrence)
    assert (occurrence.stage, occurrence.next_at, occurrence.due_at.day) == (OccurrenceStage.CLOSED, None, 17)


def test_an_interrupted_plan_goes_on_where_it_was(session: Session) -> None:
    """A crash in the middle of a slice takes the slice back and nothing else."""
    many = [{"key": f"k{number}", "when": {"monthly": 5}} for number in range(TOGETHER * 2)]
    house = duty_house(*many)
    plan_occurrences(session, house=house, now=NOON)
    before = len(rows(session))
    savepoint = session.begin_nested()
    plan_occurrences(session, house=house, now=NOON)
    savepoint.rollback()
    assert len(rows(session)) == before
    assert laid(session, house) == [TOGETHER]
    assert len({(one.duty, one.period) for one in rows(session)}) == len(rows(session)) == before * 2


def test_what_nobody_owed_is_given_out_once_there_are_people(session: Session) -> None:
    """A fresh installation: the roster is imported a day after the start, or an hour."""
    house = duty_house(STUDY)
    laid(session, house)
    occurrence = row(session)
    open_occurrence(session, occurrence, house=house, now=NOON)
    assert occurrence.stage is OccurrenceStage.CLOSED
    assert laid(session, house) == []
    make_employee(session, house, now=NOON)
    assert laid(session, house) == [1]
    session.refresh(occurrence)
    assert (occurrence.stage, occurrence.next_at) == (OccurrenceStage.PLANNED, occurrence.opens_at)
    assert open_occurrence(session, occurrence, house=house, now=NOON) == 1
