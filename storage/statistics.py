"""Counts of cases that point at nobody: made of what the asker may see, and small ones withheld."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from storage.access import not_left_out, visible_to
from storage.cases import IS_OPEN, Case
from storage.hospital import Hospital
from storage.members import Member, Right, may

LEAST = 5
"""Counts from 1 to LEAST - 1 are withheld."""
_VAGUE = 4
"""So many values a withheld small count must still be able to have for whoever adds and subtracts."""


class By(StrEnum):
    """What cases are counted by; each is a partition: every case falls under one key."""

    OFFICE = "office"
    CATEGORY = "category"
    MONTH = "month"


class Withheld(StrEnum):
    """SMALL stands for 1 to LEAST - 1, BESIDE for a larger count that would give a small one away."""

    SMALL = "small"
    BESIDE = "beside"


Shown = int | Withheld


@dataclass(frozen=True, slots=True)
class Counts:
    """One partition as it may be shown; `rows` is empty where only the total may be, or not even that."""

    total: Shown
    rows: Mapping[str, Shown]


def count_by(
    session: Session,
    asker: Member,
    by: Sequence[By],
    *,
    since: datetime,
    until: datetime,
    hospital: Hospital,
) -> dict[tuple[str, ...], int]:
    """Exact counts of cases received in [since, until), under their keys; only what the asker may see.

    A category is the first of a case, or its intent. For showing, they go through `protect`.
    """
    received = (col(Case.received_at) >= since, col(Case.received_at) < until)
    rows = select(Case.lead_office, Case.categories, Case.intent, Case.received_at).where(
        visible_to(session, asker, hospital), *received
    )
    zone, found = ZoneInfo(hospital.timezone), Counter[tuple[str, ...]]()
    for office, categories, intent, at in session.exec(rows):
        keys = {
            By.OFFICE: office,
            By.CATEGORY: categories.partition(",")[0] or str(intent),
            By.MONTH: f"{at.astimezone(zone):%Y-%m}",
        }
        found[tuple(keys[one] for one in by)] += 1
    return dict(found)


def year_in_counts(session: Session, asker: Member, *, year: int, hospital: Hospital) -> dict[By, Counts]:
    """One year's cases by office, by category and by month, each protected by itself.

    All three have the same total, and no cell of one is part of a cell of another, so that together
    they tell no more than each.
    """
    zone = ZoneInfo(hospital.timezone)
    since, until = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    tables = {by: count_by(session, asker, (by,), since=since, until=until, hospital=hospital) for by in By}
    return {by: protect({key[0]: count for key, count in rows.items()}) for by, rows in tables.items()}


def protect(counts: Mapping[str, int]) -> Counts:
    """Withholds small counts, and larger ones until no small one follows from the total and the rest.

    Where that cannot be had, the rows are withheld altogether and the total stands alone. Zeros show.
    """
    total = sum(counts.values())
    if 0 < total < LEAST:
        return Counts(Withheld.SMALL, {})
    small = {key for key, count in counts.items() if 0 < count < LEAST}
    beside: set[str] = set()
    larger = sorted((key for key in counts if counts[key] >= LEAST), key=lambda key: (counts[key], key))
    while small and not _is_vague(counts, small, beside):
        if not larger:
            return Counts(total, {})
        beside.add(larger.pop(0))
    rows: dict[str, Shown] = {
        key: Withheld.SMALL if key in small else Withheld.BESIDE if key in beside else count
        for key, count in counts.items()
    }
    return Counts(total, rows)


def _is_vague(counts: Mapping[str, int], small: set[str], beside: set[str]) -> bool:
    """Whether each small count could be at least _VAGUE values, given the sum of all that is withheld.

    Known to whoever calculates: a small one is 1 to LEAST - 1; one beside it is at least LEAST, and no
    more than the smallest that is shown.
    """
    rest = sum(counts[key] for key in (*small, *beside))
    most = min((count for key, count in counts.items() if key not in small | beside and count), default=rest)
    others = len(small) - 1
    highest = min(LEAST - 1, rest - others - LEAST * len(beside))
    lowest = max(1, rest - others * (LEAST - 1) - most * len(beside))
    return highest - lowest + 1 >= _VAGUE


@dataclass(frozen=True, slots=True)
class OfficeLoad:
    """How much lies at an office: cases that are open, and those of them that are overdue."""

    office: str
    open: Shown
    overdue: Shown


def loads(session: Session, asker: Member, *, hospital: Hospital, now: datetime) -> list[OfficeLoad]:
    """Open and overdue cases of each office, small counts withheld, and no totals to subtract from.

    Who runs the house counts all but sealed cases and those that leave him or her out, though they may
    open none; others count what they may see.
    """
    seen = _counted(session, asker, hospital)
    still, late = (_per_office(session, seen, *more) for more in ((), (col(Case.due_at) <= now,)))
    return [
        OfficeLoad(office.name, withhold(still.get(office.name, 0)), withhold(late.get(office.name, 0)))
        for office in hospital.offices
        if may(asker, Right.RUN_HOUSE) or still.get(office.name)
    ]


def withhold(count: int) -> Shown:
    """The count, unless it is small."""
    return Withheld.SMALL if 0 < count < LEAST else count


def _counted(session: Session, asker: Member, hospital: Hospital) -> ColumnElement[bool]:
    if may(asker, Right.RUN_HOUSE):
        return not_left_out(asker) & col(Case.sealed).is_(False)
    return visible_to(session, asker, hospital)


def _per_office(session: Session, *conditions: ColumnElement[bool]) -> dict[str, int]:
    rows = select(Case.lead_office, func.count()).where(IS_OPEN, *conditions).group_by(Case.lead_office)
    return dict(session.exec(rows).all())
