"""Looks after the trail: tells what strangers tried, and gives its head out of the house now and then."""

from datetime import datetime

from sqlmodel import Session

from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.house import House
from storage.marks import read_mark, set_mark
from storage.members import supervisors
from storage.outbox import announce
from storage.tallies import tell_tallies

_LAST_SENT = "trail:head"
_PERIODS = {"weekly": "%G-W%V", "monthly": "%Y-%m"}


def tend_trail(session: Session, *, house: House, now: datetime) -> bool:
    """Writes what was counted, and sends the head to the supervisors when it is time; whether it did."""
    tell_tallies(session, now=now)
    return _send_head(session, house, now)


def _send_head(session: Session, house: House, now: datetime) -> bool:
    """Once a week or month, in office hours, as soon as there is a supervisor.

    In a chat it is out of reach of whoever holds this machine: a trail that is cut off or built anew later
    does not fit it any more.
    """
    often = house.hospital.trail.head_to_supervisors
    if often == "never" or not _is_office_hour(house, now):
        return False
    local = house.local(now)
    period = f"{often} {local:{_PERIODS[often]}}".encode()
    if read_mark(session, _LAST_SENT) == period or not supervisors(session):
        return False
    set_mark(session, _LAST_SENT, period)
    record_event(session, SYSTEM, EventName.HEAD_SENT, now=now)
    announce(session, "supervisors", "trail.head", now=now)
    return True


def _is_office_hour(house: House, now: datetime) -> bool:
    local, clocks = house.local(now), house.hospital.clocks
    return house.calendar.is_working_day(local.date()) and clocks.day_starts <= local.time() < clocks.day_ends
