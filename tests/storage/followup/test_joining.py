"""A ticket works once, for whoever came first; a chat joins, the page only answers; standing is respected."""

import json
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from storage.followup.discharges import Discharge, Standing, keep_sealed, number_hash, open_sealed
from storage.followup.joining import (
    DIGITS,
    Joined,
    Refused,
    Why,
    discharge_of_ticket,
    drop_tickets,
    forget_tickets,
    leave_chat,
    new_ticket,
    redeem,
)
from storage.followup.opt_outs import OptOut
from storage.followup.surveys import Stage, Survey
from storage.followup.tickets import Ticket
from storage.hospital_followup import Kind
from storage.house import House
from storage.identity import chat_hash, sender_hash
from tests.factories import MONDAY, make_house

DAY = timedelta(days=1)
HOME = MONDAY - DAY


@pytest.fixture(scope="module")
def house() -> House:
    return make_house()


def stay(
    session: Session, house: House, *, phone: str = "13812345678", standing: Standing = Standing.ACTIVE
) -> Discharge:
    """A discharge of yesterday with a number for SMS and the two usual surveys planned."""
    number = f"ZY{len(session.exec(select(Discharge)).all()):06d}"
    hashed = number_hash(house.vault, number)
    made = Discharge(
        uid=number, number_hash=hashed, number=b"", department="骨科", discharged_at=HOME, consent=True,
        changed_at=HOME, standing=standing,
    )  # fmt: skip
    keep_sealed(made, "number", number, vault=house.vault)
    if phone:
        made.channel, made.chat = "sms", chat_hash(house.vault, "sms", phone)
        keep_sealed(made, "address", phone, vault=house.vault)
        keep_sealed(made, "phone", phone, vault=house.vault)
    session.add(made)
    session.flush()
    for plan, kind, days in (("day3", Kind.SATISFACTION, 3), ("day30", Kind.INTEGRITY, 30)):
        due = HOME + days * DAY
        session.add(
            Survey(discharge_id=made.id or 0, plan=plan, plan_version="1", kind=kind, department="骨科",
                   due_at=due, next_at=due)
        )  # fmt: skip
    session.flush()
    return made


def ticket(
    session: Session,
    house: House,
    discharge: Discharge,
    *,
    survey_id: int | None = None,
    until: datetime = MONDAY + 60 * DAY,
) -> str:
    return new_ticket(session, discharge.id or 0, survey_id=survey_id, until=until, vault=house.vault)


def come(
    session: Session,
    house: House,
    code: str,
    who: str = "patient",
    channel: str = "telegram",
    now: datetime = MONDAY,
) -> Joined | Refused:
    return redeem(
        session, code, sender=sender_hash(house.vault, channel, who), channel=channel,
        chat=chat_hash(house.vault, channel, who), address=who, house=house, now=now,
    )  # fmt: skip


def surveys(session: Session, discharge: Discharge) -> dict[str, Survey]:
    found = session.exec(select(Survey).where(Survey.discharge_id == discharge.id))
    return {one.plan: one for one in found}


def test_a_code_is_twelve_digits_and_kept_as_a_hash(session: Session, house: House) -> None:
    code = ticket(session, house, stay(session, house))
    assert len(code) == DIGITS
    assert code.isdecimal()
    assert code[0] != "0"
    row = session.exec(select(Ticket)).one()
    assert code not in json.dumps(row.model_dump(), default=str)


def test_telegram_takes_the_place_of_sms(session: Session, house: House) -> None:
    discharge = stay(session, house)
    joined = come(session, house, ticket(session, house, discharge))
    assert joined == Joined(discharge, None, date(2025, 11, 26))
    assert (discharge.channel, discharge.chat) == ("telegram", chat_hash(house.vault, "telegram", "patient"))
    assert open_sealed(discharge, "address", vault=house.vault) == "patient"
    assert open_sealed(discharge, "phone", vault=house.vault) == "13812345678"
    assert (discharge.consent, discharge.joined_on) == (True, date(2025, 11, 24))


def test_the_same_sender_may_come_again_and_nobody_else(session: Session, house: House) -> None:
    code = ticket(session, house, discharge := stay(session, house))
    come(session, house, code)
    assert isinstance(come(session, house, code, now=MONDAY + 3 * DAY), Joined)
    assert come(session, house, code, "thief") == Refused(Why.USED)
    assert come(session, house, code, "patient", "web") == Refused(Why.USED)
    assert discharge.chat == chat_hash(house.vault, "telegram", "patient")


