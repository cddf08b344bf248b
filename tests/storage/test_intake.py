"""A report comes in, and what follows is added and thought over: nobody newly named keeps the case."""

from collections.abc import Sequence

import pytest
from sqlmodel import Session, col, select

from nlp.reading import Verdict
from nlp.taxonomy import Category, Intent
from storage.cases import Case, Part, Status, offices_of, people_left_out
from storage.clocks import Limit, running_clocks
from storage.entries import reported_text
from storage.events import case_history
from storage.intake import add_to_case
from storage.letters import Letter
from storage.rerouting import reconsider
from storage.routing import Routing
from storage.triage import accept_case, transfer_case
from tests.factories import MONDAY, TEXT, make_house, make_member, open_a_case

HOUSE = make_house()
ENVELOPE, RUDE, OUTSIDE = Category.RED_ENVELOPE, Category.SERVICE_ATTITUDE, Category.OUTSIDE_PURCHASE


def verdict(*categories: Category, urgent: bool = False, intent: Intent = Intent.REPORT) -> Verdict:
    return Verdict(intent, categories, urgent, 0.9, False, ())


def told(session: Session) -> list[str]:
    """Whom word was left for since the last look."""
    letters = session.exec(select(Letter).where(col(Letter.chat).is_(None)).order_by(col(Letter.id)))
    found = []
    for letter in letters:
        found.append(f"{letter.audience} {letter.notice}")
        session.delete(letter)
    session.flush()
    return found


def think_over(session: Session, case: Case, read: Verdict, routing: Routing) -> None:
    reconsider(session, case, verdict=read, routing=routing, house=HOUSE, now=MONDAY)


@pytest.mark.parametrize(
    ("changes", "audiences"),
    [
        ({}, ["office:药剂科"]),
        ({"urgent": True}, ["office:药剂科", "heads:药剂科", "office:纪检办"]),
        ({"lead": "纪检办", "urgent": True}, ["office:纪检办", "heads:纪检办"]),
        ({"sealed": True, "urgent": True}, ["supervisors"]),
    ],
)
def test_a_new_case_leaves_word_for_whoever_has_to_look(
    session: Session, changes: dict[str, object], audiences: list[str]
) -> None:
    open_a_case(session, HOUSE, **{"lead": "药剂科"} | changes)  # type: ignore[arg-type]
    assert told(session) == [f"{audience} case.new" for audience in audiences]


def test_opening_keeps_words_limits_offices_and_a_trail_without_content(session: Session) -> None:
    case = open_a_case(session, HOUSE, supporting=["药剂科"], left_out_offices=["设备科"])
    assert reported_text(session, case.id or 0, vault=HOUSE.vault) == TEXT
    assert {clock.kind for clock in running_clocks(session, case.id or 0)} == set(Limit)
    assert offices_of(session, case.id or 0, Part.SUPPORTING) == ("药剂科",)
    assert offices_of(session, case.id or 0, Part.LEFT_OUT) == ("设备科",)
    [event] = case_history(session, case.id or 0)
    assert (event.actor, event.action) == ("reporter", "opened")
    assert case.number == f"2025-{case.id:05d}"
    assert not any(word in repr(case) + event.detail for word in ("两千", "骨科", "13812345678"))


@pytest.mark.parametrize(
    ("status", "assigned", "sealed", "audience"),
    [
        (Status.RECEIVED, False, False, []),
        (Status.ACCEPTED, True, False, ["member:1 case.added"]),
        (Status.ACCEPTED, False, False, ["office:纪检办 case.added"]),
        (Status.CLOSED, True, True, ["supervisors case.added"]),
    ],
)
def test_an_addition_tells_whoever_handles_the_case(
    session: Session, status: Status, assigned: bool, sealed: bool, audience: list[str]
) -> None:
    member = make_member(session, HOUSE)
    case = open_a_case(session, HOUSE, sealed=sealed)
    case.status, case.assignee_id = status, member.id if assigned else None
    told(session)
    add_to_case(session, case, "补充", house=HOUSE, now=MONDAY)
    assert told(session) == audience


