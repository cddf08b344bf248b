"""Who leaves, moves or is away orphans nothing: cases, reminders, cards, unfinished forms."""

import json
from typing import Any

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage.access import may_act, may_see, unmanned_offices
from storage.cards import remember_card
from storage.cases import Case, LeftOutPerson, Outcome, Status
from storage.dialogues import Dialogue, DialogueRow, save_dialogue
from storage.events import CONSOLE, case_history
from storage.handover import HandedOver, cover_office, give_up_cases, hand_over, held_cases
from storage.letters import Letter
from storage.members import Member, Role
from storage.outbox import announce
from storage.roster import Roster
from storage.triage import accept_case, close_case
from tests.factories import MONDAY, make_house, make_member, open_a_case

HOUSE = make_house()


@pytest.fixture
def anna(session: Session) -> Member:
    return make_member(session, HOUSE, "王芳", "药剂科")


@pytest.fixture
def bert(session: Session) -> Member:
    return make_member(session, HOUSE, "李强", "药剂科")


def taken(session: Session, member: Member, **changes: Any) -> Case:
    case = open_a_case(session, HOUSE, **{"lead": "药剂科"} | changes)
    accept_case(session, case, member, house=HOUSE, now=MONDAY)
    return case


def notices(session: Session, kind: str) -> list[tuple[str, list[int]]]:
    found = session.exec(select(Letter).where(col(Letter.notice).startswith(kind)).order_by(col(Letter.id)))
    return [(letter.audience or "", json.loads(letter.arguments).get("cases", [])) for letter in found]


def leave(session: Session, member: Member, to: Member | None = None) -> HandedOver:
    member.active = False
    session.flush()
    return give_up_cases(session, member, to=to, by=CONSOLE, house=HOUSE, now=MONDAY)


def test_a_colleague_takes_over_with_one_message_and_the_heads_are_told(
    session: Session, anna: Member, bert: Member
) -> None:
    cases = [taken(session, anna), taken(session, anna)]
    ids = [case.id for case in cases]
    assert leave(session, anna, to=bert) == HandedOver(given=2)
    assert [case.assignee_id for case in cases] == [bert.id, bert.id]
    assert notices(session, "handover.") == [(f"member:{bert.id}", ids), ("every_head:药剂科", ids)]
    assert case_history(session, ids[0] or 0)[-1].action == "handed_over"


def test_what_the_colleague_may_not_know_goes_back_to_the_office(
    session: Session, anna: Member, bert: Member
) -> None:
    plain, against = taken(session, anna), taken(session, anna, left_out_people=[bert.id])
    assert leave(session, anna, to=bert) == HandedOver(given=1, returned=1)
    assert (plain.assignee_id, against.assignee_id) == (bert.id, None)
    assert notices(session, "handover.returned") == [
        ("office:药剂科", [against.id]), ("heads:药剂科", [against.id]),
    ]  # fmt: skip


def test_a_sealed_case_is_spoken_of_to_supervisors_alone(session: Session) -> None:
    above = make_member(session, HOUSE, "何平", "人事科", Role.SUPERVISOR)
    case = taken(session, above, sealed=True)
    leave(session, above)
    assert notices(session, "handover.") == [("supervisors", [case.id])]


def test_reminders_cards_and_forms_of_who_leaves_go_too(session: Session, anna: Member, bert: Member) -> None:
    case = taken(session, anna)
    remember_card(
        session, case.id or 0, chat="c", channel="web", address="c", is_group=False,
        audience=f"member:{anna.id}", reference="1", opened=True, vault=HOUSE.vault, now=MONDAY,
    )  # fmt: skip
    announce(
        session, f"member:{anna.id}", "case.reminder", case_id=case.id, now=MONDAY, kind="answer", percent=50
    )
    form = Dialogue("form", "note", case.id, {})
    save_dialogue(session, anna.sender, form, vault=HOUSE.vault, until=MONDAY)
    leave(session, anna, to=bert)
    reminders = session.exec(select(Letter.audience).where(Letter.notice == "case.reminder")).all()
    assert list(reminders) == [f"member:{bert.id}"]
    assert session.exec(select(Letter.id).where(Letter.notice == "case.card")).all()
    assert session.exec(select(DialogueRow)).all() == []


