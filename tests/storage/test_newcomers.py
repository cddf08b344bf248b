"""A report that names somebody stays closed to them even if they join the staff only afterwards."""

from dataclasses import replace

import pytest
from sqlmodel import Session

from storage.access import may_see
from storage.cases import Case
from storage.members import Member, Role
from storage.newcomers import look_through_cases
from storage.roster import Roster
from tests.factories import make_house, make_member, open_a_case

HOUSE = make_house()


def join(session: Session, name: str, office: str, role: Role = Role.OFFICER) -> Member:
    member = make_member(session, HOUSE, name, office, role)
    people = Roster().people(session, vault=HOUSE.vault)
    look_through_cases(session, member, people, house=HOUSE, now=member.joined_at)
    return member


@pytest.mark.parametrize(
    ("text", "name", "office", "role", "sees", "sealed"),
    [
        ("骨科王芳收了我两千块", "王芳", "药剂科", Role.OFFICER, False, False),
        ("骨科王芳收了我两千块", "周洁", "药剂科", Role.OFFICER, True, False),
        ("骨科王芳收了我两千块", "王芳", "投诉办", Role.SUPERVISOR, False, False),
        ("骨科王芳收了我两千块", "李静", "投诉办", Role.SUPERVISOR, True, False),
    ],
)
def test_the_newcomer_who_is_named_never_sees_the_case(
    session: Session, text: str, name: str, office: str, role: Role, sees: bool, sealed: bool
) -> None:
    make_member(session, HOUSE, "同事甲", "药剂科")
    make_member(session, HOUSE, "同事乙", "投诉办")
    case = open_a_case(session, HOUSE, text, lead="药剂科")
    member = join(session, name, office, role)
    assert (may_see(session, case, member, HOUSE.hospital), case.sealed) == (sees, sealed)


def test_a_newcomer_at_discipline_who_is_named_seals_the_case(session: Session) -> None:
    case = open_a_case(session, HOUSE, "孙立收了我两千块红包")
    colleague = make_member(session, HOUSE, "吴敏")
    newcomer = join(session, "孙立", "纪检办")
    session.refresh(case)
    assert case.sealed
    assert not any(may_see(session, case, one, HOUSE.hospital) for one in (colleague, newcomer))


def test_other_cases_stay_as_they_are(session: Session) -> None:
    case = open_a_case(session, HOUSE, "护士态度很差", lead="药剂科")
    join(session, "王芳", "药剂科")
    assert session.get(Case, case.id).version == 0  # type: ignore[union-attr]


def test_a_newcomer_is_known_by_the_nickname_too(session: Session) -> None:
    house = replace(HOUSE, hospital=HOUSE.hospital.with_nicknames({"小诸葛": "王芳"}))
    make_member(session, house, "同事甲", "药剂科")
    case = open_a_case(session, house, "小诸葛收了我两千块", lead="药剂科")
    member = make_member(session, house, "王芳", "药剂科")
    people = Roster().people(session, vault=house.vault)
    look_through_cases(session, member, people, house=house, now=member.joined_at)
    assert not may_see(session, case, member, house.hospital)


def test_a_case_without_content_any_more_is_left_alone(session: Session) -> None:
    case = open_a_case(session, HOUSE, "骨科王芳收了我两千块", lead="药剂科")
    case.purged_at = case.received_at
    session.flush()
    join(session, "王芳", "药剂科")
    assert session.get(Case, case.id).version == 0  # type: ignore[union-attr]
