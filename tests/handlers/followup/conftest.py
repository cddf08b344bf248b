"""Patients who went home: a stay, an open survey in their chat, and a way to talk."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from handlers.converse import converse
from handlers.followup.conversation import begin_survey
from handlers.turn import Desk
from storage.cases import Case
from storage.dialogues import Dialogue
from storage.followup.answering import open_now
from storage.followup.discharges import Discharge, keep_sealed, number_hash
from storage.followup.surveys import Survey, answers_of
from storage.followup.tallies import SurveyTally
from storage.followup.tasks import Task, open_sealed
from storage.hospital_followup import Kind
from storage.identity import chat_hash
from storage.messages import Reply
from storage.ratings import RatingRow
from tests.factories import MONDAY, Talker, make_desk

PHONE = "13800001111"


@pytest.fixture(scope="session")
def one_desk() -> Desk:
    """A hospital whose orthopaedic ward has a nurse line."""
    wards = [{"department": "骨科", "ward": "一病区", "nurse_line": "0571-12345678"}]
    return make_desk(followup={"wards": wards})


@dataclass
class Patient(Talker):
    """Somebody who was in hospital; everything they say goes the way every message goes."""

    survey_id: int = 0
    said: list[str] = field(default_factory=list)

    @property
    def survey(self) -> Survey:
        found = self.session.get(Survey, self.survey_id)
        assert found is not None
        return found

    @property
    def discharge(self) -> Discharge:
        found = self.session.get(Discharge, self.survey.discharge_id)
        assert found is not None
        return found

    @property
    def standing(self) -> str:
        return self.discharge.standing

    @property
    def answers(self) -> dict[str, int | None]:
        return answers_of(self.survey, vault=self.desk.house.vault)

    def begins(self) -> "Patient":
        """The first message, as it follows a ticket."""
        turn = self.turn(choice="ticket:1", channel=self.channel)
        return self._heard(begin_survey(turn, self.survey, discharge=self.discharge))

    def says(self, text: str, **what: Any) -> "Patient":
        """Types something in the chat."""
        return self._heard(converse(self.turn(text=text, channel=self.channel, **what)))

    def presses(self, label: str) -> "Patient":
        """Presses the newest button that begins so."""
        found = [one.value for reply in self.replies for row in reply.choices for one in row
                 if one.label.startswith(label)]  # fmt: skip
        assert found, f"no button {label}: {self.labels}"
        return self.chooses(found[0])

    def chooses(self, value: str) -> "Patient":
        """Presses a button by what it sends back."""
        assert len(value.encode()) <= 64
        return self._heard(converse(self.turn(choice=value, channel=self.channel)))

    def comes_back_later(self) -> "Patient":
        """Days pass, or the machine was restarted: the dialogue is forgotten."""
        self.dialogue = Dialogue()
        return self

    channel: str = "messenger"

    def _heard(self, replies: list[Reply]) -> "Patient":
        for reply in replies:
            assert reply.text
            assert all(len(one.value.encode()) <= 64 and one.label for row in reply.choices for one in row)
        self.replies = replies
        self.said += [reply.text for reply in replies]
        json.dumps(asdict(self.dialogue))
        return self


Leaves = Callable[..., Patient]


@pytest.fixture
def goes_home(session: Session, desk: Desk) -> Leaves:
    """Makes a patient: goes_home("p", plan="day30"), with a survey that is open in their chat."""

    def goes_home(name: str = "p", plan: str = "day3", *, phone: str = PHONE, **what: Any) -> Patient:
        desk_here = what.pop("desk", desk)
        channel = what.pop("channel", "messenger")
        now = what.pop("now", MONDAY)
        chat = chat_hash(desk_here.house.vault, channel, name)
        discharge = make_discharge(session, desk_here, name, channel=channel, chat=chat, phone=phone, **what)
        survey = make_survey(session, desk_here, discharge, plan, now=now)
        patient = Patient(session, desk_here, name, now=now, survey_id=survey.id or 0, channel=channel)
        return patient.begins()

    return goes_home


def make_discharge(
    session: Session, desk: Desk, name: str, *, channel: str, chat: str | None, phone: str = PHONE,
    department: str = "骨科", ward: str = "一病区",
) -> Discharge:  # fmt: skip
    """A stay that ended three days ago."""
    vault = desk.house.vault
    hashed = number_hash(vault, f"{name}{department}")
    row = Discharge(
        uid=f"uid-{name}-{department}", number_hash=hashed, number=b"", department=department, ward=ward,
        discharged_at=MONDAY - timedelta(days=3), consent=True, channel=channel, chat=chat, changed_at=MONDAY,
    )  # fmt: skip
    keep_sealed(row, "number", name, vault=vault)
    keep_sealed(row, "address", name if chat else "", vault=vault)
    keep_sealed(row, "phone", phone, vault=vault)
    session.add(row)
    session.flush()
    return row


def make_survey(session: Session, desk: Desk, discharge: Discharge, plan: str, *, now: datetime) -> Survey:
    """A survey of this plan that was just sent."""
    made = desk.house.hospital.followup.plan(plan)
    assert made is not None
    assert discharge.id is not None
    survey = Survey(
        discharge_id=discharge.id, plan=plan, plan_version="1", kind=Kind(made.kind),
        department=discharge.department, ward=discharge.ward, due_at=now, next_at=now,
    )  # fmt: skip
    session.add(survey)
    session.flush()
    open_now(session, survey, chat=discharge.chat, reached=False, house=desk.house, now=now)
    session.flush()
    return survey


@dataclass
class Books:
    """What is kept after a conversation."""

    session: Session
    desk: Desk

    @property
    def cases(self) -> list[Case]:
        return list(self.session.exec(select(Case).order_by(col(Case.id))))

    @property
    def tasks(self) -> list[Task]:
        return list(self.session.exec(select(Task).order_by(col(Task.id))))

    @property
    def kept_words(self) -> list[str]:
        rows = self.session.exec(select(RatingRow).order_by(col(RatingRow.id))).all()
        from storage.ratings import rating_place

        return [self.desk.house.vault.open_text(row.words, rating_place(row)) for row in rows]

    def count(self, subject: str, answer: str) -> int:
        rows = self.session.exec(
            select(SurveyTally).where(SurveyTally.subject == subject, SurveyTally.answer == answer)
        ).all()
        for row in rows:
            self.session.refresh(row)
        return sum(row.count for row in rows)

    def task_words(self, number: int = 0) -> str:
        return open_sealed(self.tasks[number], "words", vault=self.desk.house.vault)


@pytest.fixture
def books(session: Session, desk: Desk) -> Books:
    return Books(session, desk)
