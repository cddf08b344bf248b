"""Who may know of a case: a table of everybody who could ask."""

from datetime import datetime

import pytest
from sqlmodel import Session

from storage.access import case_for, covered_offices, handlers_of, may_act, may_see, open_offices
from storage.cases import Part, offices_of, parse_number
from storage.errors import NoSuchCase
from storage.members import Role
from tests.factories import OFFICES, make_house, make_member, open_a_case

HOUSE = make_house()
HOSPITAL = HOUSE.hospital
SEES, ACTS, NOTHING = (True, False), (True, True), (False, False)


@pytest.mark.parametrize(
    ("office", "role", "changes", "right"),
    [
        ("药剂科", Role.OFFICER, {}, ACTS),
        ("药剂科", Role.HEAD, {}, ACTS),
        ("医务科", Role.OFFICER, {}, SEES),
        ("投诉办", Role.OFFICER, {}, NOTHING),
        ("投诉办", Role.HEAD, {}, NOTHING),
        ("投诉办", Role.ADMINISTRATOR, {}, NOTHING),
        ("投诉办", Role.SUPERVISOR, {}, ACTS),
        ("纪检办", Role.OFFICER, {"left_out_offices": ["药剂科"]}, NOTHING),
        ("药剂科", Role.OFFICER, {"left_out_offices": ["药剂科"]}, NOTHING),
        ("药剂科", Role.SUPERVISOR, {"left_out_offices": ["药剂科"]}, NOTHING),
        ("药剂科", Role.OFFICER, {"sealed": True}, NOTHING),
        ("药剂科", Role.HEAD, {"sealed": True}, NOTHING),
        ("医务科", Role.OFFICER, {"sealed": True}, NOTHING),
        ("投诉办", Role.SUPERVISOR, {"sealed": True}, ACTS),
    ],
)
def test_who_may_see_and_who_may_decide(
    session: Session, office: str, role: Role, changes: dict[str, object], right: tuple[bool, bool]
) -> None:
    make_member(session, HOUSE, "同事", "药剂科")
    case = open_a_case(session, HOUSE, lead="药剂科", supporting=["医务科"], **changes)  # type: ignore[arg-type]
    member = make_member(session, HOUSE, "王芳", office, role)
    assert (may_see(session, case, member, HOSPITAL), may_act(session, case, member, HOSPITAL)) == right
    member.active = False
    assert not may_see(session, case, member, HOSPITAL)


@pytest.mark.parametrize("role", list(Role))
def test_a_person_who_is_left_out_never_sees_it_whatever_the_role(session: Session, role: Role) -> None:
    member = make_member(session, HOUSE, "王芳", "药剂科", role)
    case = open_a_case(session, HOUSE, lead="药剂科", left_out_people=[member.id])
    assert not may_see(session, case, member, HOSPITAL)
    assert member.id not in {one.id for one in handlers_of(session, case, HOSPITAL)}


def test_discipline_stands_in_for_an_office_only_as_long_as_nobody_has_joined_there(session: Session) -> None:
    discipline = make_member(session, HOUSE, "孙立", "纪检办")
    case = open_a_case(session, HOUSE, lead="药剂科")
    assert may_act(session, case, discipline, HOSPITAL)
    assert set(covered_offices(session, discipline, HOSPITAL)) == set(OFFICES)
    make_member(session, HOUSE, "王芳", "药剂科")
    assert not may_see(session, case, discipline, HOSPITAL)


def test_what_does_not_exist_and_what_is_not_ones_own_read_alike(session: Session, now: datetime) -> None:
    make_member(session, HOUSE, "王芳", "药剂科")
    case = open_a_case(session, HOUSE, lead="药剂科")
    stranger = make_member(session, HOUSE, "郑梅", "投诉办")
    said = set()
    for number in (case.number, "2025-99999", "x", "", "9" * 30):
        with pytest.raises(NoSuchCase) as refused:
            case_for(session, number, stranger, HOSPITAL, now=now)
        said.add(str(refused.value))
    assert len(said) == 1


@pytest.mark.parametrize(
    ("words", "number"),
    [("2026-00042", 42), ("00042", 42), ("42", 42), ("#42", 42), ("42号", 42), (" 42 ", 42), ("四十二", None),
     ("", None), ("-", None), ("1234567890", None), ("²", None), ("4 2", None)],
)  # fmt: skip
def test_reads_the_number_people_speak_of(words: str, number: int | None) -> None:
    assert parse_number(words) == number


def test_a_case_can_go_to_any_office_but_its_own_and_those_it_accuses(session: Session) -> None:
    case = open_a_case(session, HOUSE, lead="药剂科", left_out_offices=["医务科"])
    assert open_offices(session, case, list(OFFICES)) == ["纪检办", "投诉办", "人事科", "设备科"]
    assert offices_of(session, case.id or 0, Part.LEFT_OUT) == ("医务科",)
