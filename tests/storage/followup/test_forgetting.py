"""After their days number and address of a stay go; who is still asked is kept, and figures stay."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from storage.followup.answering import finish, open_now
from storage.followup.discharges import Discharge, Standing
from storage.followup.forgetting import forget_discharges
from storage.followup.importing import DischargeRow, put_discharges
from storage.followup.stopping import set_standing
from storage.followup.surveys import keep_answers
from storage.followup.tickets import Ticket
from storage.house import House
from tests.factories import make_house
from tests.storage.followup.stays import PHONE, local, make_stay, surveys_of

LEFT = local("2026-11-20 14:00")
DAYS = timedelta(days=90)


@pytest.fixture(scope="module")
def house() -> House:
    return make_house(retention={"discharges": 90})


def forget(session: Session, house: House, now: datetime) -> None:
    session.flush()
    while forget_discharges(session, house=house, now=now):
        session.flush()
    session.expire_all()


def is_forgotten(stay: Discharge) -> bool:
    gone = [stay.number, stay.phone, stay.address, stay.chat]
    assert len({one is None for one in gone}) == 1
    return stay.number is None


def answer_all(session: Session, house: House, stay: Discharge) -> None:
    for survey in surveys_of(session, stay).values():
        open_now(session, survey, chat=stay.chat, reached=True, house=house, now=survey.due_at)
        survey.score = 5
        finish(session, survey, now=survey.due_at)


def test_days_are_counted_from_the_last_question(session: Session, house: House) -> None:
    stay = make_stay(session, house, LEFT)
    answer_all(session, house, stay)
    last = local("2026-12-20 10:00")
    forget(session, house, last + DAYS - timedelta(days=1))
    assert not is_forgotten(stay)
    forget(session, house, last + DAYS + timedelta(days=1))
    assert is_forgotten(stay)


def test_department_and_answers_stay_and_the_hash_that_knows_it_again(session: Session, house: House) -> None:
    stay = make_stay(session, house, LEFT)
    known = stay.number_hash
    answer_all(session, house, stay)
    session.add(Ticket(code="c", discharge_id=stay.id or 0, until=LEFT))
    forget(session, house, LEFT + timedelta(days=365))
    assert (stay.number_hash, stay.department, stay.discharged_at) == (known, "骨科", LEFT)
    assert {one.score for one in surveys_of(session, stay).values()} == {5}
    assert session.get(Ticket, "c") is None


def test_the_single_answers_go_with_the_number(session: Session, house: House) -> None:
    stay, other = make_stay(session, house, LEFT), make_stay(session, house, LEFT + timedelta(days=300))
    answer_all(session, house, stay)
    for one in (stay, other):
        for survey in surveys_of(session, one).values():
            keep_answers(survey, {"overall": 5, "nurse": 1}, vault=house.vault)
    forget(session, house, LEFT + timedelta(days=310))
    assert is_forgotten(stay)
    assert {survey.answers for survey in surveys_of(session, stay).values()} == {None}
    assert None not in {survey.answers for survey in surveys_of(session, other).values()}


def test_whoever_is_still_planned_or_open_is_kept(session: Session, house: House) -> None:
    planned = make_stay(session, house, LEFT)
    opened = make_stay(session, house, LEFT)
    for survey in surveys_of(session, opened).values():
        open_now(session, survey, chat="c", reached=True, house=house, now=LEFT)
    forget(session, house, LEFT + timedelta(days=365))
    assert not is_forgotten(planned)
    assert not is_forgotten(opened)


def test_where_nobody_is_asked_any_more_nobody_is_kept_for_it(session: Session) -> None:
    off = make_house(retention={"discharges": 90}, followup={"enabled": False})
    stay = make_stay(session, off, LEFT)
    opened = surveys_of(session, stay)["day3"]
    open_now(session, opened, chat=stay.chat, reached=True, house=off, now=opened.due_at)
    forget(session, off, local("2026-12-20 10:00") + DAYS - timedelta(days=1))
    assert not is_forgotten(stay)
    forget(session, off, local("2026-12-20 10:00") + DAYS + timedelta(days=1))
    assert is_forgotten(stay)
    assert opened.chat is None


def test_a_stay_of_which_nothing_was_asked_goes_after_its_own_day(session: Session, house: House) -> None:
    stay = make_stay(session, house, LEFT)
    set_standing(session, stay, Standing.DECEASED, now=LEFT)
    forget(session, house, LEFT + DAYS - timedelta(days=1))
    assert not is_forgotten(stay)
    forget(session, house, LEFT + DAYS + timedelta(days=1))
    assert is_forgotten(stay)


def test_each_stay_is_looked_at_once_a_day(session: Session, house: House) -> None:
    stay = make_stay(session, house, LEFT)
    answer_all(session, house, stay)
    session.flush()
    now = LEFT + timedelta(days=10)
    assert forget_discharges(session, house=house, now=now)
    assert not forget_discharges(session, house=house, now=now)
    assert not forget_discharges(session, house=house, now=now + timedelta(hours=1))
    assert forget_discharges(session, house=house, now=now + timedelta(days=1))


def test_the_same_row_imported_once_more_brings_nothing_back(session: Session, house: House) -> None:
    row = DischargeRow("A1", "骨科", LEFT, "一病区", "sms", PHONE, True, "zh")
    later = LEFT + timedelta(days=365)
    put_discharges(session, [row], house=house, now=LEFT)
    session.flush()
    stay = session.exec(select(Discharge)).one()
    answer_all(session, house, stay)
    forget(session, house, later)
    again = put_discharges(session, [row], house=house, now=later)
    session.flush()
    assert (again.added, again.unchanged) == (0, 1)
    assert is_forgotten(stay)
