"""An officer says what a case is about: now offices, limits, urgency and seal follow that category."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from nlp.masking import mask
from nlp.reading import Verdict
from storage.cases import Case, CaseOffice, Outcome, Part, Status, offices_of
from storage.clocks import Clock, Limit, limits_for, running_clocks, start_clocks, stop_clocks
from storage.corrections import MOST, Correction, Meaning, drop_correction, keep_correction, last_correction
from storage.entries import reported_text
from storage.errors import CaseMoved
from storage.events import RECATEGORISED, UNDONE, case_history, record_event
from storage.following import spread
from storage.hospital import Hospital
from storage.house import House
from storage.members import Member
from storage.moves import actor, move, settle
from storage.rerouting import reconsider
from storage.routing import Person, Routing, route


def correct_category(
    session: Session,
    case: Case,
    member: Member,
    meant: Meaning,
    *,
    said: Meaning,
    lists: str,
    people: Sequence[Person],
    house: House,
    now: datetime,
) -> None:
    """改分类: the case stands under what the officer `meant`; what the reader `said` is kept with it.

    Supporting offices, limits, urgency and seal follow; the lead office stays, unless the case becomes
    sealed or the text names that office. What is urgent or sealed already stays so. Raises CaseMoved.
    """
    assert case.id is not None
    assert member.id is not None
    text = reported_text(session, case.id, vault=house.vault)
    before = _as_it_stands(session, case)
    _put_under(session, case, meant, unsure=False, now=now)
    keep_correction(
        session, case.id, member_id=member.id, said=said, meant=meant, lists=lists, before=before,
        excerpt=mask(text[:MOST]), vault=house.vault, now=now,
    )  # fmt: skip
    codes = {"was": _codes(before["intent"], before["categories"]), "became": _codes(*meant)}
    record_event(session, actor(member), RECATEGORISED, case_id=case.id, now=now, **codes)
    _apply_rules(session, case, text, people, house=house, now=now)


def undo_correction(
    session: Session, case: Case, member: Member, *, people: Sequence[Person], house: House, now: datetime
) -> None:
    """撤销: the case stands as before the last correction, which is forgotten.

    A case that was sealed by it stays sealed, and whoever was left out stays out. Raises CaseMoved where
    there is nothing to take back.
    """
    assert case.id is not None
    correction = last_correction(session, case.id)
    if correction is None:
        raise CaseMoved("nothing to take back")
    before = json.loads(correction.before)
    meant = Meaning(before["intent"], tuple(before["categories"]))
    was = _as_it_stands(session, case)
    _put_under(session, case, meant, unsure=before["unsure"], now=now)
    if not _added_since(session, case.id, correction):
        case.urgent = before["urgent"]
    drop_correction(session, correction)
    codes = {"was": _codes(was["intent"], was["categories"]), "became": _codes(*meant)}
    record_event(session, actor(member), UNDONE, case_id=case.id, now=now, **codes)
    text = reported_text(session, case.id, vault=house.vault)
    _apply_rules(session, case, text, people, house=house, now=now)


def usual_lead(case: Case, hospital: Hospital) -> str:
    """The office that leads a case of this category, whoever leads this one now."""
    return _routed(case, hospital, "", ()).lead


def _as_it_stands(session: Session, case: Case) -> dict[str, Any]:
    return {
        "intent": case.intent.value,
        "categories": [category.value for category in case.all_categories],
        "unsure": case.unsure,
        "urgent": case.urgent,
    }


def _put_under(session: Session, case: Case, meant: Meaning, *, unsure: bool, now: datetime) -> None:
    if case.outcome is Outcome.WITHDRAWN:
        raise CaseMoved("the case is withdrawn")
    values = {"intent": meant.intent, "categories": ",".join(meant.categories), "unsure": unsure}
    move(session, case, tuple(Status), values, now=now)


def _codes(intent: str, categories: Sequence[str]) -> str:
    return ",".join(categories) or str(intent)


def _apply_rules(
    session: Session, case: Case, text: str, people: Sequence[Person], *, house: House, now: datetime
) -> None:
    """Offices, seal, urgency and limits of the category; who is named in the text is looked for anew."""
    routing = _routed(case, house.hospital, text, people)
    urgent = case.urgent or any(category.always_urgent for category in case.all_categories)
    verdict = Verdict(case.intent, case.all_categories, urgent, unsure=case.unsure)
    reconsider(session, case, verdict=verdict, routing=routing, house=house, now=now)
    _put_supporting(session, case, routing)
    if case.status is not Status.CLOSED:
        _follow_limits(session, case, house=house, now=now)
    settle(session, case, now=now)
    spread(session, case, house=house, now=now)


def _routed(case: Case, hospital: Hospital, text: str, people: Sequence[Person]) -> Routing:
    return route(
        hospital, categories=case.all_categories, intent=case.intent, unsure=case.unsure, text=text,
        people=people,
    )  # fmt: skip


def _put_supporting(session: Session, case: Case, routing: Routing) -> None:
    """The offices that support this category, in place of those of the category before."""
    assert case.id is not None
    out = {case.lead_office, *offices_of(session, case.id, Part.LEFT_OUT)}
    wanted = set() if case.sealed else set(routing.supporting) - out
    known = set(offices_of(session, case.id, Part.SUPPORTING))
    for office in known - wanted:
        session.delete(session.get(CaseOffice, (case.id, office)))
    session.add_all(CaseOffice(case_id=case.id, office=one, part=Part.SUPPORTING) for one in wanted - known)
    session.flush()


def _follow_limits(session: Session, case: Case, *, house: House, now: datetime) -> None:
    """The limits of this kind of case; one that ran before counts from its old start, so nothing is won."""
    assert case.id is not None
    several = bool(offices_of(session, case.id, Part.SUPPORTING))
    limits = limits_for(case.intent, several, house.hospital.clocks)
    running = {clock.kind: clock.days for clock in running_clocks(session, case.id)}
    for kind in (Limit.DECIDE, Limit.NOTICE, Limit.ANSWER):
        wanted = limits.get(kind) if kind is Limit.ANSWER or case.status is Status.RECEIVED else None
        if wanted == running.get(kind):
            continue
        started = _started(session, case.id, kind) or now
        stop_clocks(session, case.id, kind, now=now)
        if wanted is not None:
            start_clocks(session, case.id, {kind: wanted}, house=house, now=started)


def _started(session: Session, case_id: int, kind: Limit) -> datetime | None:
    earlier = select(Clock.started_at).where(Clock.case_id == case_id, Clock.kind == kind)
    return session.exec(earlier.order_by(col(Clock.id).desc()).limit(1)).first()


def _added_since(session: Session, case_id: int, correction: Correction) -> bool:
    """Whether the reporter wrote more meanwhile: what made the case urgent then is not known apart."""
    history = case_history(session, case_id)
    return any(event.action == "added" and event.at >= correction.corrected_at for event in history)
