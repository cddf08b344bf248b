"""Cases that were told before somebody joined the staff, and name them, are kept from them as well."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from nlp.normalise import normalise
from nlp.reading import Verdict
from storage.access import covered_offices
from storage.cases import Case, CaseOffice
from storage.entries import reported_text
from storage.house import House
from storage.members import Member, Right, may, name_of
from storage.mentions import plain_name, surname
from storage.regrouping import mend_group
from storage.rerouting import reconsider
from storage.routing import Person, route


def look_through_cases(
    session: Session, newcomer: Member, people: Sequence[Person], *, house: House, now: datetime
) -> None:
    """Routes again every case in reach of a newcomer whose text has their name, surname or nickname in it.

    `people` is everybody on the staff by now. Without this a report that came before its accused joined,
    or while they were off the list, would lie open to them. Nothing lies open to who handles no cases: they
    are looked for once they do.
    """
    if not may(newcomer, Right.HANDLE):
        return
    name = plain_name(name_of(newcomer, vault=house.vault))
    called = {surname(name) or name} | {
        plain_name(nickname)
        for nickname, means in house.hospital.nicknames.items()
        if plain_name(means) == name
    }
    routed: list[Case] = []
    for case in session.exec(_in_reach(session, newcomer, house)).all():
        text = reported_text(session, case.id or 0, vault=house.vault)
        plain = normalise(text).text.replace(" ", "")
        if any(one in plain for one in called):
            _route_again(session, case, text, people, house=house, now=now)
            routed.append(case)
    for case in routed:
        mend_group(session, case, house=house, now=now)


def look_through_case(
    session: Session, case: Case, people: Sequence[Person], *, house: House, now: datetime
) -> None:
    """Routes one case again that is about to come in reach of others, some of whom joined after it."""
    look_through_all(session, [case], people, house=house, now=now)


def look_through_all(
    session: Session, cases: Sequence[Case], people: Sequence[Person], *, house: House, now: datetime
) -> None:
    """The same for many. Groups of the same words are mended last: what moves alike stays together."""
    for case in cases:
        text = reported_text(session, case.id or 0, vault=house.vault)
        _route_again(session, case, text, people, house=house, now=now)
    for case in cases:
        mend_group(session, case, house=house, now=now)


def _route_again(
    session: Session, case: Case, text: str, people: Sequence[Person], *, house: House, now: datetime
) -> None:
    verdict = Verdict(case.intent, case.all_categories, case.urgent, unsure=case.unsure)
    routing = route(
        house.hospital, categories=case.all_categories, intent=case.intent, unsure=case.unsure, text=text,
        people=people,
    )  # fmt: skip
    reconsider(session, case, verdict=verdict, routing=routing, house=house, now=now)


def _in_reach(session: Session, newcomer: Member, house: House) -> SelectOfScalar[Case]:
    every = select(Case).where(col(Case.purged_at).is_(None)).order_by(col(Case.id))
    if may(newcomer, Right.EVERY_CASE):
        return every
    supports = select(CaseOffice.case_id).where(CaseOffice.office == newcomer.office)
    leads = col(Case.lead_office).in_(covered_offices(session, newcomer, house.hospital))
    return every.where(or_(leads, col(Case.id).in_(supports)))
