"""A move, a second account or a new invitation is no way to a case somebody was kept from."""

import pytest
from sqlmodel import Session

from storage.access import may_see
from storage.cases import Case, Cause, LeftOutPerson
from storage.former_places import keep_out_as_before
from storage.members import Member, Role, add_member
from storage.recusal import recused_members
from storage.roster import Roster
from tests.factories import FIXED_VAULT, MONDAY, make_house, make_member, open_a_case

HOUSE = make_house()


@pytest.fixture
def accused_office(session: Session) -> Case:
    make_member(session, HOUSE, "同事", "药剂科")
    return open_a_case(session, HOUSE, "药剂科的人都收回扣", left_out_offices=["药剂科"])


def keep_out(session: Session, member: Member, former: str | None) -> None:
    people = Roster().people(session, vault=FIXED_VAULT)
    keep_out_as_before(session, member, former, people=people, vault=FIXED_VAULT)


def move(session: Session, member: Member, office: str, role: Role = Role.OFFICER) -> None:
    former = member.office
    add_member(
        session, sender=member.sender, channel="web", address="李明", name="李明", office=office, role=role,
        vault=FIXED_VAULT, now=MONDAY,
    )  # fmt: skip
    keep_out(session, member, former)


def seen(session: Session, case: Case, member: Member) -> bool:
    return may_see(session, case, member, HOUSE.hospital)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR])
def test_who_leaves_the_accused_office_does_not_read_of_it_elsewhere(
    session: Session, accused_office: Case, role: Role
) -> None:
    member = make_member(session, HOUSE, "李明", "药剂科")
    move(session, member, "人事科")
    move(session, member, "纪检办", role)
    assert not seen(session, accused_office, member)
    assert recused_members(session, accused_office) == [member]  # a supervisor may take it back


def test_a_second_account_of_the_same_name_brings_nothing(session: Session) -> None:
    case = open_a_case(session, HOUSE)
    first = make_member(session, HOUSE, "李明", channel="telegram")
    session.add(LeftOutPerson(case_id=case.id or 0, member_id=first.id or 0, cause=Cause.RECUSED))
    first.active = False
    second, other = make_member(session, HOUSE, "李 明"), make_member(session, HOUSE, "韩梅")
    for one in (second, other):
        keep_out(session, one, None)
    assert (seen(session, case, second), seen(session, case, other)) == (False, True)


def test_a_second_account_in_another_office_brings_nothing(session: Session, accused_office: Case) -> None:
    make_member(session, HOUSE, "李明", "药剂科", channel="telegram")
    second = make_member(session, HOUSE, "李明")
    keep_out(session, second, None)
    assert not seen(session, accused_office, second)


def test_cases_of_others_stay_open_to_who_moves(session: Session) -> None:
    member = make_member(session, HOUSE, "李明", "药剂科")
    case = open_a_case(session, HOUSE, left_out_offices=["设备科"])
    move(session, member, "纪检办")
    assert seen(session, case, member)
