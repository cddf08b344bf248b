"""Who may open what was handed in, and who may give it back."""

from sqlmodel import Session

from storage.duties.assignments import Assignment
from storage.duties.occurrences import Occurrence
from storage.duties.submissions import (
    Submission,
    SubmissionStage,
    assignment_of,
    find_submission,
    occurrence_for,
)
from storage.hospital import Hospital
from storage.house import House
from storage.members import Member, Right, Role, may, members_of
from storage.staff.employees import Employee, is_whole


def receiving_office(occurrence: Occurrence, hospital: Hospital) -> str:
    """The office that receives what is handed in."""
    return occurrence.to_office or hospital.discipline_office


def receives(session: Session, occurrence: Occurrence, member: Member, hospital: Hospital) -> bool:
    """Whether somebody looks at all that is handed in for an occurrence, and may give it back.

    The discipline office stands in for an office where nobody may handle anything.
    """
    office = receiving_office(occurrence, hospital)
    if may(member, Right.EVERY_CASE) or is_discipline_head(member, hospital):
        return True
    if not may(member, Right.HANDLE):
        return False
    stands_in = member.office == hospital.discipline_office and not members_of(session, office)
    return member.office == office or stands_in


def may_open(session: Session, submission: Submission, member: Member, hospital: Hospital) -> bool:
    """Whether somebody may read it: who handed it in, heads of that office, and whoever receives it.

    A draft, and what was withdrawn, is for nobody but whom it is from.
    """
    if _is_own(session, submission, member):
        return True
    if submission.stage in (SubmissionStage.DRAFT, SubmissionStage.WITHDRAWN):
        return False
    if heads(member, assignment_of(session, submission)):
        return True
    return receives(session, occurrence_for(session, submission), member, hospital)


def may_fetch_submission(session: Session, number: int, member: Member, house: House) -> bool:
    """Whether somebody may fetch the files of the submission with this number."""
    submission = find_submission(session, number)
    if submission is None or not may_open(session, submission, member, house.hospital):
        return False
    giver = session.get(Employee, submission.employee_id)
    own = giver is not None and giver.member_id == member.id
    return not own or (giver is not None and is_whole(giver, vault=house.vault))


def heads(member: Member, assignment: Assignment) -> bool:
    """Whether somebody is head of the office that owes this."""
    return member.active and member.role is Role.HEAD and member.office == assignment.office


def is_discipline_head(member: Member, hospital: Hospital) -> bool:
    """Whether somebody is head of the discipline office."""
    return member.active and member.role is Role.HEAD and member.office == hospital.discipline_office


def _is_own(session: Session, submission: Submission, member: Member) -> bool:
    employee = session.get(Employee, submission.employee_id)
    return employee is not None and member.active and employee.member_id == member.id
