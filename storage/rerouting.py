"""After an addition: what is newly known moves a case away from whoever is now named in it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from nlp.reading import Verdict
from nlp.taxonomy import Intent
from storage.cards import refresh_cards
from storage.cases import Case, CaseOffice, Cause, LeftOutPerson, Part, Status, offices_of, people_left_out
from storage.clocks import earliest_due
from storage.event_names import ONLOOKERS
from storage.events import RECATEGORISED, SYSTEM, UNDONE, Event, case_history, record_event
from storage.house import House
from storage.intake import announce_case, put_offices
from storage.keeping import find_keeper
from storage.members import handling_members
from storage.moves import restart_triage
from storage.redirecting import forget_what_was_shown
from storage.routing import Routing


def reconsider(
    session: Session, case: Case, *, verdict: Verdict, routing: Routing, house: House, now: datetime
) -> None:
    """After an addition: what is newly known moves the case away from whoever is now named in it.

    Nobody who was left out comes back in, and what was urgent or sealed stays so. As long as no officer
    has decided anything, a new subject also takes the case to the office that leads it.
    """
    assert case.id is not None
    before = offices_of(session, case.id, Part.LEFT_OUT)
    left_out = {*before, *routing.left_out_offices}
    new_offices = left_out.difference(before)
    new_people = set(routing.left_out_people) - people_left_out(session, case.id)
    _name_the_recused(session, case.id, routing.left_out_people)
    seals = routing.sealed or house.hospital.discipline_office in left_out
    told = _learn(session, case, verdict)
    lead = house.hospital.discipline_office if seals or routing.lead in left_out else routing.lead
    accused = case.lead_office in new_offices or case.assignee_id in new_people
    moved = (seals and not case.sealed) or accused or (told and lead != case.lead_office)
    if not (seals or told or case.lead_office in left_out):
        lead = case.lead_office  # only the person is out: the office goes on
    grew_urgent = verdict.urgent and not case.urgent
    supporting = set(routing.supporting) - left_out - {lead} if told and not seals else set()
    supporting -= {*offices_of(session, case.id, Part.SUPPORTING)}
    put_offices(session, case.id, tuple(supporting), tuple(new_offices), tuple(new_people))
    case.urgent, case.sealed = case.urgent or verdict.urgent, case.sealed or seals
    if moved:
        _hand_over(session, case, lead, house=house, now=now)
    if (moved or grew_urgent) and case.same_as is None:  # of a copy nobody hears by itself
        announce_case(
            session, case.id, case.lead_office, urgent=case.urgent, sealed=case.sealed, house=house, now=now
        )
    session.add(case)
    session.flush()
    if new_offices or new_people or moved or grew_urgent:
        refresh_cards(session, case.id, now=now)
    if new_offices or new_people:
        out = [one for one in handling_members(session) if one.id in new_people or one.office in new_offices]
        forget_what_was_shown(session, out, vault=house.vault)
    if new_people and case.same_as is None:
        find_keeper(session, case, house=house, now=now)


def _name_the_recused(session: Session, case_id: int, named: Sequence[int]) -> None:
    """Who stepped back and is named now stays out for good: that no supervisor can lift."""
    if named:
        recused = (col(LeftOutPerson.case_id) == case_id, col(LeftOutPerson.member_id).in_(named))
        session.execute(update(LeftOutPerson).where(*recused).values(cause=Cause.NAMED))


def _learn(session: Session, case: Case, verdict: Verdict) -> bool:
    """Keeps the categories that the whole text shows now; True if they are new and nobody has decided.

    What an officer said the case is about holds.
    """
    assert case.id is not None
    known = case.all_categories
    new = [category for category in verdict.categories if category not in known]
    history = case_history(session, case.id)
    decided = case.status is not Status.RECEIVED or any(
        event.actor.startswith("member:") and event.action not in ONLOOKERS for event in history
    )
    if not new or (decided and known) or _was_corrected(history):
        return False
    rest = (category for category in known if category not in verdict.categories)
    case.categories, case.unsure = ",".join([*verdict.categories, *rest]), verdict.unsure
    case.intent = Intent.REPORT if verdict.intent is Intent.REPORT else case.intent
    return not decided


def _was_corrected(history: list[Event]) -> bool:
    said = [event.action for event in history if event.action in (RECATEGORISED, UNDONE)]
    return said[-1:] == [RECATEGORISED]


def _hand_over(session: Session, case: Case, lead: str, *, house: House, now: datetime) -> None:
    """The case starts anew in the office where it belongs."""
    assert case.id is not None
    before, case.lead_office = case.lead_office, lead
    supports = session.get(CaseOffice, (case.id, lead))
    if supports is not None and supports.part is Part.SUPPORTING:
        session.delete(supports)
    case.assignee_id, case.version = None, case.version + 1
    if case.status is not Status.CLOSED:
        case.status = Status.RECEIVED
    if case.status is not Status.CLOSED and case.same_as is None:
        restart_triage(session, case, house=house, now=now)
        case.due_at = earliest_due(session, case.id)
    record_event(
        session,
        SYSTEM,
        "rerouted",
        case_id=case.id,
        now=now,
        before=before,
        lead=lead,
        sealed=case.sealed,
    )
