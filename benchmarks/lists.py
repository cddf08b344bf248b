"""How long an officer's list takes to open, by how many cases there are."""

import secrets
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlmodel import Session

from bot.data_folder import open_folder
from bot.settings import load_settings
from nlp.taxonomy import Intent
from storage.cases import Case, Status
from storage.hospital import Hospital
from storage.lists import Listing, list_cases
from storage.members import Member, Role, add_member

_NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


def seconds_to_open(folder: Path, cases: int, rounds: int = 200) -> float:
    """Median seconds for the first page of 本科室 and of 超期 with so many open cases in one office."""
    data = open_folder(folder, load_settings(data=folder))
    office = data.house.hospital.discipline_office
    with Session(data.engine) as session, session.begin():
        session.execute(insert(Case), [_case(number, office) for number in range(cases)])
        member = add_member(
            session, sender="officer", channel="web", address="officer", name="officer", office=office,
            role=Role.OFFICER, vault=data.vault, now=_NOW,
        )  # fmt: skip
        session.flush()
        times = [_open(session, data.house.hospital, member) for _ in range(rounds)]
    data.close()
    return statistics.median(times)


def _open(session: Session, hospital: Hospital, member: Member) -> float:
    session.expire_all()
    started = time.perf_counter()
    for listing in (Listing.OFFICE, Listing.OVERDUE):
        list_cases(session, listing, member, hospital=hospital, now=_NOW)
    return time.perf_counter() - started


def _case(number: int, office: str) -> dict[str, object]:
    at = _NOW - timedelta(minutes=number)
    return {
        "uid": secrets.token_hex(8), "receipt": secrets.token_hex(16), "year": 2026, "received_at": at,
        "status": Status.RECEIVED, "intent": Intent.REPORT, "categories": "red_envelope", "version": 0,
        "lead_office": office, "due_at": at + timedelta(days=3), "unsure": False, "urgent": False,
        "sealed": False,
    }  # fmt: skip
