"""What is told of coverage: some offices, some duties, one span of time; and what one person owes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from handlers.staff.coverage.asked import Asked
from handlers.words import Words
from storage.duties.assignments import AssignmentState
from storage.duties.coverage import Coverage, coverage
from storage.duties.missing import Behind, behind, owed_by
from storage.duties.occurrences import Occurrence
from storage.duties.spans import SpanKind, bounds_of, days_of, kind_of, slices_of
from storage.hospital import Hospital
from storage.house import House
from storage.members import Member
from storage.staff.employees import Employee
from storage.staff.permits import oversees, oversees_house


@dataclass(frozen=True, slots=True)
class Report:
    """Coverage of what was asked for; `several` where more than one office is looked at."""

    asked: Asked
    coverage: Coverage
    behind: Behind
    several: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class Own:
    """What one person was given in a span: how many, how many are done, and those that are open."""

    given: int = 0
    done: int = 0
    open: tuple[Occurrence, ...] = ()


def scope_of(member: Member, office: str, hospital: Hospital) -> frozenset[str] | None:
    """The offices to count for somebody who asked for one, or for all (empty): None is really all.

    Empty where they may see nothing of it; also offices that are in hospital.toml no more count for who
    oversees the house.
    """
    seen = oversees(member, hospital)
    if oversees_house(member, hospital):
        return frozenset({office}) if office else None
    return (seen & {office}) if office else seen


def report_of(
    session: Session, asked: Asked, scope: frozenset[str] | None, *, house: House, now: datetime
) -> Report:
    """The whole report at once; for a quarter or year of all offices gather it slice by slice."""
    found = sum(
        (slice_of(session, one, asked, scope, house=house) for one in slices_of(asked.span)), Coverage()
    )
    return finished(session, asked, scope, found, house=house, now=now)


def slice_of(
    session: Session, span: str, asked: Asked, scope: frozenset[str] | None, *, house: House
) -> Coverage:
    """The coverage of one month, or week, of what was asked for."""
    since, until = bounds_of(span, house.hospital.timezone)
    return coverage(session, house=house, offices=scope, since=since, until=until, duty=asked.duty)


def finished(
    session: Session,
    asked: Asked,
    scope: frozenset[str] | None,
    found: Coverage,
    *,
    house: House,
    now: datetime,
) -> Report:
    """The report, with how many people are behind."""
    since, until = bounds_of(asked.span, house.hospital.timezone)
    late = behind(session, offices=scope, since=since, until=until, duty=asked.duty)
    several = (scope is None or len(scope) > 1) and len(found.by_office) > 1
    return Report(asked, found, late, several, now)


def own_of(session: Session, employee: Employee | None, span: str, *, house: House) -> Own:
    """What somebody themselves owes in a span; excuses count neither way."""
    if employee is None:
        return Own()
    since, until = bounds_of(span, house.hospital.timezone)
    rows = [
        row for row in owed_by(session, employee, since, until) if row[1].state is not AssignmentState.EXCUSED
    ]
    still = tuple(one for one, mine in rows if mine.state is AssignmentState.OPEN)
    return Own(len(rows), len(rows) - len(still), still)


def must_be_gathered(asked: Asked, scope: frozenset[str] | None) -> bool:
    """Whether counting takes too long for an answer at once."""
    return scope is None and kind_of(asked.span) in (SpanKind.QUARTER, SpanKind.YEAR)


def titles_in(session: Session, span: str, scope: frozenset[str] | None, *, house: House) -> dict[str, str]:
    """The titles of all duties that can be asked for: those of the book, and what was due in the span."""
    from storage.duties.coverage import due_between

    since, until = bounds_of(span, house.hospital.timezone)
    planned = {duty.key: duty.title for duty in house.duties.duties}
    return {one.duty: one.title for one in due_between(session, since, until)} | planned


def span_words(span: str, words: Words) -> str:
    """A span as it is read."""
    first, end = days_of(span)
    last = end.fromordinal(end.toordinal() - 1)
    return words(
        f"coverage.span_{kind_of(span).value}", year=first.year if kind_of(span) is not SpanKind.WEEK else 0,
        month=first.month, day=first.day, quarter=(first.month + 2) // 3, last_month=last.month,
        last_day=last.day,
    )  # fmt: skip


def unit_words(office: str, words: Words) -> str:
    """The office, or that it is the house."""
    return office or words("coverage.house")


def title_of(asked: Asked, words: Words, titles: Iterable[tuple[str, str]] = ()) -> str:
    """What a message, a picture or a table is about."""
    duty = dict(titles).get(asked.duty, "") if asked.duty else ""
    key = "coverage.title_duty" if duty else "coverage.title"
    return words(key, unit=unit_words(asked.office, words), span=span_words(asked.span, words), duty=duty)


def percent(share: float) -> str:
    """A share for reading: 100 % is only what is whole, 0 % only what has nothing."""
    if 0 < share < 1:
        share = min(0.99, max(0.01, share))
    return f"{share:.0%}"
