"""Tells officers of content that goes soon, and destroys what has had its days, slice by slice."""

from datetime import datetime

from sqlmodel import Session

from storage.access import covered_offices
from storage.cases import Case
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.house import House
from storage.marks import read_mark, set_mark
from storage.members import Member, Right, handling_members, is_head_or_supervisor, may
from storage.outbox import announce
from storage.retention import Content, due_for_warning, forget_rating_words, purge_due

WARNING = "retention.warning"
_LAST_DAY = "retention:day"


def begin_day(session: Session, *, house: House, now: datetime) -> bool:
    """Whether today's sweep is still to be made, and takes it: once a local day, from the morning on.

    Restarts change nothing about it, so nobody is told twice a day, nor woken at night.
    """
    local = house.local(now)
    today = local.date().isoformat().encode()
    if local.time() < house.hospital.clocks.day_starts or read_mark(session, _LAST_DAY) == today:
        return False
    set_mark(session, _LAST_DAY, today)
    return True


def warn_of_purge(session: Session, *, house: House, now: datetime) -> int:
    """Leaves word of what goes in some days, one message for each officer; returns how many cases.

    Told are whoever handles a case, else those of its office who are on duty, and the heads, who alone can
    keep it. Never a group.
    """
    rules = house.hospital.retention
    told: dict[int, list[int]] = {}
    cases = due_for_warning(session, rules, now=now)
    staff = _Staff(session, house) if cases else None
    for case in cases:
        for member in staff.told_of(case) if staff else ():
            told.setdefault(member.id or 0, []).append(case.id or 0)
        case.warned_at = now
        session.add(case)
        record_event(session, SYSTEM, EventName.PURGE_WARNED, case_id=case.id, now=now, days=rules.warning)
    for member_id, case_ids in told.items():
        announce(session, f"member:{member_id}", WARNING, now=now, cases=case_ids)
    return len(cases)


def destroy_the_old(session: Session, *, house: House, now: datetime) -> list[Content]:
    """The next slice of what goes; empty when all is done. The caller deletes the files after the commit."""
    return purge_due(session, house.hospital.retention, now=now)


def forget_words_of_ratings(session: Session, *, house: House, now: datetime) -> int:
    """The next slice of ratings whose words go."""
    return forget_rating_words(session, house.hospital.retention, now=now)


class _Staff:
    """Who works for which office, read once for a whole sweep; what a member may not see is left out when
    the message is written."""

    def __init__(self, session: Session, house: House) -> None:
        self._offices = {
            member.id: (member, covered_offices(session, member, house.hospital))
            for member in handling_members(session)
        }

    def told_of(self, case: Case) -> list[Member]:
        """Whoever handles the case, else those on duty, and all who can hold it; supervisors if sealed."""
        able = [
            member
            for member, offices in self._offices.values()
            if (may(member, Right.EVERY_CASE) if case.sealed else case.lead_office in offices)
        ]
        keeper = [member for member in able if member.id == case.assignee_id]
        near = keeper or [member for member in able if member.on_duty] or able
        heads = [member for member in able if is_head_or_supervisor(member)]
        return list({member.id: member for member in [*near, *heads]}.values())
