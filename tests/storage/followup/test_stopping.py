"""Who wants no messages, came back or died is not asked; who changes their mind is asked what is left."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from storage.followup.answering import open_now
from storage.followup.discharges import Discharge, Standing
from storage.followup.opt_outs import OptOut
from storage.followup.stopping import (
    discharge_of_chat,
    has_opted_out,
    opt_in_again,
    opt_out,
    set_standing,
)
from storage.followup.surveys import Stage, Survey, keep_answers
from storage.house import House
from storage.identity import chat_hash
from tests.factories import make_house
from tests.storage.followup.stays import PHONE, local, make_stay, surveys_of

LEFT = local("2026-11-20 14:00")
DUE = local("2026-11-23 10:00")
STOPPING = [one for one in Standing if one is not Standing.ACTIVE]


@pytest.fixture(scope="module")
def house() -> House:
    return make_house()


def stages(session: Session, stay: Discharge) -> list[tuple[str, str]]:
    return [(one.stage.value, one.why) for one in surveys_of(session, stay).values()]


def ask(session: Session, house: House, stay: Discharge, plan: str = "day3") -> Survey:
    """The survey as the sweep hands it out."""
    survey = surveys_of(session, stay)[plan]
    open_now(session, survey, chat=stay.chat, reached=True, house=house, now=DUE)
    session.flush()
    return survey


@pytest.mark.parametrize("standing", STOPPING)
def test_a_standing_stops_what_is_planned_and_what_is_open(
    session: Session, house: House, standing: Standing
) -> None:
    stay = make_stay(session, house, LEFT)
    asked = ask(session, house, stay)
    set_standing(session, stay, standing, now=DUE)
    assert stages(session, stay) == [("stopped", standing)] * 2
    assert (asked.chat, asked.next_at) == (None, None)
    assert surveys_of(session, stay)["day30"].next_at is None


def test_active_again_plans_what_was_not_sent_and_asks_nothing_twice(session: Session, house: House) -> None:
    stay = make_stay(session, house, LEFT)
    ask(session, house, stay)
    for standing in (Standing.READMITTED, Standing.WITHDRAWN, Standing.ACTIVE):
        set_standing(session, stay, standing, now=DUE)
    assert stages(session, stay) == [("stopped", Standing.READMITTED), ("planned", "")]
    later = surveys_of(session, stay)["day30"]
    assert later.next_at == later.due_at


def test_a_score_given_before_counts_but_not_a_strangers(session: Session, house: House) -> None:
    for standing, stage, score in (
        (Standing.OPTED_OUT, Stage.ANSWERED, 4),
        (Standing.DECEASED, Stage.ANSWERED, 4),
        (Standing.WRONG_PERSON, Stage.STOPPED, None),
    ):
        stay = make_stay(session, house, LEFT)
        survey = ask(session, house, stay)
        keep_answers(survey, {"overall": 4}, vault=house.vault)
        survey.score = 4
        set_standing(session, stay, standing, now=DUE)
        session.flush()
        assert (survey.stage, survey.score) == (stage, score)
        assert (survey.answers is None) == (score is None)


def test_opting_out_holds_for_the_chat_and_the_number_and_every_stay_there(
    session: Session, house: House
) -> None:
    stays = [make_stay(session, house, LEFT, channel="telegram", address="77") for _ in range(2)]
    other = make_stay(session, house, LEFT, channel="telegram", address="78", phone="13900000000")
    chat, number = stays[0].chat, chat_hash(house.vault, "sms", PHONE)
    assert chat is not None
    assert opt_out(session, chat=chat, house=house, now=DUE) == 2
    assert has_opted_out(session, chat)
    assert has_opted_out(session, number)
    assert [one.standing for one in stays] == [Standing.OPTED_OUT] * 2
    assert other.standing is Standing.ACTIVE
    assert all(stage == ("stopped", "opted_out") for stay in stays for stage in stages(session, stay))
    assert str(session.get(OptOut, chat).since) == "2026-11-23"  # type: ignore[union-attr]


def test_opting_out_on_the_page_finds_the_stay_by_its_open_survey(session: Session, house: House) -> None:
    stay = make_stay(session, house, LEFT)
    survey = surveys_of(session, stay)["day3"]
    page = chat_hash(house.vault, "web", "session")
    open_now(session, survey, chat=page, reached=True, house=house, now=DUE)
    session.flush()
    found = discharge_of_chat(session, page)
    assert found is not None
    assert found.id == stay.id
    assert opt_out(session, chat=page, house=house, now=DUE) == 1
    assert has_opted_out(session, chat_hash(house.vault, "sms", PHONE))
    assert discharge_of_chat(session, page) is None


def test_a_number_that_does_not_open_hinders_nobody_from_opting_out(session: Session, house: House) -> None:
    stay = make_stay(session, house, LEFT, channel="telegram", address="77")
    stay.phone = b"spoilt"
    assert stay.chat is not None
    assert opt_out(session, chat=stay.chat, house=house, now=DUE) == 1
    assert stay.standing is Standing.OPTED_OUT


def test_a_chat_nobody_knows_can_opt_out_and_twice(session: Session, house: House) -> None:
    assert opt_out(session, chat="unknown", house=house, now=DUE) == 0
    assert opt_out(session, chat="unknown", house=house, now=DUE) == 0
    assert has_opted_out(session, "unknown")
    assert opt_in_again(session, chat="unknown", house=house, now=DUE) == 0
    assert not has_opted_out(session, "unknown")


def test_opting_out_and_back_plans_what_lies_ahead(session: Session, house: House) -> None:
    stay = make_stay(session, house, LEFT, channel="telegram", address="77")
    ask(session, house, stay)
    assert stay.chat is not None
    opt_out(session, chat=stay.chat, house=house, now=DUE)
    assert opt_in_again(session, chat=stay.chat, house=house, now=DUE + timedelta(minutes=1)) == 1
    assert stay.standing is Standing.ACTIVE
    assert not has_opted_out(session, stay.chat)
    assert not has_opted_out(session, chat_hash(house.vault, "sms", PHONE))
    assert stages(session, stay) == [("stopped", "opted_out"), ("planned", "")]


def test_opting_in_again_wakes_nobody_who_died(session: Session, house: House) -> None:
    stay = make_stay(session, house, LEFT)
    set_standing(session, stay, Standing.DECEASED, now=DUE)
    assert stay.chat is not None
    opt_out(session, chat=stay.chat, house=house, now=DUE)
    assert stay.standing is Standing.DECEASED
    assert opt_in_again(session, chat=stay.chat, house=house, now=DUE) == 0
    assert stages(session, stay) == [("stopped", "deceased")] * 2
