"""Who may know of a case: offices on it, never the accused; a refusal reads like "no such case"."""

from sqlmodel import Session, col, select

from storage.cases import Case, LeftOutPerson, Part, offices_of, parse_number, people_left_out
from storage.errors import NoSuchCase
from storage.hospital import Hospital
from storage.members import Member, Role, members_of, supervisors


def covered_offices(session: Session, member: Member, hospital: Hospital) -> tuple[str, ...]:
    """The offices a member works for: their own; for the discipline office also those without members.

    Without the latter a report for an office without members would be read by nobody.
    """
    if member.office != hospital.discipline_office:
        return (member.office,)
    manned = set(session.exec(select(Member.office).where(col(Member.active)).distinct()))
    unmanned = [office.name for office in hospital.offices if office.name not in manned]
    return (member.office, *unmanned)


def may_see(session: Session, case: Case, member: Member, hospital: Hospital) -> bool:
    """Whether a member may open a case.

    Sealed cases are for supervisors. Others are for the lead and the supporting offices, and for
    supervisors. Nobody who is left out, by person or office, ever sees one.
    """
    assert case.id is not None
    if not member.active or session.get(LeftOutPerson, (case.id, member.id)) is not None:
        return False
    if member.office in offices_of(session, case.id, Part.LEFT_OUT):
        return False
    if member.role is Role.SUPERVISOR:
        return True
    if case.sealed:
        return False
    if case.lead_office in covered_offices(session, member, hospital):
        return True
    return member.office in offices_of(session, case.id, Part.SUPPORTING)


def may_act(session: Session, case: Case, member: Member, hospital: Hospital) -> bool:
    """Whether a member may decide on a case: the lead office and supervisors."""
    leads = member.role is Role.SUPERVISOR or case.lead_office in covered_offices(session, member, hospital)
    return leads and may_see(session, case, member, hospital)


def case_for(session: Session, number: str, member: Member, hospital: Hospital) -> Case:
    """The case with this number, if the member may know of it; raises NoSuchCase."""
    case_id = parse_number(number)
    case = session.get(Case, case_id) if case_id is not None else None
    if case is None or not may_see(session, case, member, hospital):
        raise NoSuchCase("no such case")
    return case


def handlers_of(session: Session, case: Case) -> list[Member]:
    """The members who may be given a case."""
    assert case.id is not None
    candidates = supervisors(session) if case.sealed else members_of(session, case.lead_office)
    left_out = people_left_out(session, case.id)
    return [member for member in candidates if member.id not in left_out]


def open_offices(session: Session, case: Case, offices: list[str]) -> list[str]:
    """The offices a case may be transferred to: all but the lead and those left out."""
    assert case.id is not None
    closed = {case.lead_office, *offices_of(session, case.id, Part.LEFT_OUT)}
    return [office for office in offices if office not in closed]
