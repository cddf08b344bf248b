"""After a backup was put back: nobody is asked a second time, and who answers is still heard."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from scheduler.followups import sweep_surveys
from storage.followup.answering import mark_reached, open_survey
from storage.followup.restored import note_restored, restored_at
from storage.followup.surveys import Stage
from storage.house import House
from storage.identity import chat_hash
from storage.letters import Letter
from storage.outbox import announce
from tests.factories import make_house
from tests.storage.followup.stays import PHONE, local, make_stay, surveys_of

LEFT = local("2026-11-20 14:00")
DUE = local("2026-11-23 10:00")
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def house() -> House:
    return make_house()


def notices(session: Session) -> list[str | None]:
    return [one.notice for one in session.exec(select(Letter))]


def test_a_database_that_was_never_put_back_says_so(session: Session) -> None:
    assert restored_at(session) is None
    note_restored(session, now=DUE)
    note_restored(session, now=DUE + DAY)
    assert restored_at(session) == DUE + DAY


def test_what_was_due_meanwhile_counts_as_sent_and_can_be_answered(session: Session, house: House) -> None:
    survey = surveys_of(session, make_stay(session, house, LEFT))["day3"]
    note_restored(session, now=DUE + DAY)
    for hours in range(0, 24 * 12, 7):
        sweep_surveys(session, house=house, now=DUE + DAY + timedelta(hours=hours))
    assert notices(session) == []
    assert (survey.stage, survey.sent_at, survey.month) == (Stage.SENT, DUE, "2026-11")
    assert open_survey(session, chat_hash(house.vault, "sms", PHONE)) is survey
    sweep_surveys(session, house=house, now=DUE + 15 * DAY)
    assert survey.stage is Stage.UNREACHABLE


def test_what_is_due_later_is_asked_as_ever(session: Session, house: House) -> None:
    survey = surveys_of(session, make_stay(session, house, LEFT))["day3"]
    note_restored(session, now=DUE - timedelta(minutes=1))
    sweep_surveys(session, house=house, now=DUE)
    assert notices(session) == ["survey.ask"]
    assert survey.stage is Stage.SENT


def test_nobody_is_reminded_a_second_time(session: Session, house: House) -> None:
    survey = surveys_of(session, make_stay(session, house, LEFT))["day3"]
    sweep_surveys(session, house=house, now=DUE)
    mark_reached(session, survey.id or 0)
    note_restored(session, now=DUE + 3 * DAY)
    assert notices(session) == []
    sweep_surveys(session, house=house, now=DUE + 3 * DAY)
    assert notices(session) == []
    assert (survey.stage, survey.reminded) == (Stage.SENT, True)


def test_questions_that_waited_do_not_go_out_and_other_letters_do(session: Session) -> None:
    announce(session, "survey:1", "survey.ask", now=DUE, survey=1)
    announce(session, "office:纪检办", "case.new", now=DUE, case_id=None)
    assert note_restored(session, now=DUE + DAY) == 1
    assert notices(session) == ["case.new"]
