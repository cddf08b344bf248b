"""What people mention most, and how often they say yes to a question of integrity: counts tied to nobody."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session

from storage.followup.hiding import hidden
from storage.followup.tallies import SurveyTally

LEAST_SHOWN = 3
"""What fewer people said could point at one of them."""
_MOST = 5
_TALLY = SurveyTally.__table__.c  # type: ignore[attr-defined]
YES, _NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Mentions:
    """Terms with how many people used them, most often first."""

    praise: tuple[tuple[str, int], ...] = ()
    complaint: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """How many said yes or no to a question of integrity, and how many yes; None: fewer than LEAST_SHOWN."""

    question: str
    answers: int
    yes: int | None


def mentions_of(session: Session, month: str, department: str = "") -> Mentions:
    """The terms of a month that at least LEAST_SHOWN people used; of the house without a department.

    Only for what is shown itself; never of a ward, whose terms would follow from the others'.
    """
    return Mentions(*(_terms(session, month, department, subject) for subject in ("praise", "complaint")))


def integrity_of(
    session: Session, month: str, questions: Collection[str], department: str = "", *, least: int
) -> tuple[Asked, ...]:
    """The questions that enough people answered, in their order; by department at most, never by ward."""
    counts = _by_department(session, month, questions)
    shown = (_asked(question, counts[question], department, least) for question in questions)
    return tuple(filter(None, shown))


def _asked(question: str, counts: Mapping[str, tuple[int, int]], department: str, least: int) -> Asked | None:
    answers = {name: all_ for name, (all_, _) in counts.items()}
    if department:
        if department not in answers or department in hidden(answers, least=least):
            return None
        count, yes = counts[department]
    else:
        count, yes = sum(answers.values()), sum(yes for _, yes in counts.values())
    return Asked(question, count, yes if yes >= LEAST_SHOWN else None) if count >= least else None


def _by_department(
    session: Session, month: str, questions: Collection[str]
) -> dict[str, dict[str, tuple[int, int]]]:
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    rows = (
        select(_TALLY.subject, _TALLY.department, _TALLY.answer, func.sum(_TALLY.count))
        .where(_TALLY.month == month, _TALLY.subject.in_(questions), _TALLY.answer.in_((YES, _NO)))
        .group_by(_TALLY.subject, _TALLY.department, _TALLY.answer)
    )
    for question, department, answer, count in session.execute(rows):
        all_, yes = found[question].get(department, (0, 0))
        found[question][department] = (all_ + count, yes + (count if answer == YES else 0))
    return found


def _terms(session: Session, month: str, department: str, subject: str) -> tuple[tuple[str, int], ...]:
    many = func.sum(_TALLY.count)
    where = [_TALLY.month == month, _TALLY.subject == subject]
    where += [_TALLY.department == department] if department else []
    found = (
        select(_TALLY.answer, many)
        .where(*where)
        .group_by(_TALLY.answer)
        .having(many >= LEAST_SHOWN)
        .order_by(many.desc(), _TALLY.answer)
        .limit(_MOST)
    )
    return tuple((term, int(count)) for term, count in session.execute(found))