def test_an_office_named_later_loses_the_case_and_its_limits_start_anew(session: Session) -> None:
    member = make_member(session, HOUSE, "王芳", "药剂科")
    case = open_a_case(session, HOUSE, lead="药剂科", categories=[OUTSIDE], supporting=["医务科"])
    accept_case(session, case, member, house=HOUSE, now=MONDAY)
    told(session)
    think_over(session, case, verdict(OUTSIDE), Routing("纪检办", left_out_offices=("药剂科", "医务科")))
    assert (case.lead_office, case.assignee_id, case.status) == ("纪检办", None, Status.RECEIVED)
    assert offices_of(session, case.id or 0, Part.SUPPORTING) == ()
    assert "office:纪检办 case.new" in told(session)
    kinds = [clock.kind for clock in running_clocks(session, case.id or 0)]
    assert sorted(kinds) == ["answer", "decide", "first_look"]


def test_an_assignee_named_later_loses_the_case_and_the_office_keeps_it(session: Session) -> None:
    member = make_member(session, HOUSE, "王芳", "药剂科")
    make_member(session, HOUSE, "周洁", "药剂科")
    case = open_a_case(session, HOUSE, lead="纪检办")
    transfer_case(session, case, member, "药剂科", "归他们", house=HOUSE, now=MONDAY)
    accept_case(session, case, member, house=HOUSE, now=MONDAY)
    think_over(session, case, verdict(ENVELOPE), Routing("纪检办", left_out_people=(member.id or 0,)))
    assert (case.lead_office, case.assignee_id, case.status) == ("药剂科", None, Status.RECEIVED)
    assert people_left_out(session, case.id or 0) == {member.id}


@pytest.mark.parametrize(
    "routing", [Routing("纪检办", sealed=True), Routing("药剂科", left_out_offices=("纪检办",))]
)
def test_what_seals_later_leaves_only_supervisors_and_never_comes_off(
    session: Session, routing: Routing
) -> None:
    case = open_a_case(session, HOUSE, lead="药剂科")
    told(session)
    think_over(session, case, verdict(ENVELOPE), routing)
    assert (case.sealed, case.lead_office) == (True, "纪检办")
    assert told(session) == ["supervisors case.new"]
    think_over(session, case, verdict(ENVELOPE), Routing("药剂科"))
    assert case.sealed
    assert told(session) == []


def test_who_was_left_out_does_not_come_back_when_the_whole_reads_otherwise(session: Session) -> None:
    case = open_a_case(session, HOUSE, left_out_offices=["药剂科"], left_out_people=[7])
    think_over(session, case, verdict(OUTSIDE), Routing("药剂科", ("药剂科",)))
    assert case.lead_office == "纪检办"
    assert offices_of(session, case.id or 0, Part.LEFT_OUT) == ("药剂科",)
    assert people_left_out(session, case.id or 0) == {7}


@pytest.mark.parametrize(
    ("before", "read", "lead", "after", "categories"),
    [
        ([], [ENVELOPE], "投诉办", "纪检办", "red_envelope"),
        ([RUDE], [ENVELOPE, RUDE], "投诉办", "纪检办", "red_envelope,service_attitude"),
        ([ENVELOPE], [ENVELOPE], "药剂科", "药剂科", "red_envelope"),
        ([ENVELOPE], [], "药剂科", "药剂科", "red_envelope"),
    ],
)
def test_a_subject_learnt_before_anybody_decided_takes_the_case_to_its_office(
    session: Session,
    before: Sequence[Category],
    read: Sequence[Category],
    lead: str,
    after: str,
    categories: str,
) -> None:
    case = open_a_case(session, HOUSE, lead=lead, categories=before, supporting=["纪检办"])
    think_over(session, case, verdict(*read), Routing("纪检办", ("药剂科",)))
    assert (case.lead_office, case.categories) == (after, categories)
    assert case.lead_office not in offices_of(session, case.id or 0, Part.SUPPORTING)


def test_what_an_officer_transferred_stays_where_it_was_sent(session: Session) -> None:
    member = make_member(session, HOUSE)
    case = open_a_case(session, HOUSE, lead="投诉办", categories=[RUDE])
    transfer_case(session, case, member, "医务科", "归他们", house=HOUSE, now=MONDAY)
    think_over(session, case, verdict(ENVELOPE, RUDE), Routing("纪检办"))
    assert (case.lead_office, case.categories) == ("医务科", "service_attitude")


def test_danger_told_later_is_pushed_at_once_and_only_once(session: Session) -> None:
    case = open_a_case(session, HOUSE, lead="药剂科", categories=[OUTSIDE])
    told(session)
    for _ in range(2):
        think_over(session, case, verdict(OUTSIDE, urgent=True), Routing("药剂科"))
    assert told(session) == [
        f"{audience} case.new" for audience in ("office:药剂科", "heads:药剂科", "office:纪检办")
    ]
