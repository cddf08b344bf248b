"""A case is opened from a hand-in that was kept at first: by an officer who means it, never by itself."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from nlp.reading import Verdict
from nlp.taxonomy import Category, Intent
from storage.cases import Case
from storage.errors import HandInMoved
from storage.event_names import EventName
from storage.events import record_event
from storage.hand_ins.moving import move_hand_in
from storage.hand_ins.rows import HandIn
from storage.house import House
from storage.intake import open_case
from storage.members import Member
from storage.moves import actor
from storage.routing import Routing
from storage.staff.employees import Employee

KEPT_FIRST = Verdict(Intent.REPORT, (Category.RED_ENVELOPE,), False, 1.0, False, ())
"""How such a case reads: an officer said so."""


def open_case_from(
    session: Session, row: HandIn, member: Member, text: str, routing: Routing, *, version: int, house: House,
    now: datetime,
) -> Case:  # fmt: skip
    """The case; its giver is left out, and one of the discipline office makes it a sealed one.

    `text` tells what is to be looked into, `routing` where such a text goes. Raises HandInMoved unless it is
    marked as kept first and has no case yet.
    """
    if not row.kept_first or row.case_id is not None:
        raise HandInMoved("no case is to be opened from it")
    giver = session.get(Employee, row.employee_id) if row.employee_id is not None else None
    left_out = {*routing.left_out_people} | ({giver.member_id} if giver and giver.member_id else set())
    inside = giver is not None and giver.office == house.hospital.discipline_office
    kept_apart = replace(
        routing, left_out_people=tuple(sorted(left_out)), sealed=routing.sealed or inside,
        supporting=() if inside else routing.supporting,
    )  # fmt: skip
    opened = open_case(session, text, verdict=KEPT_FIRST, routing=kept_apart, house=house, now=now)
    move_hand_in(session, row, version, case_id=opened.case_id)
    record_event(
        session, actor(member), EventName.HAND_IN_CASE, case_id=opened.case_id, now=now, hand_in=row.id
    )
    case = session.get(Case, opened.case_id)
    assert case is not None
    return case
