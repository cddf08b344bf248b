"""What is told of satisfaction: one department or the house, one month and those before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from handlers.words import Words
from storage.followup.figures import MonthFigures, Shown, month_figures, trend
from storage.followup.mentioned import Asked, Mentions, integrity_of, mentions_of
from storage.followup.months import earlier, month_of
from storage.followup.shares import Change, Share
from storage.hospital_followup import Scale
from storage.house import House


@dataclass(frozen=True, slots=True)
class Report:
    """`history` is oldest first and ends with the month; without a `department` it is about the house."""

    department: str
    history: Sequence[MonthFigures]
    mentions: Mentions
    integrity: Sequence[Asked]
    least: int
    now: datetime

    @property
    def figures(self) -> MonthFigures:
        """The month itself."""
        return self.history[-1]

    @property
    def month(self) -> str:
        """YYYY-MM."""
        return self.figures.month

    @property
    def shown(self) -> Shown:
        """What may be shown of the department or the house."""
        return self.figures.of(self.department)

    @property
    def parts(self) -> dict[str, Shown]:
        """The departments of the house, or the wards of a department."""
        if self.department:
            return self.figures.wards_of(self.department)
        return dict(self.figures.departments)

    @property
    def change(self) -> Change | None:
        """How the satisfied share moved against the month before."""
        if len(self.history) < 2:
            return None
        return trend(self.history[-2].of(self.department), self.shown)


def report_of(
    session: Session, department: str, history: Sequence[MonthFigures], *, house: House, now: datetime
) -> Report:
    """The report on the last of these months.

    Of integrity nothing before the month is over: who looks each day would see what the one patient said who
    was asked that day.
    """
    rules, month = house.hospital.followup, history[-1].month
    shown = history[-1].of(department).satisfied is not None
    is_over = month < month_of(now, house.hospital.timezone)
    questions = [key for key, one in rules.bank.items() if is_over and one.scale is Scale.ASKED]
    return Report(
        department, tuple(history), mentions_of(session, month, department) if shown else Mentions(),
        integrity_of(session, month, questions, department, least=rules.least_answers),
        rules.least_answers, now,
    )  # fmt: skip


def two_months(session: Session, month: str, *, house: House) -> list[MonthFigures]:
    """A month after the one before it."""
    least = house.hospital.followup.least_answers
    return [month_figures(session, one, least=least) for one in (earlier(month, 1), month)]


def month_words(month: str, words: Words) -> str:
    """2026-10 as it is read."""
    return words("satisfaction.month", year=int(month[:4]), month=int(month[5:]))


def unit_words(department: str, words: Words) -> str:
    """The department, or that it is the house."""
    return department or words("satisfaction.house")


def title_of(department: str, month: str, words: Words) -> str:
    """What a message, a picture or a table is about."""
    return words("satisfaction.title", unit=unit_words(department, words), month=month_words(month, words))


def percent(share: float) -> str:
    """A share for reading."""
    return f"{share:.0%}"


def bounds(share: Share) -> dict[str, str]:
    """The places {share}, {low} and {high} of a text."""
    return {"share": percent(share.value), "low": percent(share.low), "high": percent(share.high)}


def change_words(change: Change, words: Words) -> str:
    """How a share moved, and whether chance alone may have done it."""
    points = round(abs(change.value) * 100)
    if not points:
        return words("satisfaction.same")
    moved = words(f"satisfaction.{'higher' if change.value > 0 else 'lower'}", points=points)
    return words(f"satisfaction.{'real' if change.is_real else 'chance'}", change=moved)
