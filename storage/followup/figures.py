"""Satisfaction by department, ward and month: counted in the database, and shown only where many answered."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlmodel import Session

from storage.followup.hiding import hidden
from storage.followup.shares import Change, Share, change_of, share_of
from storage.followup.surveys import Stage, Survey
from storage.hospital_followup import Kind

_SATISFIED = 4
"""Grades from here on say satisfied."""
_GRADES = (1, 2, 3, 4, 5)
_SURVEY = Survey.__table__.c  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Count:
    """Exact sums, not to be shown as they are; `scores` counts grades 1 to 5, `after` those given later.

    `after`: how many graded again after somebody had looked after them, and how many of those were satisfied.
    """

    sent: int = 0
    reached: int = 0
    answered: int = 0
    scores: tuple[int, ...] = (0, 0, 0, 0, 0)
    after: tuple[int, int] = (0, 0)

    @property
    def rated(self) -> int:
        """How many gave a grade."""
        return sum(self.scores)

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.sent + other.sent, self.reached + other.reached, self.answered + other.answered,
            tuple(map(add, self.scores, other.scores)),
            (self.after[0] + other.after[0], self.after[1] + other.after[1]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of one department, ward or the house; None: too few, or beside too few.

    `mean` is a grade from 1 to 5, `scores` how often each was given. `satisfied` is the share of 4 and 5,
    `after` the same among those who were asked again after service recovery.
    """

    sent: int
    reached: int
    answered: int | None = None
    mean: float | None = None
    scores: tuple[int, ...] | None = None
    satisfied: Share | None = None
    after: Share | None = None


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """One month: the house, its departments, and their wards by (department, ward)."""

    month: str
    house: Shown
    departments: Mapping[str, Shown] = field(default_factory=dict)
    wards: Mapping[tuple[str, str], Shown] = field(default_factory=dict)

    def of(self, department: str) -> Shown:
        """A department, or with an empty name the house; nothing sent where it does not occur."""
        return self.departments.get(department, Shown(0, 0)) if department else self.house

    def wards_of(self, department: str) -> dict[str, Shown]:
        """The wards of a department by name; empty where there is no more than one."""
        found = {ward: one for (of, ward), one in self.wards.items() if of == department}
        return dict(sorted(found.items())) if len(found) > 1 else {}


def month_figures(session: Session, month: str, *, least: int) -> MonthFigures:
    """All that may be shown of what was sent in a month (YYYY-MM); a few tens of milliseconds."""
    wards = count_wards(session, month)
    departments: dict[str, Count] = defaultdict(Count)
    for (department, _), count in wards.items():
        departments[department] += count
    house = sum(departments.values(), Count())
    away = hidden(_rated(departments), least=least)
    after = hidden({name: count.after[0] for name, count in departments.items()}, least=least)
    return MonthFigures(
        month,
        _shown(house, least, after=house.after[0] >= least),
        {
            name: _shown(count, least, hide=name in away, after=name not in after)
            for name, count in sorted(departments.items())
        },
        _wards(wards, away, least),
    )


def trend(before: Shown, after: Shown) -> Change | None:
    """How the satisfied share moved; None where one of the two is not shown."""
    if before.satisfied is None or after.satisfied is None:
        return None
    return change_of(before.satisfied, after.satisfied)


def count_wards(session: Session, month: str) -> dict[tuple[str, str], Count]:
    """Exact sums of one month by (department, ward)."""
    return {
        (row[0], row[1]): Count(row[2], row[3], row[4], tuple(row[7:]), (row[5], row[6]))
        for row in session.execute(counting(month))
    }


def counting(month: str) -> Select[Any]:
    """The statement of `count_wards`: department, ward, sent, reached, answered, asked again, grades."""
    given = or_(_SURVEY.stage == Stage.ANSWERED, _SURVEY.score.is_not(None))
    again = _SURVEY.score_after.is_not(None)
    return (
        select(
            _SURVEY.department, _SURVEY.ward, func.count(), _how_many(_SURVEY.reached),
            _how_many(given), _how_many(again), _how_many(_SURVEY.score_after >= _SATISFIED),
            *(_how_many(_SURVEY.score == grade) for grade in _GRADES),
        )
        .where(and_(_SURVEY.month == month, _SURVEY.kind == Kind.SATISFACTION))
        .group_by(_SURVEY.department, _SURVEY.ward)
    )  # fmt: skip


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _rated(counts: Mapping[str, Count]) -> dict[str, int]:
    return {name: count.rated for name, count in counts.items()}


def _wards(
    counts: Mapping[tuple[str, str], Count], away: Iterable[str], least: int
) -> dict[tuple[str, str], Shown]:
    """The wards: none of a department that is not shown, and none that follows from its department."""
    gone, found = set(away), dict[tuple[str, str], Shown]()
    for department in sorted({name for name, _ in counts}):
        own = {ward: count for (name, ward), count in counts.items() if name == department}
        hide = set(own) if department in gone else hidden(_rated(own), least=least)
        found |= {(department, ward): _shown(one, least, hide=ward in hide) for ward, one in own.items()}
    return found


def _shown(count: Count, least: int, *, hide: bool = False, after: bool = False) -> Shown:
    if hide or count.rated < least:
        return Shown(count.sent, count.reached)
    total = sum(grade * many for grade, many in zip(_GRADES, count.scores, strict=True))
    return Shown(
        count.sent, count.reached, count.answered, total / count.rated, count.scores,
        share_of(sum(count.scores[_SATISFIED - 1 :]), count.rated),
        share_of(count.after[1], count.after[0]) if after and count.after[0] >= least else None,
    )  # fmt: skip
