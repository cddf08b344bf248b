"""A department with people, a patient who left it, and the letters that wait: for tests of tasks."""

import json
from typing import Any

from sqlmodel import Session, col, select

from storage.followup.surveys import Survey
from storage.house import House
from storage.letters import Letter
from tests.factories import MONDAY, make_house
from tests.storage.followup.stays import make_stay, surveys_of

FOLLOWUP = {"care_office": "护理部", "recovery_office": "医务科", "wards": [{"department": "妇产科"}]}
OFFICES = ("纪检办", "药剂科", "医务科", "投诉办", "人事科", "护理部")


def ward_house(**changes: Any) -> House:
    """The hospital of the factories, with clinical departments and offices that stand in for them."""
    plain: dict[str, Any] = {
        "departments": ["骨科", "内科"], "followup": FOLLOWUP, "offices": [{"name": one} for one in OFFICES],
    }  # fmt: skip
    return make_house(**(plain | changes))


def a_survey(session: Session, house: House, department: str = "骨科", ward: str = "三病区") -> Survey:
    """The survey of somebody who left that department."""
    return surveys_of(session, make_stay(session, house, MONDAY, department=department, ward=ward))["day3"]


def waiting(session: Session, start: str = "") -> list[tuple[str, str, dict[str, Any]]]:
    """Audience, notice and arguments of what was announced, oldest first."""
    session.flush()
    found = select(Letter).where(col(Letter.notice).is_not(None), col(Letter.chat).is_(None))
    letters = session.exec(found.order_by(col(Letter.id)))
    return [
        (one.audience or "", one.notice or "", json.loads(one.arguments))
        for one in letters
        if (one.notice or "").startswith(start)
    ]
