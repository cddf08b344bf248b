"""The same long text from several people: one case to handle, a case and receipt for each."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from nlp.taxonomy import Category, Intent
from storage.cases import Case, Outcome, Part, offices_of, people_left_out
from storage.clocks import running_clocks
from storage.copies import copies_of, count_all_copies, count_copies, pass_on, stand_alone
from storage.events import case_history
from storage.letters import Letter
from storage.lists import Listing, list_cases
from storage.messages import StoredFile
from storage.triage import accept_case, close_case, transfer_case
from tests.factories import MONDAY, make_house, make_member, open_a_case

HOUSE = make_house()
ALIKE = "a" * 32


def told(session: Session, **how: Any) -> Case:
    return open_a_case(session, HOUSE, **{"likeness": ALIKE, **how})


def pushes(session: Session, case: Case) -> list[str]:
    found = select(Letter.notice).where(Letter.case_id == case.id, col(Letter.notice) == "case.new")
    return [str(one) for one in session.exec(found)]


def test_the_second_has_its_own_receipt_and_thread_but_no_push_and_no_clock(session: Session) -> None:
    first, second = told(session), told(session)
    assert (first.same_as, second.same_as) == (None, first.id)
    assert first.receipt != second.receipt
    assert pushes(session, first)
    assert not pushes(session, second)
    assert running_clocks(session, first.id or 0)
    assert not running_clocks(session, second.id or 0)
    assert second.due_at is None
    assert [event.action for event in case_history(session, second.id or 0)] == ["opened", "same_as"]
    assert count_copies(session, first) == 1
    assert told(session).same_as == first.id, "all of them under the first, never in a chain"


@pytest.mark.parametrize(
    "other",
    [
        {"urgent": True},
        {"lead": "药剂科"},
        {"sealed": True},
        {"intent": Intent.PRAISE},
        {"intent": Intent.INQUIRY},
        {"likeness": "b" * 32},
        {"likeness": ""},
        {"left_out_offices": ["药剂科"]},
        {"left_out_people": [77]},
        {"files": [StoredFile("f" * 16, "照片.jpg", "image/jpeg", 10)]},
        {"now": MONDAY + timedelta(days=31)},
    ],
)
def test_what_adds_anything_stands_on_its_own_and_is_pushed(session: Session, other: dict[str, Any]) -> None:
    told(session)
    second = told(session, **other)
    assert second.same_as is None
    assert pushes(session, second)
    assert running_clocks(session, second.id or 0)


def test_none_of_them_joins_where_the_hospital_wants_it_so(session: Session) -> None:
    house = make_house(copies={"joined_days": 0})
    open_a_case(session, house, likeness=ALIKE)
    assert open_a_case(session, house, likeness=ALIKE).same_as is None


def test_a_copy_leaves_out_whom_the_first_leaves_out(session: Session) -> None:
    first = told(session, left_out_offices=["药剂科"], left_out_people=[5])
    second = told(session)
    assert second.same_as == first.id
    assert offices_of(session, second.id or 0, Part.LEFT_OUT) == ("药剂科",)
    assert people_left_out(session, second.id or 0) == {5}


def test_a_closed_or_transferred_case_draws_no_copies(session: Session) -> None:
    officer = make_member(session, HOUSE)
    first = told(session)
    transfer_case(session, first, officer, "医务科", "归口", house=HOUSE, now=MONDAY)
    second = told(session)
    assert second.same_as is None
    assert told(session).same_as == second.id
    accept_case(session, second, officer, house=HOUSE, now=MONDAY)
    close_case(session, second, officer, Outcome.UNSUBSTANTIATED, "", "查过了", house=HOUSE, now=MONDAY)
    assert second.likeness is None
    assert told(session).same_as is None


def test_lists_show_the_first_with_its_count_and_stay_short(session: Session) -> None:
    officer = make_member(session, HOUSE)
    first = told(session)
    copies = [told(session) for _ in range(12)]
    other = open_a_case(session, HOUSE, "别的事情", categories=[Category.KICKBACK])
    listed, more = list_cases(session, Listing.OFFICE, officer, hospital=HOUSE.hospital, now=MONDAY)
    assert ([case.id for case in listed], more) == ([first.id, other.id], False)
    assert count_all_copies(session, listed) == {first.id: 12}
    page, more = copies_of(session, first)
    assert ([one.id for one in page], more) == ([one.id for one in copies[:8]], True)
    page, more = copies_of(session, first, 1)
    assert ([one.id for one in page], more) == ([one.id for one in copies[8:]], False)


def test_who_stands_alone_runs_from_the_own_receipt_and_is_overdue_if_it_is(session: Session) -> None:
    told(session)
    second = told(session)
    later = MONDAY + timedelta(days=20)
    stand_alone(session, second, house=HOUSE, now=later)
    due = {str(clock.kind): clock.due_at for clock in running_clocks(session, second.id or 0)}
    assert due["decide"] < later, "its limit is over, and that is said"
    assert due["first_look"] > later, "what is new about it is looked at anew"
    assert second.due_at == min(due.values())
    assert (second.same_as, second.likeness) == (None, None)


def test_the_rest_goes_on_under_the_oldest(session: Session) -> None:
    first, second, third, fourth = (told(session) for _ in range(4))
    assert [case.id for case in pass_on(session, first, house=HOUSE, now=MONDAY)] == [second.id]
    for case in (third, fourth):
        session.refresh(case)
    assert (first.likeness, second.same_as) == (None, None)
    assert third.same_as == fourth.same_as == second.id
    assert running_clocks(session, second.id or 0)
    assert told(session).same_as == second.id
