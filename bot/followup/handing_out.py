"""Chooses the discharges that get a sheet, and makes a ticket for each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.followup.sheets import Sheet
from storage.errors import ConfigError
from storage.event_names import EventName
from storage.events import record_event
from storage.followup.coming import days_to_come, last_moment
from storage.followup.discharges import Discharge, Standing, number_hash, open_sealed
from storage.followup.joining import new_ticket
from storage.house import House

MOST = 2000
"""Sheets printed at a time."""
_LONGEST = timedelta(days=365 + 90)
"""After this nothing is asked about a stay, whatever the plans."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Discharges by number, or all of a department, or since a local day, who have not joined yet."""

    numbers: tuple[str, ...] = ()
    department: str = ""
    since: date | None = None


@dataclass(slots=True)
class Chosen:
    """The rows that get a sheet; how many were left out because nothing is left to be asked."""

    ids: list[int] = field(default_factory=list)
    over: int = 0


def choose(session: Session, wanted: Wanted, *, house: House, now: datetime) -> Chosen:
    """Raises ConfigError for an unknown number, who is not asked, too many, or where nobody is."""
    if not house.hospital.followup.enabled:
        raise ConfigError("hospital.toml: patients are not asked: [followup] enabled = false")
    found = (
        _by_number(session, wanted.numbers, house) if wanted.numbers else _by_day(session, wanted, house, now)
    )
    chosen = Chosen()
    for discharge in found:
        until = last_moment(session, discharge, house=house)
        if until is None or until <= now:
            chosen.over += 1
        else:
            chosen.ids.append(discharge.id or 0)
    if len(chosen.ids) > MOST:
        raise ConfigError(
            f"{len(chosen.ids)} sheets are too many at a time; narrow it with --department or --since"
        )
    return chosen


def make_tickets(session: Session, ids: Sequence[int], *, house: House, now: datetime) -> list[Sheet]:
    """A fresh ticket for each discharge, with what else stands on its sheet; the trail tells how many."""
    sheets = []
    for one in ids:
        discharge = session.get(Discharge, one)
        until = last_moment(session, discharge, house=house) if discharge else None
        if discharge is None or until is None:
            continue
        code = new_ticket(session, one, until=until, vault=house.vault)
        days = days_to_come(session, discharge, house=house, now=now)
        sheets.append(Sheet(code, tuple(days[:3]), open_sealed(discharge, "number", vault=house.vault)))
    record_event(session, "console", EventName.SHEETS_PRINTED, now=now, count=len(sheets))
    return sheets


def file_names(sheets: Sequence[Sheet]) -> Iterator[str]:
    """A name for each sheet's picture, from its discharge number; none twice, none that leads elsewhere."""
    used: set[str] = set()
    for sheet in sheets:
        plain = re.sub(r"[^A-Za-z0-9_-]+", "-", sheet.number).strip("-")[:60] or "sheet"
        name, again = plain, 1
        while name.lower() in used:
            again += 1
            name = f"{plain}-{again}"
        used.add(name.lower())
        yield name


def _by_number(session: Session, numbers: Sequence[str], house: House) -> list[Discharge]:
    found = []
    for number in dict.fromkeys(numbers):
        hashed = number_hash(house.vault, number.strip())
        discharge = session.exec(select(Discharge).where(Discharge.number_hash == hashed)).first()
        if discharge is None:
            raise ConfigError(f"--discharge: there is no discharge {number!r}; is it imported?")
        if discharge.standing is not Standing.ACTIVE:
            raise ConfigError(f"--discharge: {number!r} is not asked any more ({discharge.standing})")
        found.append(discharge)
    return found


def _by_day(session: Session, wanted: Wanted, house: House, now: datetime) -> Sequence[Discharge]:
    found = select(Discharge).where(Discharge.discharged_at > now - _LONGEST)
    found = found.where(Discharge.standing == Standing.ACTIVE, col(Discharge.joined_on).is_(None))
    if wanted.department:
        found = found.where(Discharge.department == wanted.department)
    if wanted.since:
        begins = datetime.combine(wanted.since, time(), ZoneInfo(house.hospital.timezone))
        found = found.where(Discharge.discharged_at >= begins)
    order = (col(Discharge.department), col(Discharge.ward), col(Discharge.id))
    return session.exec(found.order_by(*order)).all()
