"""Who may know of a case: offices on it, never the accused; a refusal reads like "no such case"."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, or_
from sqlmodel import Session, col, select

from storage.cases import Case, CaseOffice, LeftOutPerson, Part, offices_of, parse_number
from storage.errors import NoSuchCase
from storage.hospital import Hospital
from storage.members import Member, Right, handling_members, may
from storage.refusals import note_refusal
from storage.rights import roles_with


def covered_offices(session: Session, member: Member, hospital: Hospital) -> tuple[str, ...]:
    """The offices a member works for: their own; for the discipline office also those without members.

    Without the latter a report for an office without members would be read by nobody. Who handles no
    cases works for none, and does not make an office manned.
    """
    if not may(member, Right.HANDLE):
        return ()
    if member.office != hospital.discipline_office:
        return (member.office,)
    return (member.office, *unmanned_offices(session, hospital))


def unmanned_offices(session: Session, hospital: Hospital) -> tuple[str, ...]:
    """The offices where nobody has joined who may handle cases."""
    able = col(Member.role).in_(roles_with(Right.HANDLE))
    manned = set(session.exec(select(Member.office).where(able, col(Member.active)).distinct()))
    return tuple(office.name for office in hospital.offices if office.name not in manned)


def may_see(session: Session, case: Case, member: Member, hospital: Hospital) -> bool:
    """Whether a member may open a case; `visible_to` says the same for the database.

    Sealed cases are for supervisors. Others are for the lead and the supporting offices, and for
    supervisors. Nobody who is left out, by person or office, ever sees one, and nobody whose role
    handles no cases.
    """
    assert case.id is not None
    if not may(member, Right.HANDLE) or session.get(LeftOutPerson, (case.id, member.id)) is not None:
        return False
    if member.office in offices_of(session, case.id, Part.LEFT_OUT):
        return False
    if may(member, Right.EVERY_CASE):
        return True
    if case.sealed:
        return False
    if case.lead_office in covered_offices(session, member, hospital):
        return True
    return member.office in offices_of(session, case.id, Part.SUPPORTING)


def visible_to(session: Session, member: Member, hospital: Hospital) -> ColumnElement[bool]:
    """The condition on cases that `may_see` tests, for counting and listing many at once."""
    if not may(member, Right.HANDLE):
        return false()
    if may(member, Right.EVERY_CASE):
        return not_left_out(member)
    leads = col(Case.lead_office).in_(covered_offices(session, member, hospital))
    return and_(
        col(Case.sealed).is_(False), or_(leads, _has_part(member, Part.SUPPORTING)), not_left_out(member)
    )


def not_left_out(member: Member) -> ColumnElement[bool]:
    """The condition on cases that they leave out neither the person nor their office."""
    person = exists().where(col(LeftOutPerson.case_id) == Case.id, col(LeftOutPerson.member_id) == member.id)
    return and_(~person, ~_has_part(member, Part.LEFT_OUT))


def _has_part(member: Member, part: Part) -> ColumnElement[bool]:
    return exists().where(
        col(CaseOffice.case_id) == Case.id,
        col(CaseOffice.office) == member.office,
        col(CaseOffice.part) == part,
    )


def may_act(session: Session, case: Case, member: Member, hospital: Hospital) -> bool:
    """Whether a member may decide on a case: the lead office and supervisors."""
    leads = may(member, Right.EVERY_CASE) or case.lead_office in covered_offices(session, member, hospital)
    return leads and may_see(session, case, member, hospital)


def case_for(session: Session, number: str, member: Member, hospital: Hospital, *, now: datetime) -> Case:
    """The case with this number, if the member may know of it; raises NoSuchCase.

    The refusal stands in the trail, so whoever catches it catches it inside the transaction.
    """
    case_id = parse_number(number)
    case = session.get(Case, case_id) if case_id is not None else None
    if case is None or not may_see(session, case, member, hospital):
        asked = {"asked": case_id} if case is None and case_id is not None else {}
        note_refusal(session, member, "case", case_id=case.id if case else None, now=now, **asked)
        raise NoSuchCase("no such case")
    return case


def handlers_of(session: Session, case: Case, hospital: Hospital) -> list[Member]:
    """The members who may be given a case: of its office or of whoever covers it; supervisors if sealed."""
    everyone = handling_members(session)
    if case.sealed:
        near = [member for member in everyone if may(member, Right.EVERY_CASE)]
    else:
        near = [
            member for member in everyone if case.lead_office in covered_offices(session, member, hospital)
        ]
    return [member for member in near if may_see(session, case, member, hospital)]


def keeper_of(session: Session, case: Case, hospital: Hospital) -> str:
    """The audience that hears of a case: who handles it, else its office, supervisors where it is sealed."""
    if case.sealed:
        return "supervisors"
    member = session.get(Member, case.assignee_id) if case.assignee_id is not None else None
    if member is not None and may_see(session, case, member, hospital):
        return f"member:{member.id}"
    return f"office:{case.lead_office}"


def open_offices(session: Session, case: Case, offices: list[str]) -> list[str]:
    """The offices a case may be transferred to: all but the lead and those left out."""
    assert case.id is not None
    closed = {case.lead_office, *offices_of(session, case.id, Part.LEFT_OUT)}
    return [office for office in offices if office not in closed]
