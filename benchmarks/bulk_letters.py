"""Letters for the fan-out: patients who are asked, staff who are told what they owe."""

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session

from benchmarks.bot_api import FIRST_CHAT
from scheduler.duties import remind_people, sweep_occurrences
from storage.duties.book import Proof
from storage.duties.occurrences import Occurrence
from storage.followup.answering import ASK, open_now, survey_audience
from storage.followup.discharges import Discharge, keep_sealed, number_hash
from storage.followup.surveys import Survey
from storage.hospital_followup import Kind
from storage.house import House
from storage.identity import chat_hash, sender_hash
from storage.members import Role, add_member
from storage.outbox import announce
from storage.staff.employees import add_employee


def survey_letters(session: Session, chats: int, house: House, now: datetime) -> None:
    """Patients who have joined on Telegram, each with a survey that was just handed out."""
    plan = next(one for one in house.hospital.followup.plans if one.kind == "satisfaction")
    for number in range(chats):
        discharge = _discharge(str(FIRST_CHAT + number), house, now)
        session.add(discharge)
        session.flush()
        survey = Survey(
            discharge_id=discharge.id or 0, plan=plan.key, plan_version="", kind=Kind.SATISFACTION,
            department=discharge.department, due_at=now,
        )  # fmt: skip
        session.add(survey)
        session.flush()
        open_now(session, survey, chat=discharge.chat, reached=False, house=house, now=now)
        announce(session, survey_audience(survey.id or 0), ASK, now=now, survey=survey.id)


def _discharge(address: str, house: House, now: datetime) -> Discharge:
    discharge = Discharge(
        uid=secrets.token_hex(8), number_hash=number_hash(house.vault, address), number=b"",
        department="骨科", discharged_at=now, consent=True, channel="telegram",
        chat=chat_hash(house.vault, "telegram", address), changed_at=now,
    )  # fmt: skip
    keep_sealed(discharge, "number", address, vault=house.vault)
    keep_sealed(discharge, "address", address, vault=house.vault)
    return discharge


def duty_letters(session: Session, chats: int, house: House, now: datetime) -> None:
    """Staff who have joined on Telegram; a duty of the sample that everybody owes is given out."""
    places = house.hospital.places
    for number in range(chats):
        address, office = str(FIRST_CHAT + number), places[number % len(places)]
        sender = sender_hash(house.vault, "telegram", address)
        member = add_member(
            session, sender=sender, channel="telegram", address=address, name="职工", office=office,
            role=Role.STAFF, vault=house.vault, now=now,
        )  # fmt: skip
        add_employee(session, "职工", office, member_id=member.id, vault=house.vault, now=now)
    duty = next(one for one in house.duties.duties if one.owed_by.everyone and one.done is Proof.READING)
    morning = now.replace(hour=0, minute=30, second=0, microsecond=0)  # 08:30 in Shanghai
    occurrence = Occurrence(
        duty=duty.key, period="bench", title=duty.title, proof=duty.done, opens_at=morning, next_at=morning,
        due_at=now + timedelta(days=9), changed_at=now,
    )  # fmt: skip
    session.add(occurrence)
    session.flush()
    while sweep_occurrences(session, house=house, now=now):
        pass
    while remind_people(session, house=house, now=now):
        pass
