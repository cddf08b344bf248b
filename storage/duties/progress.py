"""How far everybody is with one occurrence: counted, never kept, so that it is always true."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from storage.duties.assignments import Assignment, AssignmentState


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of people, or of offices that answer as one; `expected` leaves those who are excused out."""

    expected: int = 0
    done: int = 0
    late: int = 0
    excused: int = 0
    passed: int = 0
    acknowledged: int = 0

    @property
    def missing(self) -> int:
        """How many have still to answer."""
        return self.expected - self.done

    @property
    def share(self) -> float:
        """Done of expected, 0 to 1; 1 where nothing is expected."""
        return self.done / self.expected if self.expected else 1.0

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(
            self.expected + other.expected, self.done + other.done, self.late + other.late,
            self.excused + other.excused, self.passed + other.passed, self.acknowledged + other.acknowledged,
        )  # fmt: skip


def progress_by_office(session: Session, occurrence_id: int, office: str = "") -> Mapping[str, Progress]:
    """How far each office is, by its name; with `office` only that one is counted."""
    what = (col(Assignment.office), col(Assignment.state), col(Assignment.late), col(Assignment.passed))
    counted = (
        select(*what, func.count(col(Assignment.id)), func.count(col(Assignment.acknowledged_at)))
        .where(col(Assignment.occurrence_id) == occurrence_id, *_at(office))
        .group_by(*what)
        .order_by(col(Assignment.office))
    )
    found: dict[str, Progress] = {}
    for place, state, late, passed, count, acknowledged in session.execute(counted):
        found[place] = found.get(place, Progress()) + _counted(state, late, passed, count, acknowledged)
    return found


def progress_of(session: Session, occurrence_id: int, office: str = "") -> Progress:
    """How far one office is, or all together."""
    return sum(progress_by_office(session, occurrence_id, office).values(), Progress())


def _at(office: str) -> list[ColumnElement[bool]]:
    return [col(Assignment.office) == office] if office else []


def _counted(
    state: AssignmentState, late: bool, passed: bool | None, count: int, acknowledged: int
) -> Progress:
    if state is AssignmentState.EXCUSED:
        return Progress(excused=count)
    done = count if state is AssignmentState.DONE else 0
    return Progress(
        expected=count, done=done, late=done if late else 0, passed=count if passed else 0,
        acknowledged=acknowledged,
    )  # fmt: skip
