"""A case in which somebody may die or be hurt: urgent at once, and told to whoever can act."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from nlp.crisis import Crisis
from storage.access import keeper_of
from storage.cards import refresh_cards
from storage.cases import Case, CaseOffice, Part, Status, offices_of
from storage.event_names import EventName
from storage.events import SYSTEM, Event, record_event
from storage.house import House
from storage.outbox import announce

_QUIET = timedelta(minutes=10)
"""After a push of one case, more words of danger in it push nothing for so long: whoever acts is on it."""


def mark_crisis(
    session: Session,
    case: Case,
    crisis: Crisis,
    *,
    announced: bool,
    accused: bool,
    house: House,
    now: datetime,
) -> None:
    """The case is urgent from here on, and whoever can act is told at once; groups learn no more than that.

    `announced`: the case was opened and told as an urgent one by the same message. Security is told of
    violence as well and supports the case, unless `accused` or the case is sealed.
    """
    assert case.id is not None
    told = _told_lately(session, case.id, now=now)
    case.urgent = True
    session.add(case)
    session.flush()
    if told:
        return
    record_event(session, SYSTEM, EventName.CRISIS, case_id=case.id, now=now, violent=crisis.is_violent)
    audiences = [] if announced else _audiences(session, case, house)
    if crisis.is_violent and not accused:
        audiences += _security(session, case, house)
    for audience in dict.fromkeys(audiences):
        announce(session, audience, "case.crisis", case_id=case.id, now=now)
    refresh_cards(session, case.id, now=now)


def tells_of_danger(session: Session, case: Case) -> bool:
    """Whether words of danger to somebody were heard in a case that is open."""
    return case.urgent and case.status is not Status.CLOSED and _last_heard(session, case.id or 0) is not None


def _told_lately(session: Session, case_id: int, *, now: datetime) -> bool:
    at = _last_heard(session, case_id)
    return at is not None and now - at < _QUIET


def _last_heard(session: Session, case_id: int) -> datetime | None:
    last = select(Event.at).where(Event.case_id == case_id, Event.action == EventName.CRISIS)
    return session.exec(last.order_by(col(Event.id).desc()).limit(1)).first()


def _audiences(session: Session, case: Case, house: House) -> list[str]:
    """Who handles the case, its office with the head, and the discipline office; supervisors if sealed."""
    if case.sealed:
        return ["supervisors"]
    told = [
        keeper_of(session, case, house.hospital),
        f"office:{case.lead_office}",
        f"heads:{case.lead_office}",
    ]
    discipline = house.hospital.discipline_office
    if discipline != case.lead_office:
        named = discipline in offices_of(session, case.id or 0, Part.LEFT_OUT)
        told.append("supervisors" if named else f"office:{discipline}")
    return told


def _security(session: Session, case: Case, house: House) -> list[str]:
    """The security office, which supports the case so that it can read what it must prevent."""
    office = house.hospital.security_office
    if not office or case.sealed or office == case.lead_office:
        return []
    assert case.id is not None
    known = session.get(CaseOffice, (case.id, office))
    if known is not None and known.part is Part.LEFT_OUT:
        return []
    if known is None:
        session.add(CaseOffice(case_id=case.id, office=office, part=Part.SUPPORTING))
        session.flush()
    return [f"office:{office}"]
