"""The officers' lists: open cases of a person or an office, in the order in which they are due."""

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, select

from storage.access import covered_offices, not_left_out
from storage.cases import IS_OPEN, STANDS, Case, CaseOffice, Part
from storage.hospital import Hospital
from storage.members import Member, Right, may

PAGE = 8


class Listing(StrEnum):
    """MINE 我的, OFFICE 本科室, SUPPORTING 协办, TODAY 今日到期, OVERDUE 超期."""

    MINE = "mine"
    OFFICE = "office"
    SUPPORTING = "supporting"
    TODAY = "today"
    OVERDUE = "overdue"


def list_cases(
    session: Session, listing: Listing, member: Member, *, hospital: Hospital, page: int = 0, now: datetime
) -> tuple[list[Case], bool]:
    """One page of open cases that this member may see, and whether there are more.

    Copies (storage.copies) stand under the case they are handled with, not beside it.
    """
    conditions = [not_left_out(member), *_narrowed(listing, member, hospital, now)]
    wanted = (page + 1) * PAGE + 1
    found: list[Case] = []
    for owned in _owned(session, listing, member, hospital):  # one index range each, merged below
        rows = select(Case).where(IS_OPEN, STANDS, owned, *conditions)
        found += session.exec(rows.order_by(col(Case.due_at), col(Case.id)).limit(wanted))
    found.sort(key=_by_due)
    rest = found[page * PAGE :]
    return rest[:PAGE], len(rest) > PAGE


def _by_due(case: Case) -> tuple[bool, datetime, int]:
    return case.due_at is not None, case.due_at or case.received_at, case.id or 0


def _narrowed(
    listing: Listing, member: Member, hospital: Hospital, now: datetime
) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = []
    if not may(member, Right.EVERY_CASE):
        narrowed += [col(Case.sealed).is_(False)]
    if listing is Listing.TODAY:
        narrowed += [col(Case.due_at) > now, col(Case.due_at) <= _end_of_day(hospital, now)]
    if listing is Listing.OVERDUE:
        narrowed += [col(Case.due_at) <= now]
    return narrowed


def _owned(
    session: Session, listing: Listing, member: Member, hospital: Hospital
) -> list[ColumnElement[bool]]:
    if not may(member, Right.HANDLE):
        return []
    if listing is Listing.MINE:
        return [col(Case.assignee_id) == member.id]
    if listing is Listing.SUPPORTING:
        supports = exists().where(
            col(CaseOffice.case_id) == Case.id,
            col(CaseOffice.office) == member.office,
            col(CaseOffice.part) == Part.SUPPORTING,
        )
        return [supports]
    offices = {*covered_offices(session, member, hospital)}
    if may(member, Right.EVERY_CASE):
        offices.add(hospital.discipline_office)  # where sealed cases lie
    return [col(Case.lead_office) == office for office in sorted(offices)]


def _end_of_day(hospital: Hospital, now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo(hospital.timezone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
