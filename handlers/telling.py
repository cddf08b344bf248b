"""Whether somebody may hear of a case at the moment a letter about it is sent or redrawn."""

from sqlmodel import Session

from storage.access import may_see
from storage.cases import Case, Part, offices_of, people_left_out
from storage.hospital import Hospital
from storage.letters import Letter
from storage.members import Member, Right, may, members_of, reads_along
from storage.messages import Reply


def may_be_told(session: Session, case: Case, office: str, member: Member | None, hospital: Hospital) -> bool:
    """Whether a card without content may stand in this chat: a member's, or else the office's group."""
    if member is not None and may_see(session, case, member, hospital):
        return True
    if is_left_out(session, case, office, member):
        return False
    watches = case.urgent and office == hospital.discipline_office
    return watches or _is_concerned(session, case, office, hospital)


def is_left_out(session: Session, case: Case, office: str, member: Member | None) -> bool:
    """Whether this member, or anybody who reads in the group of this office, must not know of the case."""
    assert case.id is not None
    if office in offices_of(session, case.id, Part.LEFT_OUT):
        return True
    if case.sealed and (member is None or not may(member, Right.EVERY_CASE)):
        return True
    left_out = people_left_out(session, case.id)
    if member is None:
        return reads_along(session, office, left_out)
    return not may(member, Right.HANDLE) or member.id in left_out


def must_not_know(case: Case, letter: Letter, session: Session) -> bool:
    """Whether whoever a letter was addressed to may not even hear of the case by now."""
    kind, _, name = (letter.audience or "").partition(":")
    if kind == "group":
        return is_left_out(session, case, name, None)
    if kind != "member":
        return False
    member = member_addressed(letter, session)
    return member is None or is_left_out(session, case, member.office, member)


def may_read_again(letter: Letter, reply: Reply, session: Session, hospital: Hospital) -> bool:
    """Whether what was written out for a member about a case may be handed to them (once more) now."""
    case = session.get(Case, letter.case_id) if letter.case_id is not None else None
    kind, _, _ = (letter.audience or "").partition(":")
    if case is None or kind != "member":
        return True
    member = member_addressed(letter, session)
    if member is None or is_left_out(session, case, member.office, member):
        return False
    shows_content = reply.opened or reply.about is not None or bool(reply.files)
    return not shows_content or may_see(session, case, member, hospital)


def opens(case: Case, audience: str, session: Session, hospital: Hospital) -> bool:
    """Whether a button to open the case would open it here, and not only lead to a refusal."""
    kind, _, name = audience.partition(":")
    if kind == "member":
        member = session.get(Member, int(name))
        return member is not None and may_see(session, case, member, hospital)
    return _is_concerned(session, case, name, hospital)


def member_addressed(letter: Letter, session: Session) -> Member | None:
    """The member a letter is for; None where it is for a group or a reporter."""
    kind, _, name = (letter.audience or "").partition(":")
    return session.get(Member, int(name)) if kind == "member" and name.isdecimal() else None


def _is_concerned(session: Session, case: Case, office: str, hospital: Hospital) -> bool:
    """Whether the office leads or supports; the discipline office stands in where nobody has joined."""
    if office in (case.lead_office, *offices_of(session, case.id or 0, Part.SUPPORTING)):
        return True
    return office == hospital.discipline_office and not members_of(session, case.lead_office)