def test_on_the_page_nothing_of_the_chat_is_kept_with_the_discharge(session: Session, house: House) -> None:
    code = ticket(session, house, discharge := stay(session, house))
    before = discharge.model_dump()
    assert come(session, house, code, channel="web") == Joined(discharge, None, date(2025, 11, 26))
    assert discharge.model_dump() == before
    assert session.exec(select(Ticket.used_by)).one() is None


def test_on_the_page_the_paper_is_spent_only_with_the_first_question(session: Session, house: House) -> None:
    code = ticket(session, house, discharge := stay(session, house))
    come(session, house, code, "closed tab", "web")
    later = MONDAY + 3 * DAY
    joined = come(session, house, code, "fresh tab", "web", later)
    day3 = surveys(session, discharge)["day3"]
    assert joined == Joined(discharge, day3)
    assert (day3.stage, day3.reached, day3.chat) == (
        Stage.SENT,
        True,
        chat_hash(house.vault, "web", "fresh tab"),
    )
    assert come(session, house, code, "closed tab", "web", later) == Refused(Why.USED)
    assert discharge.channel == "sms"


def test_the_hour_of_coming_is_not_kept(session: Session, house: House) -> None:
    code = ticket(session, house, discharge := stay(session, house))
    come(session, house, code, channel="web", now=MONDAY + 3 * DAY)
    day3 = surveys(session, discharge)["day3"]
    assert day3.sent_at == datetime.fromisoformat("2025-11-26T16:00Z")
    assert day3.month == "2025-11"


def test_who_used_a_ticket_is_found_nowhere_else(session: Session, house: House) -> None:
    code = ticket(session, house, stay(session, house))
    come(session, house, code)
    row = session.exec(select(Ticket)).one()
    assert row.used_by
    assert row.used_by not in (
        sender_hash(house.vault, "telegram", "patient"), chat_hash(house.vault, "telegram", "patient"),
    )  # fmt: skip
    other = ticket(session, house, stay(session, house))
    come(session, house, other)
    assert len({one.used_by for one in session.exec(select(Ticket))}) == 2


def test_a_survey_that_was_sent_goes_on_where_the_patient_is(session: Session, house: House) -> None:
    discharge = stay(session, house)
    day3 = surveys(session, discharge)["day3"]
    day3.stage, day3.chat, day3.sent_at = Stage.SENT, discharge.chat, MONDAY
    code = ticket(session, house, discharge, survey_id=day3.id)
    assert come(session, house, code, channel="web") == Joined(discharge, day3)
    assert day3.chat == chat_hash(house.vault, "web", "patient")
    assert day3.sent_at == MONDAY


@pytest.mark.parametrize(("stage", "why"), [(Stage.STOPPED, "consent"), (Stage.UNREACHABLE, "")])
def test_what_had_no_way_is_planned_anew(session: Session, house: House, stage: Stage, why: str) -> None:
    discharge = stay(session, house, phone="")
    both = surveys(session, discharge)
    for survey in both.values():
        survey.stage, survey.why, survey.next_at = stage, why, None
    assert come(session, house, ticket(session, house, discharge)) == Joined(
        discharge, None, date(2025, 11, 26)
    )
    assert [(one.stage, one.why, one.next_at == one.due_at) for one in both.values()] == [
        (Stage.PLANNED, "", True)
    ] * 2


def test_what_was_stopped_for_another_reason_stays_stopped(session: Session, house: House) -> None:
    discharge = stay(session, house)
    both = surveys(session, discharge)
    for survey in both.values():
        survey.stage, survey.why, survey.next_at = Stage.STOPPED, "plan", None
    assert come(session, house, ticket(session, house, discharge)) == Joined(discharge)
    assert {one.stage for one in both.values()} == {Stage.STOPPED}


def test_who_comes_with_the_paper_is_asked_though_a_letter_would_be_too_late(
    session: Session, house: House
) -> None:
    discharge = stay(session, house, phone="")
    day3 = surveys(session, discharge)["day3"]
    day3.stage, day3.next_at = Stage.MISSED, None
    code = ticket(session, house, discharge)
    assert come(session, house, code, channel="web", now=MONDAY + 9 * DAY) == Joined(discharge, day3)


