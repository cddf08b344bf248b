"""Sittings: one person's way through drawn questions, kept in tables so that no stop loses the place."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from sqlalchemy import Index, delete, text
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, Word
from storage.training.bank import QuestionBank
from storage.training.drawing import order_of
from storage.training.questions import Question

RIGHT, WRONG = "1", "0"
_PRACTICE_LASTS = timedelta(days=1)


class SittingState(StrEnum):
    """OPEN goes on; FINISHED was answered to the end; CLOSED ended before: the quiz was taken back."""

    OPEN = "open"
    FINISHED = "finished"
    CLOSED = "closed"


class Sitting(SQLModel, table=True):
    """`assignment_id` is None for practice, which is forgotten at its end.

    `drawn` is JSON: [[key, order of the choices], …]. `position` counts from 0 and names the question on the
    screen; `marks` has one sign for each answered question, 1 for right and 0 for wrong, so that the question
    on the screen is answered where there is a mark for it. `ticked` are the choices of a multiple one that
    are ticked so far, as they are shown. What somebody chose is not kept.
    """

    __tablename__ = "sittings"
    __table_args__ = (
        Index("ix_sittings_open", "assignment_id", "employee_id", unique=True,
              sqlite_where=text("state = 'open' AND assignment_id IS NOT NULL"),
              postgresql_where=text("state = 'open' AND assignment_id IS NOT NULL")),
        Index("ix_sittings_person", "employee_id", "state"),
        Index("ix_sittings_assignment", "assignment_id", "employee_id", "finished_at"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int | None = Field(default=None, foreign_key="assignments.id")
    employee_id: int = Field(foreign_key="employees.id")
    drawn: str
    position: int = 0
    marks: str = ""
    ticked: str = ""
    right: int = 0
    state: SittingState = Field(default=SittingState.OPEN, sa_type=Word(SittingState))
    started_at: datetime = Field(sa_type=UtcTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime)

    @property
    def questions(self) -> list[tuple[str, str]]:
        """Keys in the order of asking, each with the order of its choices."""
        return [(key, order) for key, order in json.loads(self.drawn)]

    @property
    def is_answered(self) -> bool:
        """Whether the question on the screen has been answered."""
        return len(self.marks) > self.position

    @property
    def is_last(self) -> bool:
        """Whether no question comes after the one on the screen."""
        return self.position + 1 >= len(self.questions)

    @property
    def is_practice(self) -> bool:
        """Whether it counts nowhere."""
        return self.assignment_id is None


def start_sitting(
    session: Session,
    questions: Sequence[Question],
    employee_id: int,
    assignment_id: int | None = None,
    *,
    chance: Random,
    now: datetime,
) -> Sitting:
    """A new sitting over these questions, at the first of them."""
    drawn = [[one.key, order_of(one, chance=chance)] for one in questions]
    sitting = Sitting(
        assignment_id=assignment_id, employee_id=employee_id, drawn=json.dumps(drawn), started_at=now
    )
    session.add(sitting)
    session.flush()
    return sitting


def open_sitting(session: Session, employee_id: int, assignment_id: int | None) -> Sitting | None:
    """What this person has not finished for an assignment, or of practice; the newest of several."""
    found = select(Sitting).where(
        Sitting.employee_id == employee_id, Sitting.assignment_id == assignment_id,
        Sitting.state == SittingState.OPEN,
    )  # fmt: skip
    return session.exec(found.order_by(col(Sitting.id).desc()).limit(1)).first()


def last_open_sitting(session: Session, employee_id: int) -> Sitting | None:
    """Whatever this person began last and has not finished."""
    found = select(Sitting).where(Sitting.employee_id == employee_id, Sitting.state == SittingState.OPEN)
    return session.exec(found.order_by(col(Sitting.id).desc()).limit(1)).first()


def finished_sittings(session: Session, employee_id: int, assignment_id: int) -> list[Sitting]:
    """What this person finished for an assignment, the oldest first."""
    found = select(Sitting).where(
        Sitting.employee_id == employee_id, Sitting.assignment_id == assignment_id,
        Sitting.state == SittingState.FINISHED,
    )  # fmt: skip
    return list(session.exec(found.order_by(col(Sitting.finished_at), col(Sitting.id))))


def seen_and_wrong(sittings: Sequence[Sitting]) -> tuple[set[str], set[str]]:
    """Keys that were asked in these sittings, and those whose last answer was wrong."""
    last: dict[str, str] = {}
    for sitting in sittings:
        keys = [key for key, _ in sitting.questions]
        last |= dict(zip(keys, sitting.marks, strict=False))
    return set(last), {key for key, mark in last.items() if mark == WRONG}


def drop_lost_questions(session: Session, sitting: Sitting, bank: QuestionBank) -> None:
    """Takes out what was not yet answered and is no longer in the bank, or has other choices than it had."""
    kept, questions = sitting.questions[: len(sitting.marks)], sitting.questions
    kept += [one for one in questions[len(sitting.marks) :] if _is_there(one, bank)]
    if len(kept) < len(questions):
        sitting.drawn, sitting.ticked = json.dumps(kept), ""
        _keep(session, sitting)


def tick(session: Session, sitting: Sitting, shown: int) -> None:
    """Ticks a choice of the question on the screen, or takes the tick away."""
    ticked = set(sitting.ticked) ^ {str(shown)}
    sitting.ticked = "".join(sorted(ticked))
    _keep(session, sitting)


def answer(session: Session, sitting: Sitting, question: Question, shown: Collection[int]) -> bool:
    """Marks the question on the screen; `shown` are the choices as they stand there. Whether it was right."""
    _, order = sitting.questions[sitting.position]
    right = {int(order[place]) for place in shown} == question.answers
    sitting.marks += RIGHT if right else WRONG
    sitting.right += right
    sitting.ticked = ""
    _keep(session, sitting)
    return right


def go_on(session: Session, sitting: Sitting) -> None:
    """To the question after the one on the screen, which has been answered."""
    sitting.position += 1
    _keep(session, sitting)


def close_sitting(session: Session, sitting: Sitting, *, now: datetime) -> None:
    """Ends it without a result; practice is forgotten."""
    if sitting.is_practice:
        session.delete(sitting)
        session.flush()
        return
    sitting.state, sitting.finished_at = SittingState.CLOSED, now
    _keep(session, sitting)


def forget_practice(session: Session, *, now: datetime) -> int:
    """Takes away practice that was left lying; returns how much."""
    old = delete(Sitting).where(
        col(Sitting.assignment_id).is_(None), col(Sitting.started_at) <= now - _PRACTICE_LASTS
    )
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]


def _is_there(drawn: tuple[str, str], bank: QuestionBank) -> bool:
    question = bank.find(drawn[0])
    return question is not None and sorted(drawn[1]) == [str(place) for place in range(question.count)]


def _keep(session: Session, sitting: Sitting) -> None:
    session.add(sitting)
    session.flush()
