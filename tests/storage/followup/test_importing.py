"""Discharges come in by the slice: new, changed, known; nobody is asked who must not be."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from storage.followup.answering import open_now
from storage.followup.discharges import Discharge, Standing, open_sealed
from storage.followup.importing import put_discharges
from storage.followup.opt_outs import OptOut
from storage.followup.rows import DischargeRow
from storage.followup.stopping import opt_out, set_standing
from storage.followup.surveys import Stage, Survey
from storage.identity import chat_hash
from tests.factories import make_house

HOUSE = make_house()
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LEFT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
PHONE, OTHER = "13800138000", "13900139000"
ROW = DischargeRow("Z1", "骨科", LEFT, "三病区", "sms", PHONE, consent=True)


def put(session: Session, *rows: DischargeRow, now: datetime = NOW) -> tuple[int, int, int]:
    done = put_discharges(session, rows, house=HOUSE, now=now)
    session.flush()
    session.expire_all()
    return done.added, done.changed, done.unchanged


def stay(session: Session) -> Discharge:
    return session.exec(select(Discharge)).one()


def stages(session: Session) -> dict[str, tuple[str, str, bool]]:
    """By plan: the stage, why, and whether something is to be done with it."""
    return {
        one.plan: (one.stage.value, one.why, one.next_at is not None)
        for one in session.exec(select(Survey).order_by(Survey.plan))
    }


PLANNED, NO_CONSENT = ("planned", "", True), ("stopped", "consent", False)


def sms(number: str) -> str:
    return chat_hash(HOUSE.vault, "sms", number)


def join(session: Session) -> None:
    """What a ticket does to a discharge."""
    one = stay(session)
    one.channel, one.chat, one.address = "telegram", "t" * 32, b"x"
    one.consent, one.joined_on = True, date(2026, 11, 23)
    session.add(one)
    session.flush()


def test_a_new_discharge_is_sealed_and_planned(session: Session) -> None:
    assert put(session, ROW) == (1, 0, 0)
    one = stay(session)
    assert (one.department, one.ward, one.channel, one.chat) == ("骨科", "三病区", "sms", sms(PHONE))
    for column, text in (("number", "Z1"), ("phone", PHONE), ("address", PHONE)):
        assert open_sealed(one, column, vault=HOUSE.vault) == text
    assert stages(session) == {"day3": PLANNED, "day30": PLANNED}


def test_nothing_of_a_person_stands_in_clear(session: Session) -> None:
    put(session, ROW)
    row = session.connection().exec_driver_sql("SELECT * FROM discharges").one()
    assert not [value for value in row if isinstance(value, str) and (PHONE in value or "Z1" in value)]


def test_the_same_rows_twice_change_nothing(session: Session) -> None:
    rows = [replace(ROW, number=f"Z{n}", contact=f"138001380{n:02}") for n in range(20)]
    assert put(session, *rows) == (20, 0, 0)
    before = session.connection().exec_driver_sql("SELECT * FROM discharges").all()
    assert put(session, *rows, now=NOW + DAY) == (0, 0, 20)
    assert session.connection().exec_driver_sql("SELECT * FROM discharges").all() == before


def test_without_consent_nothing_is_sent_but_the_number_is_there_for_calling_back(session: Session) -> None:
    put(session, replace(ROW, consent=None))
    one = stay(session)
    assert (one.consent, one.channel, one.chat, one.address) == (False, "", None, None)
    assert open_sealed(one, "phone", vault=HOUSE.vault) == PHONE
    assert stages(session) == {"day3": NO_CONSENT, "day30": NO_CONSENT}


@pytest.mark.parametrize("contact", [PHONE, None])
def test_consent_that_comes_later_opens_the_way(session: Session, contact: str | None) -> None:
    put(session, replace(ROW, consent=False))
    channel = "sms" if contact else ""
    later = replace(ROW, consent=True, contact=contact, contact_channel=channel)
    assert put(session, later) == (0, 1, 0)
    assert (stay(session).channel, stay(session).chat) == ("sms", sms(PHONE))
    assert stages(session) == {"day3": PLANNED, "day30": PLANNED}
    assert put(session, later) == (0, 0, 1)


def test_consent_that_is_taken_back_stops_everything(session: Session) -> None:
    put(session, ROW)
    survey = session.exec(select(Survey).where(Survey.plan == "day3")).one()
    open_now(session, survey, chat=sms(PHONE), reached=False, house=HOUSE, now=NOW)
    session.flush()
    assert put(session, replace(ROW, consent=False)) == (0, 1, 0)
    assert stages(session) == {"day3": NO_CONSENT, "day30": NO_CONSENT}
    assert stay(session).chat is None


def test_consent_that_is_taken_back_closes_every_way(session: Session) -> None:
    put(session, ROW)
    assert put(session, replace(ROW, consent=False, contact=None, contact_channel="")) == (0, 1, 0)
    assert (stay(session).channel, stay(session).chat, stay(session).address) == ("", None, None)


def test_columns_that_a_table_lacks_change_nothing(session: Session) -> None:
    put(session, replace(ROW, language="en"))
    assert put(session, DischargeRow("Z1", "骨科", LEFT)) == (0, 0, 1)
    assert stay(session).language == "en"


def test_long_past_stays_are_missed_and_keep_no_number(session: Session) -> None:
    old = replace(ROW, discharged_at=LEFT - 60 * DAY)
    assert put(session, old) == (1, 0, 0)
    assert stages(session) == {"day3": ("missed", "", False), "day30": ("missed", "", False)}
    assert (stay(session).phone, stay(session).chat) == (None, None)
    assert put(session, old) == (0, 0, 1)


def test_a_week_old_stay_is_asked_what_is_still_to_come(session: Session) -> None:
    put(session, replace(ROW, discharged_at=LEFT - 10 * DAY))
    assert stages(session) == {"day3": ("missed", "", False), "day30": PLANNED}


def test_a_corrected_day_and_department_move_what_was_not_sent(session: Session) -> None:
    put(session, ROW)
    before = session.exec(select(Survey.due_at).where(Survey.plan == "day3")).one()
    assert put(session, replace(ROW, discharged_at=LEFT - DAY, department="眼科", ward="")) == (0, 1, 0)
    found = session.exec(select(Survey).where(Survey.plan == "day3")).one()
    assert (found.department, found.ward, found.due_at, found.next_at) == (
        "眼科", "", before - DAY, before - DAY,
    )  # fmt: skip


def test_a_survey_that_was_sent_stays_where_it_was_asked(session: Session) -> None:
    put(session, ROW)
    survey = session.exec(select(Survey).where(Survey.plan == "day3")).one()
    open_now(session, survey, chat=sms(PHONE), reached=False, house=HOUSE, now=NOW)
    session.flush()
    put(session, replace(ROW, department="眼科"))
    session.refresh(survey)
    assert (survey.department, survey.stage) == ("骨科", Stage.SENT)


def test_a_corrected_number_takes_the_open_survey_along(session: Session) -> None:
    put(session, ROW)
    survey = session.exec(select(Survey).where(Survey.plan == "day3")).one()
    open_now(session, survey, chat=sms(PHONE), reached=False, house=HOUSE, now=NOW)
    session.flush()
    assert put(session, replace(ROW, contact=OTHER)) == (0, 1, 0)
    session.refresh(survey)
    assert (stay(session).chat, survey.chat) == (sms(OTHER), sms(OTHER))


def test_an_emptied_number_is_forgotten(session: Session) -> None:
    put(session, ROW)
    assert put(session, replace(ROW, contact="", contact_channel="")) == (0, 1, 0)
    assert (stay(session).phone, stay(session).chat, stay(session).address) == (None, None, None)


def test_a_joined_chat_and_its_consent_outlast_any_import(session: Session) -> None:
    put(session, ROW)
    join(session)
    put(session, replace(ROW, contact=OTHER, consent=False))
    one = stay(session)
    assert (one.channel, one.chat, one.consent) == ("telegram", "t" * 32, True)
    assert open_sealed(one, "phone", vault=HOUSE.vault) == OTHER
    assert stages(session)["day30"] == PLANNED


def test_whoever_opted_out_is_asked_for_no_later_stay_either(session: Session) -> None:
    put(session, ROW)
    opt_out(session, chat=sms(PHONE), house=HOUSE, now=NOW)
    assert put(session, ROW, replace(ROW, number="Z2")) == (1, 0, 1)
    assert {one.standing for one in session.exec(select(Discharge))} == {Standing.OPTED_OUT}
    assert {stage for stage, _, _ in stages(session).values()} == {"stopped"}
    assert put(session, replace(ROW, contact=OTHER, standing=Standing.ACTIVE))[1] <= 1
    assert session.exec(select(Discharge.standing)).all() == [Standing.OPTED_OUT] * 2


def test_a_number_that_opted_out_elsewhere_stops_a_known_stay(session: Session) -> None:
    put(session, ROW)
    session.add(OptOut(chat=sms(OTHER), since=date(2026, 1, 1)))
    session.flush()
    assert put(session, replace(ROW, contact=OTHER)) == (0, 1, 0)
    assert stay(session).standing is Standing.OPTED_OUT


@pytest.mark.parametrize("told", [Standing.READMITTED, Standing.DECEASED, Standing.WITHDRAWN])
def test_a_standing_stops_and_a_plain_word_goes_on(session: Session, told: Standing) -> None:
    put(session, ROW)
    assert put(session, replace(ROW, standing=told)) == (0, 1, 0)
    assert stages(session)["day3"] == ("stopped", told.value, False)
    assert put(session, ROW) == (0, 0, 1)
    assert put(session, replace(ROW, standing=Standing.ACTIVE)) == (0, 1, 0)
    assert stages(session)["day3"] == PLANNED


def test_a_strangers_number_is_not_asked_again_however_often_it_comes(session: Session) -> None:
    put(session, ROW)
    set_standing(session, stay(session), Standing.WRONG_PERSON, now=NOW)
    session.flush()
    assert put(session, replace(ROW, standing=Standing.ACTIVE)) == (0, 0, 1)
    one = stay(session)
    one.phone = one.chat = one.address = None
    one.channel, one.consent = "", False
    session.add(one)
    session.flush()
    assert put(session, ROW) == (0, 0, 1)
    assert stay(session).standing is Standing.WRONG_PERSON


def test_a_right_number_in_place_of_a_strangers_is_asked(session: Session) -> None:
    put(session, ROW)
    set_standing(session, stay(session), Standing.WRONG_PERSON, now=NOW)
    session.flush()
    assert put(session, replace(ROW, contact=OTHER)) == (0, 1, 0)
    assert (stay(session).standing, stay(session).chat) == (Standing.ACTIVE, sms(OTHER))
    assert stages(session)["day3"] == PLANNED


def test_a_number_that_was_unreachable_is_tried_again_only_where_it_changed(session: Session) -> None:
    put(session, ROW)
    survey = session.exec(select(Survey).where(Survey.plan == "day3")).one()
    open_now(session, survey, chat=None, reached=False, house=HOUSE, now=NOW)
    survey.stage, survey.next_at = Stage.UNREACHABLE, None
    session.flush()
    put(session, replace(ROW, department="眼科"))
    assert stages(session)["day3"][0] == "unreachable"
    put(session, replace(ROW, department="眼科", contact=OTHER))
    assert stages(session)["day3"] == PLANNED


def test_a_number_of_another_stay_is_left_out(session: Session) -> None:
    put(session, ROW)
    later = replace(ROW, discharged_at=LEFT + 40 * DAY)
    done = put_discharges(session, [later], house=HOUSE, now=NOW + 45 * DAY)
    assert (done.total, done.other_stays) == (0, (0,))
    assert stay(session).discharged_at == LEFT


def test_of_one_number_twice_the_last_counts(session: Session) -> None:
    assert put(session, ROW, replace(ROW, department="眼科")) == (1, 0, 1)
    assert stay(session).department == "眼科"


def test_a_department_with_a_plan_of_its_own_is_asked_by_that(session: Session) -> None:
    own = {"key": "hours24", "kind": "satisfaction", "after_hours": 24, "departments": ["日间"],
           "questions": ["overall"]}  # fmt: skip
    usual = {"key": "day3", "kind": "satisfaction", "after_days": 3, "questions": ["overall"]}
    house = make_house(followup={"plans": [usual, own]})
    put_discharges(session, [replace(ROW, department="日间")], house=house, now=NOW)
    assert set(stages(session)) == {"hours24"}
    put_discharges(session, [ROW], house=house, now=NOW)
    session.flush()
    assert stages(session) == {"day3": PLANNED, "hours24": ("stopped", "plan", False)}


def test_a_damaged_phone_is_put_anew(session: Session) -> None:
    put(session, ROW)
    one = stay(session)
    one.phone = b"\x01\x00\x01damaged"
    session.add(one)
    session.flush()
    assert put(session, ROW) == (0, 1, 0)
    assert open_sealed(stay(session), "phone", vault=HOUSE.vault) == PHONE


def test_a_chat_of_a_messenger_may_come_with_the_file(session: Session) -> None:
    told = replace(ROW, contact_channel="telegram", contact="4711")
    assert put(session, told) == (1, 0, 0)
    one = stay(session)
    assert (one.channel, one.chat, one.phone) == (
        "telegram",
        chat_hash(HOUSE.vault, "telegram", "4711"),
        None,
    )
    assert put(session, told) == (0, 0, 1)