def test_an_answered_survey_is_not_begun_again(session: Session, house: House) -> None:
    discharge = stay(session, house)
    day3 = surveys(session, discharge)["day3"]
    day3.stage, day3.next_at = Stage.ANSWERED, None
    code = ticket(session, house, discharge, survey_id=day3.id)
    assert come(session, house, code, channel="web", now=MONDAY + 4 * DAY) == Joined(
        discharge, None, date(2025, 12, 23)
    )


@pytest.mark.parametrize(
    ("standing", "why"),
    [(one, Why.OPTED_OUT if one is Standing.OPTED_OUT else Why.OVER) for one in Standing
     if one is not Standing.ACTIVE],
)  # fmt: skip
def test_standing_is_respected_and_nothing_changes(
    session: Session, house: House, standing: Standing, why: Why
) -> None:
    discharge = stay(session, house, standing=standing)
    code = ticket(session, house, discharge)
    before = discharge.model_dump()
    assert come(session, house, code) == come(session, house, code, channel="web") == Refused(why)
    assert discharge.model_dump() == before
    assert session.exec(select(Ticket.used_by)).one() is None


def test_a_chat_that_wants_no_messages_joins_nothing(session: Session, house: House) -> None:
    discharge = stay(session, house)
    session.add(OptOut(chat=chat_hash(house.vault, "telegram", "patient"), since=date(2025, 1, 1)))
    assert come(session, house, ticket(session, house, discharge)) == Refused(Why.OPTED_OUT)
    assert discharge.channel == "sms"


def test_expired_unknown_and_foreign_codes_let_nobody_in(session: Session, house: House) -> None:
    discharge = stay(session, house)
    code = ticket(session, house, discharge, until=MONDAY)
    assert come(session, house, code) == Refused(Why.EXPIRED)
    assert come(session, house, code[::-1]) == Refused(Why.UNKNOWN)
    assert come(session, house, "") == Refused(Why.UNKNOWN)
    assert discharge.joined_on is None


def test_a_second_sheet_does_not_take_a_joined_chat_away(session: Session, house: House) -> None:
    discharge = stay(session, house)
    one, spare = ticket(session, house, discharge), ticket(session, house, discharge)
    come(session, house, one)
    assert come(session, house, spare, "finder") == Refused(Why.UNKNOWN)
    assert open_sealed(discharge, "address", vault=house.vault) == "patient"


def test_only_who_has_the_ticket_may_act_for_the_stay(session: Session, house: House) -> None:
    code = ticket(session, house, discharge := stay(session, house))

    def of(who: str, written: str = code) -> Discharge | None:
        sender = sender_hash(house.vault, "telegram", who)
        return discharge_of_ticket(session, written, sender=sender, vault=house.vault)

    assert of("anybody") == discharge
    come(session, house, code)
    assert (of("patient"), of("thief"), of("patient", "111111111111")) == (discharge, None, None)


def test_a_chat_that_was_not_the_patients_is_forgotten(session: Session, house: House) -> None:
    code = ticket(session, house, discharge := stay(session, house))
    come(session, house, code)
    leave_chat(session, discharge, chat_hash(house.vault, "telegram", "other"))
    assert discharge.address is not None
    leave_chat(session, discharge, chat_hash(house.vault, "telegram", "patient"))
    left = [discharge.channel, discharge.chat, discharge.address, discharge.joined_on]
    assert left == ["", None, None, None]


def test_tickets_go_when_their_time_is_over_or_they_were_not_handed_out(
    session: Session, house: House
) -> None:
    discharge = stay(session, house)
    kept = [ticket(session, house, discharge, until=MONDAY + days * DAY) for days in (1, 2, 3)]
    assert forget_tickets(session, now=MONDAY + DAY) == 1
    drop_tickets(session, kept[:2], vault=house.vault)
    assert len(session.exec(select(Ticket)).all()) == 1


def test_where_nobody_is_asked_no_ticket_lets_in(session: Session) -> None:
    silent = make_house(followup={"enabled": False})
    discharge = stay(session, silent)
    assert come(session, silent, ticket(session, silent, discharge)) == Refused(Why.OVER)
    assert discharge.joined_on is None
