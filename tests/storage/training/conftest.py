"""An open transaction, somebody who owes a quiz, and one who answers it as told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from sqlmodel import Session

from storage.duties.assignments import Assignment
from storage.duties.occurrences import Occurrence
from storage.house import House
from storage.staff.employees import Employee
from storage.training.examining import Outcome, begin, finish, quiz_of
from storage.training.sittings import Sitting, answer, go_on
from tests.duties import duty_house, give_out, make_employee, owed
from tests.factories import MONDAY, make_database

QUIZ = {"key": "nine", "title": "九项准则", "done": "quiz", "quiz": {"questions": 10, "pass_mark": 80}}


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    database = make_database(tmp_path / "lianxin.db")
    with database.engine.connect() as connection, Session(bind=connection) as session:
        yield session
        session.rollback()
    database.stop()


@pytest.fixture
def house() -> House:
    return duty_house(QUIZ)


@dataclass
class Candidate:
    """Somebody with a quiz to pass; `seed` decides what is drawn."""

    session: Session
    house: House
    employee: Employee
    occurrence: Occurrence
    chance: Random

    @property
    def assignment(self) -> Assignment:
        return owed(self.session, self.occurrence, self.employee)

    def begins(self, now: datetime = MONDAY) -> Sitting:
        quiz = quiz_of(self.occurrence, self.house)
        return begin(
            self.session, self.assignment, self.employee, quiz, house=self.house, chance=self.chance, now=now
        )

    def answers(self, sitting: Sitting, *, right: bool) -> None:
        """The question on the screen, and on to the next."""
        key, order = sitting.questions[sitting.position]
        question = self.house.questions.find(key)
        assert question is not None
        good = {order.index(str(place)) for place in question.answers}
        shown = good if right else {next(place for place in range(question.count) if place not in good)}
        assert answer(self.session, sitting, question, shown) is right
        go_on(self.session, sitting)

    def sits(self, right: int, now: datetime = MONDAY) -> Outcome:
        """A whole sitting with so many right answers, the first ones."""
        sitting = self.begins(now)
        for number in range(len(sitting.questions)):
            self.answers(sitting, right=number < right)
        return finish(self.session, sitting, self.employee, self.occurrence, house=self.house, now=now)


@pytest.fixture
def candidate(session: Session, house: House) -> Candidate:
    employee, _ = make_employee(session, house)
    occurrence = give_out(session, house, "nine", people=[employee])
    return Candidate(session, house, employee, occurrence, Random(1))
