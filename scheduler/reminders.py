"""Reminds of limits at 50, 80 and 100 percent, then every working day, further up each time."""

from datetime import datetime

from sqlmodel import Session

from storage.access import keeper_of
from storage.cases import Case, Part, Status, offices_of
from storage.clocks import advance, due_reminders
from storage.house import House
from storage.outbox import announce

_TO_HEADS, _TO_DISCIPLINE = 80, 100


def remind_of_limits(session: Session, *, house: House, now: datetime) -> int:
    """Leaves word of every limit that is due to be remembered; returns how many clocks."""
    clocks = due_reminders(session, now=now)
    for clock in clocks:
        case = session.get(Case, clock.case_id)
        percent = advance(session, clock, house=house, now=now)
        if case is None or case.status is Status.CLOSED:
            clock.done_at = now
            continue
        for audience in audiences(session, case, percent, house=house):
            announce(
                session, audience, "case.reminder", case_id=case.id, now=now, kind=clock.kind, percent=percent
            )
    return len(clocks)


def audiences(session: Session, case: Case, percent: int, *, house: House) -> list[str]:
    """Assignee (or office), from 80 % the office's head, from 100 % the discipline office.

    A sealed case is spoken of to supervisors alone; an office that is left out hears nothing.
    """
    if case.sealed:
        return ["supervisors"]
    assert case.id is not None
    told = [keeper_of(session, case, house.hospital)]
    if percent >= _TO_HEADS:  # with the office itself the heads on duty are told already
        heads = "heads" if told[0].startswith("office:") else "every_head"
        told.append(f"{heads}:{case.lead_office}")
    discipline = house.hospital.discipline_office
    if percent >= _TO_DISCIPLINE and discipline != case.lead_office:
        named = discipline in offices_of(session, case.id, Part.LEFT_OUT)
        told.append("supervisors" if named else f"office:{discipline}")
    return told
