"""Whom a step is told to, and that each is told by one sweeper; that looking for nothing stays cheap."""

import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlmodel import Session

from scheduler.duties import post_cards, redraw_cards, remind_people, sweep_occurrences, tell_heads
from storage.duties.assignments import Assignment
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.reminding import (
    claim_due_occurrence,
    claim_people,
    is_any_due,
    mark_people,
    offices_missing,
    reminded_of,
)
from storage.members import Role
from storage.staff.employees import Employee
from tests.duties import duty_house, give_out, make_employee, owed
from tests.factories import MONDAY, make_database

HOUSE = duty_house({}, {"key": "figures", "each": "office"})
LATER = MONDAY + timedelta(hours=2)


def marked(session: Session, *people: Employee) -> list[bool]:
    for person in people:
        session.refresh(person)
    return [person.remind_at is not None for person in people]


def test_only_who_still_owes_it_and_can_be_told_is_marked(session: Session) -> None:
    owing, done, excused, alone, silent, away = (
        make_employee(session, HOUSE, name, joined=name != "未加入")[0]
        for name in ("赵敏", "钱多", "孙立", "未加入", "发不到", "请假")
    )
    people = (owing, done, excused, alone, silent, away)
    occurrence = give_out(session, HOUSE, people=people)
    owed(session, occurrence, done).state = "done"  # type: ignore[assignment]
    owed(session, occurrence, excused).state = "excused"  # type: ignore[assignment]
    silent.silent = True
    away.leave_from = away.leave_until = date(2025, 11, 24)
    session.flush()
    assert mark_people(session, occurrence, moment=MONDAY, house=HOUSE) == 1
    assert marked(session, *people) == [True, False, False, False, False, False]


def test_who_is_told_sooner_is_told_then(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    occurrence = give_out(session, HOUSE, people=[person])
    for moment, expected in ((LATER, LATER), (MONDAY, MONDAY), (LATER, MONDAY)):
        mark_people(session, occurrence, moment=moment, house=HOUSE)
        session.refresh(person)
        assert person.remind_at == expected


def test_only_those_it_is_due_for_then(session: Session) -> None:
    first, second = (make_employee(session, HOUSE, name)[0] for name in ("赵敏", "钱多"))
    occurrence = give_out(session, HOUSE, people=[first, second])
    until = occurrence.due_at + timedelta(days=7)
    owed(session, occurrence, second).extended_until = until
    session.flush()
    mark_people(session, occurrence, dues={occurrence.due_at}, moment=MONDAY, house=HOUSE)
    assert marked(session, first, second) == [True, False]
    assert offices_missing(session, occurrence, {until}) == {"药剂科": 1}
    mark_people(session, occurrence, dues={until}, moment=MONDAY, house=HOUSE)
    assert marked(session, first, second) == [True, True]


def test_what_an_office_owes_is_told_to_who_answers_for_it(session: Session) -> None:
    head, _ = make_employee(session, HOUSE, "周主任", role=Role.HEAD)
    staff, _ = make_employee(session, HOUSE, "赵敏")
    only, _ = make_employee(session, HOUSE, "钱多", "医务科")  # nobody else has joined there
    elsewhere, _ = make_employee(session, HOUSE, "孙立", "设备科", Role.HEAD)
    occurrence = give_out(session, HOUSE, "figures", offices=["药剂科", "医务科"])
    mark_people(session, occurrence, moment=MONDAY, house=HOUSE)
    assert marked(session, head, staff, only, elsewhere) == [True, False, True, False]
    told = [
        [one.occurrence.id for one in reminded_of(session, who)] for who in (head, staff, only, elsewhere)
    ]
    assert told == [[occurrence.id], [], [occurrence.id], []]


def test_people_are_taken_once(session: Session) -> None:
    people = [make_employee(session, HOUSE, name)[0] for name in ("赵敏", "钱多", "孙立")]
    occurrence = give_out(session, HOUSE, people=people)
    mark_people(session, occurrence, moment=MONDAY, house=HOUSE)
    people[1].leave_from = people[1].leave_until = date(2025, 11, 24)  # since then
    session.flush()
    taken = [claim_people(session, house=HOUSE, now=MONDAY, limit=2) for _ in range(3)]
    assert taken == [(2, [people[0].member_id]), (1, [people[2].member_id]), (0, [])]


def test_of_two_who_sweep_at_once_one_takes_an_occurrence(tmp_path: Path) -> None:
    database = make_database(tmp_path / "lianxin.db")

    def make(session: Session) -> None:
        person, _ = make_employee(session, HOUSE)
        give_out(session, HOUSE, people=[person], due_in=timedelta(0))

    database.run_now(make)
    first = database.run_now(lambda session: claim_due_occurrence(session, now=LATER) is not None)
    second = database.run_now(lambda session: claim_due_occurrence(session, now=LATER) is not None)
    assert (first, second) == (True, False)
    assert database.run_now(lambda session: is_any_due(session, now=LATER)) is False
    database.stop()


def test_what_is_due_later_is_left_alone(session: Session) -> None:
    give_out(session, HOUSE, due_in=timedelta(hours=3))
    assert claim_due_occurrence(session, now=MONDAY) is None
    assert not is_any_due(session, now=MONDAY)


def test_a_sweep_with_nothing_to_do_looks_at_no_past_occurrence(tmp_path: Path) -> None:
    """Whatever was asked, no table is read from end to end, and it takes no time."""
    database = make_database(tmp_path / "lianxin.db")
    sweeps = (sweep_occurrences, tell_heads, post_cards, remind_people, redraw_cards)

    def past(session: Session) -> None:
        rows: list[dict[str, Any]] = [
            {
                "duty": "study", "period": str(number), "scope": "", "title": "专题学习", "drive": "",
                "phase": "", "proof": "reading", "each": "person", "to_office": "", "version": "",
                "stage": OccurrenceStage.CLOSED, "opens_at": MONDAY, "due_at": MONDAY, "certain": True,
                "steps": 5, "changed_at": MONDAY, "turn": 0, "by_hand": False,
            }
            for number in range(5000)
        ]  # fmt: skip
        session.execute(Occurrence.__table__.insert(), rows)  # type: ignore[attr-defined]
        answers: list[dict[str, Any]] = [
            {"occurrence_id": number, "employee_id": None, "office": "药剂科", "state": "done", "late": False,
             "tries": 0}
            for number in range(1, 5000)
        ]  # fmt: skip
        session.execute(Assignment.__table__.insert(), answers)  # type: ignore[attr-defined]
        for sweep in sweeps:
            sweep(session, house=HOUSE, now=MONDAY)

    database.run_now(past)
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        asked.append((statement, values))

    def sweep_all(session: Session) -> list[int]:
        return [sweep(session, house=HOUSE, now=LATER) for sweep in sweeps]

    event.listen(database.engine, "before_cursor_execute", note)
    began = time.perf_counter()
    assert database.run_now(sweep_all) == [0] * 5
    assert time.perf_counter() - began < 0.1  # 5 ms on the development machine
    with database.engine.connect() as connection:
        for statement, values in [one for one in asked if one[0].startswith(("SELECT", "UPDATE"))]:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            read = [step for step in plan if step.startswith("SCAN") and "CONSTANT ROW" not in step]
            assert all("INDEX ix_duty_cards_live" in step for step in read), (plan, statement)
    database.stop()