def test_closed_cases_stay_as_they_are(session: Session, anna: Member) -> None:
    case = taken(session, anna)
    close_case(session, case, anna, Outcome.UNSUBSTANTIATED, "", "查过了", house=HOUSE, now=MONDAY)
    assert leave(session, anna) == HandedOver()
    assert case.status is Status.CLOSED


def test_only_the_named_cases_are_handed_over(session: Session, anna: Member, bert: Member) -> None:
    first, second = taken(session, anna), taken(session, anna)
    hand_over(session, anna, [first], to=bert, by="member:1", house=HOUSE, now=MONDAY)
    assert held_cases(session, anna) == [second]


def test_discipline_covers_an_office_the_last_one_left_and_is_told(session: Session, anna: Member) -> None:
    case = open_a_case(session, HOUSE, lead="药剂科")
    discipline = make_member(session, HOUSE, "孙立")
    leave(session, anna)
    cover(session, "药剂科")
    assert notices(session, "handover.covering") == [("office:纪检办", [case.id])]
    assert may_act(session, case, discipline, HOUSE.hospital)


def test_who_would_cover_an_office_is_first_looked_for_in_its_cases(session: Session, anna: Member) -> None:
    case = open_a_case(session, HOUSE, "药剂科的药，纪检办孙立收了钱。", lead="药剂科")
    accused = make_member(session, HOUSE, "孙立")
    make_member(session, HOUSE, "何平", "人事科", Role.SUPERVISOR)
    leave(session, anna)
    cover(session, "药剂科")
    assert not may_see(session, case, accused, HOUSE.hospital)


def test_an_office_left_to_who_may_not_know_loses_the_case(
    session: Session, anna: Member, bert: Member
) -> None:
    make_member(session, HOUSE, "孙立")
    case = open_a_case(session, HOUSE, lead="药剂科", left_out_people=[bert.id])
    leave(session, anna)
    cover(session, "药剂科")
    assert (case.lead_office, case.sealed) == ("纪检办", False)
    assert session.get(LeftOutPerson, (case.id, bert.id)) is not None


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.STAFF])
def test_who_handles_no_cases_does_not_man_an_office(session: Session, role: Role) -> None:
    member = make_member(session, HOUSE, "吴工", "药剂科", role)
    discipline = make_member(session, HOUSE, "孙立")
    case = open_a_case(session, HOUSE, lead="药剂科")
    assert "药剂科" in unmanned_offices(session, HOUSE.hospital)
    assert may_act(session, case, discipline, HOUSE.hospital)
    assert not may_see(session, case, member, HOUSE.hospital)


def cover(session: Session, office: str) -> None:
    people = Roster().people(session, vault=HOUSE.vault)
    cover_office(session, office, people=people, house=HOUSE, now=MONDAY)


def test_a_group_of_copies_moves_as_one_and_is_told_once(session: Session, anna: Member) -> None:
    """Who covers the office is named in words that three people sent."""
    words, likeness = "药剂科的药，纪检办孙立收了钱。", "like"
    make_member(session, HOUSE, "何平", "人事科", Role.SUPERVISOR)
    cases = [open_a_case(session, HOUSE, words, lead="药剂科", likeness=likeness) for _ in range(4)]
    assert {case.same_as for case in cases[1:]} == {cases[0].id}
    make_member(session, HOUSE, "孙立")
    session.execute(delete(Letter))
    leave(session, anna)
    cover(session, "药剂科")
    assert all(case.sealed for case in cases)
    assert {case.same_as for case in cases[1:]} == {cases[0].id}
    assert len(notices(session, "case.new")) == 1
