"""A case that nobody of its office may handle any more goes to discipline, else to supervisors alone."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage.access import handlers_of
from storage.cases import Case, CaseOffice, Part, Status, offices_of, people_left_out
from storage.events import SYSTEM, record_event
from storage.following import spread
from storage.hospital import Hospital
from storage.house import House
from storage.intake import announce_case
from storage.members import Member, members_of, supervisors
from storage.moves import OPEN, move, settle


def find_keeper(session: Session, case: Case, *, house: House, now: datetime) -> bool:
    """Moves an open case on where it lies with nobody; its state stays, and its clocks go on.

    Its copies (storage.copies) go with it. Discipline leads from here; where that office is left out or
    has nobody for it, the case is sealed.
    Returns whether it moved. Who would come to the case by this must have been looked for in its text.
    """
    if case.status is Status.CLOSED or case.same_as is not None or handlers_of(session, case, house.hospital):
        return False
    assert case.id is not None
    before, discipline = case.lead_office, house.hospital.discipline_office
    seals = case.sealed or not _able(session, case, discipline)
    supports = session.get(CaseOffice, (case.id, discipline))
    if supports is not None and supports.part is Part.SUPPORTING:
        session.delete(supports)
    values: dict[str, Any] = {"assignee_id": None, "lead_office": discipline, "sealed": seals}
    move(session, case, OPEN, values, now=now)
    record_event(
        session, SYSTEM, "rerouted", case_id=case.id, now=now, before=before, lead=discipline, sealed=seals
    )
    settle(session, case, now=now)
    spread(session, case, house=house, now=now)
    announce_case(session, case.id, discipline, urgent=case.urgent, sealed=seals, house=house, now=now)
    return True


def is_anybody_left(session: Session, case: Case, without: Member, hospital: Hospital) -> bool:
    """Whether an open case would still have somebody to handle it without this member, in any office."""
    if case.status is Status.CLOSED:
        return True
    assert case.id is not None
    out = offices_of(session, case.id, Part.LEFT_OUT)
    left_out = {*people_left_out(session, case.id), without.id}
    others = [
        *handlers_of(session, case, hospital),
        *(() if case.sealed else _able(session, case, hospital.discipline_office)),
        *(one for one in supervisors(session) if one.office not in out),
    ]
    return any(one.id not in left_out for one in others)


def _able(session: Session, case: Case, office: str) -> list[Member]:
    """The members of an office who could handle the case if that office led it."""
    assert case.id is not None
    if office in offices_of(session, case.id, Part.LEFT_OUT):
        return []
    left_out = people_left_out(session, case.id)
    return [member for member in members_of(session, office) if member.id not in left_out]
