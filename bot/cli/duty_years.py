"""Gathers what is due in the coming months, by the plan as it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from storage.duties.book import Duty
from storage.duties.moments import due_day
from storage.duties.owing import offices_owing
from storage.duties.schedule import Planned, due_days
from storage.errors import ConfigError
from storage.house import House

_YEAR = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Asked:
    """How many months ahead, and for which office; empty for the whole house."""

    months: int
    office: str = ""


@dataclass(frozen=True, slots=True)
class DueDay:
    """One day on which a duty is due, as that place's calendar has it; `at` is the moment, UTC."""

    day: date
    duty: Duty
    at: datetime
    certain: bool


@dataclass(frozen=True, slots=True)
class Year:
    """All that is due from `first` to `last`, the earliest first; `on_request` may be started any time."""

    asked: Asked
    first: date
    last: date
    days: tuple[DueDay, ...]
    on_request: tuple[Duty, ...]


def year_ahead(house: House, asked: Asked, *, now: datetime) -> Year:
    """From today on. Raises ConfigError where there is no such office."""
    duties = duties_of(house, asked.office)
    first = house.local_day(now)
    last = first + relativedelta(months=asked.months) - timedelta(days=1)
    found = [one for duty in duties for one in _days(duty, house, first, last) if one.at > now]
    found.sort(key=lambda one: (one.day, one.at))
    return Year(asked, first, last, tuple(found), tuple(duty for duty in duties if duty.when.on_request))


def duties_of(house: House, office: str) -> Sequence[Duty]:
    """The duties of the book that somebody at this office may owe; all of them where none is named."""
    if not office:
        return house.duties.duties
    if office not in house.hospital.places:
        raise ConfigError(f"--office: there is no office or department {office} in hospital.toml")
    return [duty for duty in house.duties.duties if _concerns(duty, office, house)]


def next_days(duties: Sequence[Duty], house: House, *, now: datetime) -> Iterator[tuple[Duty, DueDay | None]]:
    """Each with its next day; None for what is started on request, or is over."""
    first = house.local_day(now)
    for duty in duties:
        ahead = (one for one in _days(duty, house, first, first + _YEAR) if one.at > now)
        yield duty, next(iter(ahead), None)


def _days(duty: Duty, house: House, first: date, last: date) -> Iterator[DueDay]:
    found: Sequence[Planned] = due_days(
        duty, book=house.duties, calendar=house.calendar, timezone=house.hospital.timezone, first=first,
        last=last,
    )  # fmt: skip
    for one in found:
        yield DueDay(due_day(one.due_at, duty, house), duty, one.due_at, one.certain)


def _concerns(duty: Duty, office: str, house: House) -> bool:
    """Roles are left aside: which of its people somebody is, an office does not tell."""
    owed = duty.owed_by
    return bool(owed.roles and not owed.offices) or office in offices_owing(
        duty, house.duties, house.hospital
    )
