"""Stays that ended, with their surveys laid out, for tests of when somebody is asked."""

from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from storage.followup.discharges import Discharge, keep_sealed, number_hash
from storage.followup.planning import planned_for
from storage.followup.replanning import lay_out
from storage.followup.surveys import Survey
from storage.house import House
from storage.identity import chat_hash

PHONE = "13800001234"
_numbers = count(1)


def local(text: str) -> datetime:
    """A moment in Shanghai: `local("2026-09-28 10:00")`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def make_stay(
    session: Session,
    house: House,
    discharged_at: datetime,
    *,
    department: str = "骨科",
    ward: str = "",
    channel: str = "sms",
    address: str = PHONE,
    phone: str = PHONE,
    consent: bool = True,
    now: datetime | None = None,
) -> Discharge:
    """A discharge as an import leaves it at `now` (the moment of leaving, if not told)."""
    number = f"N{next(_numbers)}"
    discharge = Discharge(
        uid=number, number_hash=number_hash(house.vault, number), department=department, ward=ward,
        discharged_at=discharged_at, consent=consent, changed_at=discharged_at, channel=channel,
        chat=chat_hash(house.vault, channel, address) if channel else None,
    )  # fmt: skip
    keep_sealed(discharge, "number", number, vault=house.vault)
    keep_sealed(discharge, "address", address if channel else "", vault=house.vault)
    keep_sealed(discharge, "phone", phone, vault=house.vault)
    session.add(discharge)
    session.flush()
    planned = planned_for(discharged_at, department, house=house, now=now or discharged_at)
    lay_out(session, discharge, planned)
    session.flush()
    return discharge


def surveys_of(session: Session, discharge: Discharge) -> dict[str, Survey]:
    """The surveys of a stay by their plan."""
    session.flush()
    found = session.exec(
        select(Survey).where(Survey.discharge_id == discharge.id).order_by(col(Survey.due_at))
    )
    return {survey.plan: survey for survey in found}
