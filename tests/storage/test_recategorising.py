"""The rules of the category an officer names hold at once: limits, offices, whatever is read later."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from nlp.reading import Verdict
from nlp.taxonomy import Category, Intent
from storage.cases import Case, Part, offices_of
from storage.clocks import Limit, running_clocks
from storage.corrections import Meaning
from storage.errors import CaseMoved
from storage.intake import add_to_case
from storage.members import Member
from storage.recategorising import correct_category, undo_correction, usual_lead
from storage.rerouting import reconsider
from storage.routing import Routing
from storage.trail_check import check_trail
from storage.triage import accept_case
from tests.factories import MONDAY, make_house, make_member, open_a_case
from tests.storage.tampering import running

HOUSE = make_house()
LATER = MONDAY + timedelta(days=2)
OTHER = Meaning(Intent.OTHER)
TEXT = "等了很久，没有人管"


def say(session: Session, case: Case, member: Member, intent: Intent, *categories: Category) -> None:
    correct_category(
        session, case, member, Meaning(intent, categories), said=OTHER, lists="abc", people=(), house=HOUSE,
        now=LATER,
    )  # fmt: skip


def limits(session: Session, case: Case) -> dict[Limit, int]:
    return {clock.kind: clock.days for clock in running_clocks(session, case.id or 0)}


def test_a_complaint_gets_the_limits_of_complaints_from_receipt_on(session: Session) -> None:
    member = make_member(session, HOUSE)
    case = open_a_case(session, HOUSE, TEXT)
    assert limits(session, case)[Limit.ANSWER] == HOUSE.hospital.clocks.discipline_answer
    say(session, case, member, Intent.COMPLAINT, Category.SERVICE_ATTITUDE)
    clocks = HOUSE.hospital.clocks
    assert limits(session, case) == {
        Limit.FIRST_LOOK: clocks.first_look,
        Limit.DECIDE: clocks.decide,
        Limit.ANSWER: clocks.complaint_answer,
    }
    answer = next(c for c in running_clocks(session, case.id or 0) if c.kind is Limit.ANSWER)
    assert answer.started_at == MONDAY
    assert case.due_at is not None


def test_praise_and_back_wins_no_time(session: Session) -> None:
    member = make_member(session, HOUSE)
    case = open_a_case(session, HOUSE, TEXT)
    before = {clock.kind: clock.due_at for clock in running_clocks(session, case.id or 0)}
    say(session, case, member, Intent.PRAISE)
    assert set(limits(session, case)) == {Limit.FIRST_LOOK}
    undo_correction(session, case, member, people=(), house=HOUSE, now=LATER)
    assert {clock.kind: clock.due_at for clock in running_clocks(session, case.id or 0)} == before


def test_an_accepted_case_gets_no_limit_for_deciding_again(session: Session) -> None:
    member = make_member(session, HOUSE)
    case = open_a_case(session, HOUSE, TEXT, intent=Intent.COMPLAINT, categories=[Category.SERVICE_ATTITUDE])
    accept_case(session, case, member, house=HOUSE, now=MONDAY)
    say(session, case, member, Intent.REPORT, Category.RED_ENVELOPE)
    assert limits(session, case) == {Limit.ANSWER: HOUSE.hospital.clocks.discipline_answer}


def test_later_words_do_not_change_what_an_officer_said(session: Session) -> None:
    member = make_member(session, HOUSE)
    case = open_a_case(session, HOUSE, TEXT)
    say(session, case, member, Intent.OTHER)
    add_to_case(session, case, "再补充一句", house=HOUSE, now=LATER)
    verdict = Verdict(Intent.REPORT, (Category.KICKBACK,), urgent=True)
    reconsider(session, case, verdict=verdict, routing=Routing("纪检办"), house=HOUSE, now=LATER)
    assert case.all_categories == ()
    assert case.intent is Intent.OTHER
    assert case.urgent


def test_what_came_in_danger_later_stays_urgent_after_undo(session: Session) -> None:
    member = make_member(session, HOUSE)
    case = open_a_case(session, HOUSE, TEXT)
    say(session, case, member, Intent.REPORT, Category.ILLEGAL_BIOMEDICAL)
    add_to_case(session, case, "我现在很危险", house=HOUSE, now=LATER)
    undo_correction(session, case, member, people=(), house=HOUSE, now=LATER)
    assert case.urgent


def test_nothing_to_take_back_is_told(session: Session) -> None:
    member = make_member(session, HOUSE)
    case = open_a_case(session, HOUSE, TEXT)
    with pytest.raises(CaseMoved):
        undo_correction(session, case, member, people=(), house=HOUSE, now=LATER)


def test_supporters_come_with_the_category_and_the_trail_stays_whole(session: Session) -> None:
    member = make_member(session, HOUSE)
    case = open_a_case(session, HOUSE, TEXT)
    say(session, case, member, Intent.REPORT, Category.KICKBACK)
    assert offices_of(session, case.id or 0, Part.SUPPORTING) == ("药剂科",)
    undo_correction(session, case, member, people=(), house=HOUSE, now=LATER)
    assert offices_of(session, case.id or 0, Part.SUPPORTING) == ()
    check_trail(running(session))


def test_usual_lead_is_that_of_the_first_category(session: Session) -> None:
    case = open_a_case(session, HOUSE, TEXT, categories=[Category.OUTSIDE_PURCHASE, Category.KICKBACK])
    assert usual_lead(case, HOUSE.hospital) == "药剂科"
