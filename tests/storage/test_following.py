"""What was decided on a case reaches the reporters of its copies, slice by slice."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from nlp.taxonomy import Category, Intent
from storage import following
from storage.cases import Case, Outcome, Status
from storage.corrections import Meaning
from storage.entries import Kind, thread
from storage.events import case_history
from storage.following import follow_up
from storage.letters import Letter
from storage.recategorising import correct_category
from storage.subscriptions import subscribe
from storage.triage import accept_case, add_note, close_case, refuse_case, reopen_case, transfer_case
from tests.factories import MONDAY, make_house, make_member, open_a_case

HOUSE = make_house()
ALIKE = "a" * 32
SOON = MONDAY + timedelta(minutes=1)


def group(session: Session, count: int) -> list[Case]:
    return [open_a_case(session, HOUSE, likeness=ALIKE) for _ in range(count)]


def run(session: Session, now: datetime = SOON) -> None:
    for _ in range(50):
        if not follow_up(session, house=HOUSE, now=now):
            return
    raise AssertionError("it never ends")


def steps(session: Session, case: Case) -> list[tuple[str, str]]:
    entries = thread(session, case.id or 0, vault=HOUSE.vault, shared_only=True)
    return [(str(one.facts["step"]), one.text) for one in entries if one.kind is Kind.STEP]


def test_every_step_is_told_to_all_in_the_same_words(session: Session) -> None:
    officer = make_member(session, HOUSE)
    first, *copies = group(session, 4)
    accept_case(session, first, officer, house=HOUSE, now=MONDAY)
    add_note(session, first, officer, "只给自己人看", house=HOUSE, now=MONDAY)
    close_case(
        session, first, officer, Outcome.REFERRED, "内部处分", "已经移送", referred_to="市纪委", house=HOUSE,
        now=MONDAY,
    )  # fmt: skip
    run(session)
    for case in copies:
        session.refresh(case)
        assert steps(session, case) == steps(session, first) == [("accepted", ""), ("closed", "已经移送")]
        assert (case.status, case.outcome, case.closed_at) == (Status.CLOSED, Outcome.REFERRED, MONDAY)
        everything = " ".join(one.text for one in thread(session, case.id or 0, vault=HOUSE.vault))
        assert "只给自己人看" not in everything
        assert "内部处分" not in everything
        told = [event for event in case_history(session, case.id or 0) if event.action == "closed"]
        assert told[0].actor == f"member:{officer.id}"
        assert "市纪委" not in told[0].detail


def test_a_slice_is_bounded_and_a_stop_in_between_loses_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "AT_ONCE", 3)
    officer = make_member(session, HOUSE)
    first, *copies = group(session, 12)
    accept_case(session, first, officer, house=HOUSE, now=MONDAY)

    def behind() -> int:
        return len(session.exec(select(Case).where(Case.status == Status.RECEIVED)).all())

    assert behind() == 8, "a few at once, in the transaction of the decision"
    assert follow_up(session, house=HOUSE, now=SOON, limit=5) == 5
    assert behind() == 3
    refused = MONDAY + timedelta(minutes=2)
    close_case(session, first, officer, Outcome.UNSUBSTANTIATED, "", "没有", house=HOUSE, now=refused)
    run(session, refused)
    for case in copies:
        session.refresh(case)
        assert [name for name, _ in steps(session, case)] == ["accepted", "closed"], "each step once"
    assert follow_up(session, house=HOUSE, now=refused + timedelta(days=1)) == 0


def test_a_transfer_takes_all_along_at_once(session: Session) -> None:
    """Before anybody was told: the old office must not go on reading what the new one has."""
    officer = make_member(session, HOUSE)
    first, second = group(session, 2)
    transfer_case(session, first, officer, "医务科", "归口", house=HOUSE, now=MONDAY)
    session.refresh(second)
    assert second.lead_office == "医务科"
    assert second.due_at is None


def test_a_corrected_category_and_its_seal_hold_for_the_copies(session: Session) -> None:
    officer = make_member(session, HOUSE)
    first, second = group(session, 2)
    meant = Meaning(Intent.REPORT, (Category.COVERUP_RETALIATION,))
    correct_category(session, first, officer, meant, said=meant, lists="", people=(), house=HOUSE, now=MONDAY)
    session.refresh(second)
    assert second.sealed
    assert second.all_categories == (Category.COVERUP_RETALIATION,)


def test_reopening_reaches_everybody_who_was_answered(session: Session) -> None:
    officer = make_member(session, HOUSE)
    first, second = group(session, 2)
    refuse_case(session, first, officer, "不归我们", house=HOUSE, now=MONDAY)
    reopen_case(session, first, officer, "弄错了", house=HOUSE, now=MONDAY)
    run(session)
    session.refresh(second)
    assert (second.status, second.closed_at) == (Status.INVESTIGATING, None)
    assert [name for name, _ in steps(session, second)] == ["closed", "reopened"]


def test_only_who_asked_for_it_is_pushed(session: Session) -> None:
    officer = make_member(session, HOUSE)
    first, _, third = group(session, 3)
    subscribe(session, third.id or 0, channel="web", address="there", vault=HOUSE.vault)
    accept_case(session, first, officer, house=HOUSE, now=MONDAY)
    run(session)
    news = select(Letter.case_id).where(col(Letter.notice) == "reporter.news").order_by(col(Letter.id))
    assert set(session.exec(news)) == {first.id, third.id}


def test_who_sends_the_words_to_find_out_hears_no_sooner_than_anybody(session: Session) -> None:
    """An accused with a copy of a leaked report must not learn from an answer that it was sent before."""
    officer = make_member(session, HOUSE)
    first = group(session, 1)[0]
    accept_case(session, first, officer, house=HOUSE, now=MONDAY)
    probe = open_a_case(session, HOUSE, likeness=ALIKE, now=MONDAY + timedelta(hours=1))
    assert probe.same_as == first.id
    assert probe.status is Status.RECEIVED
    run(session, MONDAY + timedelta(hours=20))
    session.refresh(probe)
    assert probe.status is Status.RECEIVED, "nothing before the next working morning"
    run(session, MONDAY + timedelta(hours=34))
    session.refresh(probe)
    assert steps(session, probe) == [("accepted", "")]


def test_ten_thousand_copies_make_one_card_and_one_redrawing(session: Session) -> None:
    first, *_ = group(session, 200)
    pushed = session.exec(select(Letter).where(col(Letter.notice) == "case.new")).all()
    assert len(pushed) == 1
    session.refresh(first)
    assert first.follow_at == MONDAY + timedelta(minutes=10)
    assert follow_up(session, house=HOUSE, now=MONDAY + timedelta(minutes=9)) == 0
    assert follow_up(session, house=HOUSE, now=MONDAY + timedelta(minutes=10)) == 1
    assert first.follow_at is None
