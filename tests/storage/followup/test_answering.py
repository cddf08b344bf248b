"""A survey that is out: found by its chat, finished without a trace, sent by SMS where a chat is gone."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from storage.followup.answering import (
    could_not_reach,
    finish,
    mark_reached,
    open_now,
    open_survey,
)
from storage.followup.delivering import came_back, chat_is_gone, may_still_go_out, quiet_until, survey_in
from storage.followup.discharges import Discharge, Standing, open_sealed
from storage.followup.joining import new_ticket, redeem
from storage.followup.opt_outs import OptOut
from storage.followup.stopping import set_standing
from storage.followup.surveys import Stage, Survey, keep_answers
from storage.house import House
from storage.identity import chat_hash
from storage.letters import Letter, State
from tests.factories import make_house
from tests.storage.followup.stays import PHONE, local, make_stay, surveys_of

LEFT = local("2026-11-20 14:00")
DUE = local("2026-11-23 10:00")


@pytest.fixture(scope="module")
def house() -> House:
    return make_house()


def ask(session: Session, house: House, plan: str = "day3", **stay: str) -> Survey:
    discharge = make_stay(session, house, LEFT, **stay)  # type: ignore[arg-type]
    survey = surveys_of(session, discharge)[plan]
    open_now(session, survey, chat=discharge.chat, reached=False, house=house, now=DUE)
    session.flush()
    return survey


def letters(session: Session) -> list[tuple[str | None, str | None]]:
    return [(one.audience, one.notice) for one in session.exec(select(Letter))]


def test_handing_out_lays_down_month_reminder_and_chat(session: Session, house: House) -> None:
    survey = ask(session, house)
    assert (survey.stage, survey.sent_at, survey.month) == (Stage.SENT, DUE, "2026-11")
    assert survey.next_at == DUE + timedelta(days=2)


def test_month_is_the_local_one(session: Session, house: House) -> None:
    survey = surveys_of(session, make_stay(session, house, LEFT))["day3"]
    open_now(session, survey, chat="c", reached=True, house=house, now=local("2026-12-01 00:30"))
    assert survey.month == "2026-12"


def test_an_open_survey_that_moves_to_another_chat_keeps_its_times(session: Session, house: House) -> None:
    survey = ask(session, house)
    before = survey.sent_at, survey.next_at
    open_now(session, survey, chat="page", reached=True, house=house, now=DUE + timedelta(days=1))
    assert (survey.chat, survey.reached, (survey.sent_at, survey.next_at)) == ("page", True, before)


def test_a_stopped_survey_that_goes_on_keeps_its_times(session: Session, house: House) -> None:
    survey = ask(session, house)
    discharge = session.get_one(Discharge, survey.discharge_id)
    for reminded, after in ((False, DUE + timedelta(days=2)), (True, DUE + timedelta(days=14))):
        survey.reminded = reminded
        set_standing(session, discharge, Standing.OPTED_OUT, now=DUE)
        set_standing(session, discharge, Standing.ACTIVE, now=DUE)
        open_now(session, survey, chat="c", reached=True, house=house, now=DUE + timedelta(days=1))
        assert (survey.sent_at, survey.next_at) == (DUE, after)
    survey.stage = Stage.UNREACHABLE
    late = DUE + timedelta(days=20)
    open_now(session, survey, chat="c", reached=True, house=house, now=late)
    assert (survey.sent_at, survey.reminded) == (late, False)


def test_the_newest_open_survey_of_a_chat_is_found_and_none_after_it_is_finished(
    session: Session, house: House
) -> None:
    first, second = ask(session, house), ask(session, house, "day30")
    assert first.chat is not None
    found = open_survey(session, first.chat)
    assert found is not None
    assert found.id == second.id
    finish(session, second, now=DUE)
    finish(session, first, now=DUE)
    session.flush()
    assert open_survey(session, chat_hash(house.vault, "sms", PHONE)) is None
    assert first.stage is Stage.ANSWERED
    assert first.chat is None
    assert first.next_at is None


def test_finding_the_open_survey_uses_the_index(session: Session) -> None:
    rows = session.execute(
        text("EXPLAIN QUERY PLAN SELECT id FROM surveys WHERE chat = 'x' AND stage = 'sent' ORDER BY id DESC")
    )
    assert "ix_surveys_chat" in " ".join(row[3] for row in rows)


def test_of_integrity_nothing_of_the_answers_stays(session: Session, house: House) -> None:
    survey, rated = ask(session, house, "day30"), ask(session, house)
    keep_answers(survey, {"money": None}, vault=house.vault)
    keep_answers(rated, {"overall": 5}, vault=house.vault)
    finish(session, survey, now=DUE)
    finish(session, rated, now=DUE)
    assert survey.answers is None
    assert rated.answers is not None


def test_a_chat_that_is_gone_is_replaced_by_sms_and_asked_there(session: Session, house: House) -> None:
    survey = ask(session, house, channel="telegram", address="77")
    could_not_reach(session, survey.id or 0, house=house, now=DUE)
    session.flush()
    discharge = session.get_one(Discharge, survey.discharge_id)
    assert (discharge.channel, open_sealed(discharge, "address", vault=house.vault)) == ("sms", PHONE)
    assert survey.chat == discharge.chat == chat_hash(house.vault, "sms", PHONE)
    assert (survey.stage, survey.next_at) == (Stage.SENT, DUE + timedelta(days=2))
    assert letters(session) == [(f"survey:{survey.id}", "survey.ask")]


@pytest.mark.parametrize(
    "stay",
    [{"phone": "", "channel": "telegram", "address": "77"}, {"channel": "sms"}],
    ids=["no number", "the number itself"],
)
def test_without_another_way_a_survey_is_unreachable(
    session: Session, house: House, stay: dict[str, str]
) -> None:
    survey = ask(session, house, **stay)
    could_not_reach(session, survey.id or 0, house=house, now=DUE)
    assert (survey.stage, survey.chat, survey.next_at) == (Stage.UNREACHABLE, None, None)
    assert letters(session) == []


def test_a_number_that_opted_out_gets_no_sms_either(session: Session, house: House) -> None:
    survey = ask(session, house, channel="telegram", address="77")
    session.add(OptOut(chat=chat_hash(house.vault, "sms", PHONE), since=DUE.date()))
    session.flush()
    could_not_reach(session, survey.id or 0, house=house, now=DUE)
    assert survey.stage is Stage.UNREACHABLE
    assert letters(session) == []


def test_a_number_that_does_not_open_is_no_number(session: Session, house: House) -> None:
    survey = ask(session, house, channel="telegram", address="77")
    session.execute(text("UPDATE discharges SET phone = x'00'"))
    session.expire_all()
    could_not_reach(session, survey.id or 0, house=house, now=DUE)
    assert survey.stage is Stage.UNREACHABLE


def test_a_survey_that_arrived_stays_open_when_its_reminder_comes_back(
    session: Session, house: House
) -> None:
    survey = ask(session, house, channel="telegram", address="77")
    mark_reached(session, survey.id or 0)
    survey.reminded = True
    could_not_reach(session, survey.id or 0, house=house, now=DUE)
    assert survey.stage is Stage.SENT
    assert letters(session) == []


def test_what_is_over_is_not_asked_again_by_a_letter_that_comes_back(session: Session, house: House) -> None:
    survey = ask(session, house, channel="telegram", address="77")
    finish(session, survey, now=DUE)
    came_back(session, f"survey:{survey.id}", house=house, now=DUE)
    came_back(session, "survey:999", house=house, now=DUE)
    came_back(session, "member:1", house=house, now=DUE)
    assert survey.stage is Stage.ANSWERED
    assert letters(session) == []


def test_everything_asked_in_a_chat_that_is_gone_is_asked_by_sms(session: Session, house: House) -> None:
    first = ask(session, house, channel="telegram", address="77")
    second = ask(session, house, "day30", channel="telegram", address="77")
    assert first.chat is not None
    chat_is_gone(session, first.chat, house=house, now=DUE)
    assert sorted(letters(session)) == [
        (f"survey:{one.id}", "survey.ask") for one in sorted((first, second), key=lambda one: one.id or 0)
    ]


def test_every_survey_of_one_stay_is_asked_by_sms_when_its_chat_is_gone(
    session: Session, house: House
) -> None:
    stay = make_stay(session, house, LEFT, channel="telegram", address="77")
    for survey in surveys_of(session, stay).values():
        open_now(session, survey, chat=stay.chat, reached=False, house=house, now=DUE)
    chat_is_gone(session, stay.chat or "", house=house, now=DUE)
    by_sms = chat_hash(house.vault, "sms", PHONE)
    assert {(one.stage, one.chat) for one in surveys_of(session, stay).values()} == {(Stage.SENT, by_sms)}
    assert len(letters(session)) == 2


def test_a_text_that_comes_back_takes_nobody_from_the_chat_they_joined_since(
    session: Session, house: House
) -> None:
    survey = ask(session, house)
    stay, texted = session.get_one(Discharge, survey.discharge_id), survey.chat
    code = new_ticket(session, stay.id or 0, until=DUE + timedelta(days=9), vault=house.vault)
    chat = chat_hash(house.vault, "telegram", "77")
    redeem(session, code, sender="s", channel="telegram", chat=chat, address="77", house=house, now=DUE)
    for for_good in (True, False):
        came_back(
            session, f"survey:{survey.id}", chat=texted, for_good=for_good, house=house, now=DUE
        )  # fmt: skip
    assert (stay.channel, survey.chat, survey.stage) == ("telegram", chat, Stage.SENT)
    assert letters(session) == []


def test_a_text_to_a_number_that_was_put_right_since_is_asked_at_the_right_one(
    session: Session, house: House
) -> None:
    survey = ask(session, house)
    texted, survey.chat = survey.chat, chat_hash(house.vault, "sms", "13900002222")
    came_back(session, f"survey:{survey.id}", chat=texted, house=house, now=DUE)
    assert survey.stage is Stage.SENT
    assert letters(session) == [(f"survey:{survey.id}", "survey.ask")]


def wanted(session: Session, house: House, survey: Survey, notice: str = "survey.ask") -> bool:
    letter = Letter(
        uid="l", state=State.PENDING, audience=f"survey:{survey.id}", notice=notice, chat=survey.chat,
        created_at=DUE, due_at=DUE,
    )  # fmt: skip
    return may_still_go_out(session, letter, house=house)


def test_a_letter_is_wanted_as_long_as_its_survey_is_open(session: Session, house: House) -> None:
    survey = ask(session, house)
    assert wanted(session, house, survey)
    assert not wanted(session, make_house(followup={"enabled": False}), survey)
    finish(session, survey, now=DUE)
    assert not wanted(session, house, survey)
    assert not wanted(session, house, survey, "survey.remind")
    assert wanted(session, house, survey, "survey.again")  # after something was made good
    discharge = session.get_one(Discharge, survey.discharge_id)
    set_standing(session, discharge, Standing.DECEASED, now=DUE)
    assert not wanted(session, house, survey, "survey.again")


def test_letters_about_other_things_are_wanted_and_about_no_survey_not(
    session: Session, house: House
) -> None:
    letter = Letter(uid="l", state=State.PENDING, audience="member:1", created_at=DUE, due_at=DUE)
    assert may_still_go_out(session, letter, house=house)
    letter.audience, letter.notice = "survey:999", "survey.ask"
    assert not may_still_go_out(session, letter, house=house)


def test_a_chat_that_opted_out_by_itself_gets_no_letter(session: Session, house: House) -> None:
    survey = ask(session, house)
    session.add(OptOut(chat=survey.chat or "", since=DUE.date()))
    session.flush()
    assert not wanted(session, house, survey)


def test_after_an_outage_it_is_asked_again_in_the_same_chat(session: Session, house: House) -> None:
    survey = ask(session, house, channel="telegram", address="77")
    came_back(session, f"survey:{survey.id}", for_good=False, house=house, now=DUE)
    assert (survey.stage, survey.chat, survey.sent_at, survey.month) == (Stage.PLANNED, None, None, None)
    assert survey.next_at == DUE + timedelta(hours=1)
    assert session.get_one(Discharge, survey.discharge_id).channel == "telegram"
    assert letters(session) == []


def test_an_outage_asks_nobody_again_who_was_reached(session: Session, house: House) -> None:
    survey = ask(session, house, channel="telegram", address="77")
    mark_reached(session, survey.id or 0)
    came_back(session, f"survey:{survey.id}", for_good=False, house=house, now=DUE)
    assert survey.stage is Stage.SENT


def test_questions_wait_for_the_morning_and_other_notices_do_not(house: House) -> None:
    night = local("2026-11-23 21:00")
    assert quiet_until("survey.ask", house=house, now=night) == local("2026-11-24 09:00")
    assert quiet_until("survey.remind", house=house, now=DUE) is None
    assert quiet_until("case.new", house=house, now=night) is None
    assert quiet_until(None, house=house, now=night) is None


@pytest.mark.parametrize("audience", ["", None, "survey:", "survey:x", "member:1", "survey:-1"])
def test_only_a_survey_is_a_survey(audience: str | None) -> None:
    assert survey_in(audience) is None
