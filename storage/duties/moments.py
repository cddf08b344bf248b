"""When staff may be told: with the morning's digest, not in quiet hours, not on days off."""

import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.duties.book import Duty
from storage.duties.occurrences import Occurrence
from storage.house import House

DIGEST, NAMES = "due.digest", "due.names"
TIMED = (DIGEST, NAMES)
"""Notices that go out in working hours only, however long they had to wait."""
_DAY = timedelta(days=1)


def due_day(due_at: datetime, duty: Duty | None, house: House) -> date:
    """The local day something is due on, where a duty has a time zone of its own by that."""
    name = duty.timezone if duty is not None and duty.timezone else house.hospital.timezone
    return due_at.astimezone(ZoneInfo(name)).date()


def morning_of(day: date, house: House) -> datetime:
    """When the digest of this day goes out (UTC)."""
    return _at(day, house.duties.reminding.at, house)


def next_digest(after: datetime, house: House) -> datetime:
    """The first digest of a working day that is not before `after`."""
    day = house.local_day(after)
    if house.calendar.is_working_day(day) and morning_of(day, house) >= after:
        return morning_of(day, house)
    return morning_of(house.calendar.step(day, 1), house)


def allowed_from(now: datetime, house: House, *, urgent: bool = False) -> datetime:
    """When somebody may be written to who could be now: `now`, or after quiet hours and days off.

    What is urgent waits for the end of quiet hours only; everything else for the next digest.
    """
    silent = _silent_until(now, house)
    if urgent:
        return silent or now
    if silent is not None or not house.calendar.is_working_day(house.local_day(now)):
        return next_digest(now, house)
    return now


def telling_moment(
    occurrence: Occurrence, step_at: datetime, *, urgent: bool, house: House, now: datetime
) -> datetime:
    """When people hear of a step that fell due at `step_at` and is taken `now`.

    It waits for a digest, so that several duties are one message; what is urgent does not, nor what would
    come too late by then.
    """
    if urgent:
        return allowed_from(now, house, urgent=True)
    digest = next_digest(step_at, house)
    if digest <= now or digest >= occurrence.due_at:
        return allowed_from(now, house)
    return digest


def waits_until(notice: str | None, arguments: str, *, house: House, now: datetime) -> datetime | None:
    """When a letter to staff that was late may go, if not now; None for all others."""
    if notice not in TIMED:
        return None
    moment = allowed_from(now, house, urgent="urgent" in json.loads(arguments))
    return moment if moment > now else None


def _silent_until(now: datetime, house: House) -> datetime | None:
    """The end of the quiet hours that `now` falls into; None outside of them."""
    rules, local = house.duties.reminding, house.local(now)
    clock, first, last = local.time(), rules.quiet_from, rules.quiet_until
    if first == last:
        return None
    if not (first <= clock < last if first < last else clock >= first or clock < last):
        return None
    return _at(local.date() if clock < last else local.date() + _DAY, last, house)


def _at(day: date, clock: time, house: House) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZoneInfo(house.hospital.timezone)).astimezone(UTC)
