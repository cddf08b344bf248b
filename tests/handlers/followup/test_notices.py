"""What goes out to patients: the first message, the reminder, a link, and the question afterwards."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from handlers.followup.notices import survey_notice
from handlers.words import words_for
from storage.followup.answering import finish
from storage.followup.joining import ticket_hash
from storage.followup.recovery import add_wish, open_task
from storage.followup.surveys import Stage
from storage.followup.tasks import Task, TaskKind, TaskState
from storage.followup.tickets import Ticket
from storage.identity import chat_hash
from storage.letters import Letter, State
from storage.messages import Reply
from tests.factories import MONDAY
from tests.handlers.followup.conftest import PHONE, Books, Leaves, Patient


def sent_to(patient: Patient, notice: str, *, channel: str = "messenger", page: str = "") -> Reply | None:
    letter = Letter(uid="u", state=State.CLAIMED, channel=channel, notice=notice, audience="survey:1",
                    created_at=MONDAY, due_at=MONDAY)  # fmt: skip
    arguments: dict[str, Any] = {"survey": patient.survey_id}
    desk = replace(patient.desk, page=page)
    return survey_notice(
        letter, arguments, session=patient.session, desk=desk, words=words_for("zh"), now=patient.now
    )


def hears(patient: Patient, notice: str, **what: Any) -> Patient:
    reply = sent_to(patient, notice, **what)
    assert reply is not None
    patient.replies = [reply]
    return patient


def low_and_done(patient: Patient, *, again: bool = True) -> Patient:
    """A task of this patient's was closed."""
    survey, house = patient.survey, patient.desk.house
    task = open_task(patient.session, TaskKind.RECOVERY, survey, score=1, house=house, now=patient.now)
    add_wish(patient.session, task, ask_again=again, house=house, now=patient.now)
    task.state = TaskState.DONE
    patient.session.add(task)
    survey.score = 1
    finish(patient.session, survey, now=patient.now)
    patient.session.flush()
    return patient.comes_back_later()


def test_the_letter_reads_like_the_first_message(goes_home: Leaves) -> None:
    patient = goes_home()
    before = patient.replies
    assert hears(patient, "survey.ask").replies == before


def test_the_reminder_is_gentle_and_goes_on_where_it_was(goes_home: Leaves) -> None:
    patient = hears(goes_home().presses("5"), "survey.remind")
    assert "不方便也没关系" in patient.text
    assert "第 2 题，共 4 题" in patient.text
    assert "退订" in patient.text


def test_by_text_message_there_is_a_link_with_a_fresh_ticket_each_time(goes_home: Leaves) -> None:
    patient = goes_home()
    links = []
    for _ in range(2):
        text = hears(patient, "survey.ask", channel="sms", page="https://fk.example.org").text
        links += re.findall(r"https://fk\.example\.org/f#(\d{12})", text)
    first, second = links
    assert first != second
    tickets = patient.session.exec(select(Ticket)).all()
    vault = patient.desk.house.vault
    assert {row.code for row in tickets} == {ticket_hash(vault, code) for code in links}
    assert {row.survey_id for row in tickets} == {patient.survey_id}
    assert all(row.until == MONDAY + timedelta(days=14) for row in tickets)


def test_without_a_page_there_are_only_the_numbers(goes_home: Leaves) -> None:
    text = hears(goes_home(), "survey.ask", channel="sms").text
    assert "http" not in text
    assert "/f#" not in text


@pytest.mark.parametrize("notice", ["survey.ask", "survey.remind"])
def test_what_is_over_is_not_asked(goes_home: Leaves, notice: str) -> None:
    patient = goes_home()
    finish(patient.session, patient.survey, now=patient.now)
    assert sent_to(patient, notice) is None


def test_an_unknown_survey_is_nothing_to_say(goes_home: Leaves) -> None:
    patient = goes_home()
    patient.survey_id = 999
    assert sent_to(patient, "survey.ask") is None


def test_after_a_task_the_patient_is_asked_once_more_by_button(goes_home: Leaves) -> None:
    patient = hears(low_and_done(goes_home()), "survey.again")
    assert "已经处理过了" in patient.text
    assert patient.labels[-1] == "不便回答"
    patient.presses("4")
    assert (patient.survey.score, patient.survey.score_after) == (1, 4)
    assert "放心" in patient.text
    assert sent_to(patient, "survey.again") is None


@pytest.mark.parametrize(("said", "after"), [("4", 4), ("还是不满意", 2), ("五星", 5)])
def test_or_by_words(goes_home: Leaves, said: str, after: int) -> None:
    patient = low_and_done(goes_home()).says(said)
    assert patient.survey.score_after == after
    assert patient.survey.stage is Stage.ANSWERED


def test_rather_not_say_is_fine_and_asked_no_more(goes_home: Leaves) -> None:
    patient = hears(low_and_done(goes_home()), "survey.again").presses("不便回答")
    assert patient.survey.score_after is None
    assert not patient.session.exec(select(Task)).one().ask_again
    assert "满意" in patient.says("4").text or patient.survey.score_after is None


def test_who_does_not_wish_it_is_not_understood_so(goes_home: Leaves) -> None:
    assert low_and_done(goes_home(), again=False).says("4").survey.score_after is None


def test_who_opened_the_link_may_still_answer_the_text_message(goes_home: Leaves, books: Books) -> None:
    patient = goes_home()
    number = chat_hash(patient.desk.house.vault, "sms", PHONE)
    patient.discharge.channel, patient.discharge.chat = "sms", number
    patient.survey.chat = chat_hash(patient.desk.house.vault, "web", "a page that was closed")
    patient.session.flush()
    patient.name, patient.channel = PHONE, "sms"
    patient.comes_back_later().says("4")
    assert patient.survey.score == 4
    assert patient.survey.chat == number
    patient.presses("4 总是")
    assert patient.answers == {"overall": 4, "doctor": 4}
