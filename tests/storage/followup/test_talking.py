"""What a conversation finds: known chats, the survey of a patient, and who is asked once more."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from storage.followup.discharges import Discharge
from storage.followup.surveys import Stage, Survey
from storage.followup.talking import asked_again, is_known_chat, sent_survey
from storage.followup.tallies import SurveyTally, count_answer, take_back_answer
from storage.followup.tasks import Task, TaskKind, TaskState
from storage.hospital_followup import Kind
from tests.factories import MONDAY, make_database

CHAT = "c" * 64


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(make_database(tmp_path / "lianxin.db").engine)


def stay(session: Session, chat: str | None = CHAT) -> int:
    row = Discharge(uid="u", number_hash="n", number=b"", department="骨科", discharged_at=MONDAY, chat=chat,
                    changed_at=MONDAY)  # fmt: skip
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def survey(session: Session, discharge: int, stage: Stage = Stage.SENT, **more: Any) -> Survey:
    values = {"plan": "day3", "plan_version": "1", "kind": Kind.SATISFACTION, "month": "2025-11"} | more
    row = Survey(discharge_id=discharge, stage=stage, department="骨科", due_at=MONDAY, **values)
    session.add(row)
    session.flush()
    return row


def task(session: Session, survey: Survey, **values: Any) -> None:
    row = Task(uid="t", kind=TaskKind.RECOVERY, survey_id=survey.id, department="骨科", office="骨科",
               opened_at=MONDAY, due_at=MONDAY + timedelta(days=1), **values)  # fmt: skip
    session.add(row)
    session.flush()


def test_a_chat_is_known_by_a_stay_alone(session: Session) -> None:
    assert not is_known_chat(session, CHAT)
    stay(session)
    assert is_known_chat(session, CHAT)
    assert not is_known_chat(session, "d" * 64)


def test_the_sent_survey_is_found_wherever_it_was_opened(session: Session) -> None:
    discharge = stay(session)
    survey(session, discharge, Stage.ANSWERED)
    assert sent_survey(session, CHAT) is None
    found = survey(session, discharge, plan="day30", chat="d" * 64)
    assert sent_survey(session, CHAT) is found
    assert sent_survey(session, "d" * 64) is None


@pytest.mark.parametrize(("state", "again", "after", "asked"), [
    (TaskState.DONE, True, None, True), (TaskState.TAKEN, True, None, False),
    (TaskState.DONE, False, None, False), (TaskState.DONE, True, 4, False),
])  # fmt: skip
def test_who_wished_it_is_asked_once_when_the_task_is_done(
    session: Session, state: TaskState, again: bool, after: int | None, asked: bool
) -> None:
    found = survey(session, stay(session), Stage.ANSWERED, score_after=after)
    task(session, found, state=state, ask_again=again)
    assert asked_again(session, CHAT) is (found if asked else None)


def test_a_changed_answer_is_taken_back_and_never_below_nothing(session: Session) -> None:
    found = survey(session, stay(session))
    count_answer(session, found, "overall", "1")
    for _ in range(3):
        take_back_answer(session, found, "overall", "1")
    row = session.get(SurveyTally, ("2025-11", "骨科", "", "overall", "1"))
    assert row is not None
    assert row.count == 0


def test_answers_about_integrity_are_counted_without_the_ward(session: Session) -> None:
    stay = Discharge(uid="u9", number_hash="n9", department="骨科", ward="一病区", discharged_at=MONDAY,
                     changed_at=MONDAY)  # fmt: skip
    session.add(stay)
    session.flush()
    for kind, ward in ((Kind.INTEGRITY, ""), (Kind.SATISFACTION, "一病区")):
        found = Survey(discharge_id=stay.id or 0, plan=kind, plan_version="1", kind=kind, department="骨科",
                       ward="一病区", due_at=MONDAY, month="2025-11")  # fmt: skip
        session.add(found)
        count_answer(session, found, f"asked of {kind}", "yes")
        key = ("2025-11", "骨科", ward, f"asked of {kind}", "yes")
        assert session.get_one(SurveyTally, key).count == 1
        take_back_answer(session, found, f"asked of {kind}", "yes")
        assert session.get_one(SurveyTally, key, populate_existing=True).count == 0
