"""A join code printed for one person: who it lets in, as what, and whom it does not."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from handlers.turn import Desk
from storage.access import may_see
from storage.duties.assignments import AssignmentState
from storage.duties.book import DutyBook
from storage.house import House
from storage.invites import invite
from storage.members import Member, Role, name_of
from storage.staff.codes import make_slips
from storage.staff.employees import Employee, Employment
from storage.staff.moving import leave_for_good, transfer
from tests.duties import give_out, make_book, make_employee, owed
from tests.factories import MONDAY, open_a_case
from tests.handlers.staff.colleague import Colleague


@pytest.fixture
def house(desk: Desk) -> House:
    return replace(desk.house, duties=make_book())


@pytest.fixture
def anna(session: Session, desk: Desk, house: House) -> Colleague:
    return Colleague(session, replace(desk, house=house), "anna")


def other(anna: Colleague, name: str) -> Colleague:
    return Colleague(anna.session, anna.desk, name)


def waiting(session: Session, house: House, name: str = "赵敏", **fields: object) -> Employee:
    return make_employee(session, house, name, joined=False, **fields)[0]  # type: ignore[arg-type]


def code_for(session: Session, house: House, employee: Employee) -> str:
    [slip] = make_slips(session, [employee.id or 0], house=house, now=MONDAY)
    return slip.code


def joined(person: Colleague) -> Member | None:
    return person.turn().member


@pytest.mark.parametrize("role", [Role.STAFF, Role.OFFICER, Role.HEAD])
def test_the_roster_says_who_they_are_and_what(
    session: Session, house: House, anna: Colleague, role: Role
) -> None:
    person = waiting(session, house, role=role)
    duty = give_out(session, house, people=[person])
    anna.says(f"/join {code_for(session, house, person)}")
    member = joined(anna)
    assert member is not None
    assert (member.role, member.office, name_of(member, vault=house.vault)) == (role, "药剂科", "赵敏")
    assert person.member_id == member.id
    assert owed(session, duty, person).state is AssignmentState.OPEN
    assert person.remind_at is not None
    assert "赵敏，您好" in anna.text


@pytest.mark.parametrize("written", ["{}", "/start {}", " {} ", "/join {}"])
def test_the_code_alone_is_enough_for_staff_who_hear_where_their_duties_are(
    session: Session, house: House, anna: Colleague, written: str
) -> None:
    person = waiting(session, house)
    anna.says(written.format(code_for(session, house, person).lower()))
    assert "我的任务" in anna.text
    assert anna.value("我的任务") == "due:list:0"


def test_amid_a_tip_what_looks_like_a_code_is_part_of_the_tip(
    session: Session, house: House, anna: Colleague
) -> None:
    anna.chooses("report")
    anna.says("FP234-56789")
    assert "用不了" not in anna.text


def test_a_used_code_and_one_of_who_left_are_refused_kindly(
    session: Session, house: House, anna: Colleague
) -> None:
    first, second = waiting(session, house), waiting(session, house, "钱进")
    used, void = code_for(session, house, first), code_for(session, house, second)
    anna.says(f"/join {used}")
    ben = other(anna, "ben").says(f"/join {used}")
    assert "已经用过" in ben.text
    assert joined(ben) is None
    leave_for_good(session, second, by="console", house=house, now=MONDAY)
    ben.says(f"/join {void}")
    assert "用不了" in ben.text
    assert joined(ben) is None


def test_a_row_that_was_changed_to_left_lets_nobody_in(
    session: Session, house: House, anna: Colleague
) -> None:
    person = waiting(session, house)
    code = code_for(session, house, person)
    person.standing = Employment.LEFT
    anna.says(f"/join {code}")
    assert "花名册上已经没有您了" in anna.text
    assert joined(anna) is None


def test_the_code_follows_who_moves(session: Session, house: House, anna: Colleague) -> None:
    person = waiting(session, house)
    code = code_for(session, house, person)
    transfer(session, person, "设备科", by="console", house=house, now=MONDAY)
    anna.says(f"/join {code}")
    member = joined(anna)
    assert member is not None
    assert member.office == "设备科"


def test_a_member_with_more_rights_keeps_them_and_is_only_tied(
    session: Session, house: House, anna: Colleague
) -> None:
    supervisor = invite(session, "纪检办", vault=house.vault, now=MONDAY, role=Role.SUPERVISOR, name="赵敏")
    session.flush()
    anna.says(f"/join {supervisor}")
    person = waiting(session, house)
    anna.says(f"/join {code_for(session, house, person)}")
    member = joined(anna)
    assert member is not None
    assert (member.role, member.office, person.member_id) == (Role.SUPERVISOR, "纪检办", member.id)
    assert "权限不变" in anna.text
    active = select(Employee).where(Employee.standing == Employment.ACTIVE)
    assert session.exec(active).all() == [person], "nobody is counted twice"


def test_a_code_of_a_colleague_is_refused_and_stays_good(
    session: Session, house: House, anna: Colleague
) -> None:
    mine, theirs = waiting(session, house), waiting(session, house, "钱进")
    anna.says(f"/join {code_for(session, house, mine)}")
    code = code_for(session, house, theirs)
    anna.says(f"/join {code}")
    assert "给另一位同事的" in anna.text
    assert theirs.member_id is None
    ben = other(anna, "ben").says(f"/join {code}")
    assert joined(ben) is not None


def test_a_new_chat_of_the_same_person_takes_the_place_of_the_old_one(
    session: Session, house: House, anna: Colleague
) -> None:
    person = waiting(session, house, role=Role.OFFICER)
    anna.says(f"/join {code_for(session, house, person)}")
    before = joined(anna)
    phone = other(anna, "anna's new phone").says(f"/join {code_for(session, house, person)}")
    after = joined(phone)
    assert before is not None
    assert after is not None
    assert (before.active, after.active, person.member_id) == (False, True, after.id)


def test_a_staff_member_made_officer_is_kept_from_what_named_them_before(
    session: Session, house: House, anna: Colleague
) -> None:
    other_officer = waiting(session, house, "同事", role=Role.OFFICER)
    other(anna, "ben").says(f"/join {code_for(session, house, other_officer)}")
    person = waiting(session, house, "周小洁")
    early = open_a_case(session, house, "药剂科的周小洁收了我两千块", lead="药剂科")
    anna.says(f"/join {code_for(session, house, person)}")
    late = open_a_case(session, house, "周小洁又收了五百", lead="药剂科")
    code = invite(session, "药剂科", vault=house.vault, now=MONDAY, role=Role.OFFICER, name="周小洁")
    session.flush()
    anna.says(f"/join {code}")
    member = joined(anna)
    assert member is not None
    assert member.role is Role.OFFICER
    assert not may_see(session, early, member, house.hospital)
    assert not may_see(session, late, member, house.hospital)


def test_nothing_of_a_code_or_a_name_stands_in_the_trail(
    session: Session, house: House, anna: Colleague
) -> None:
    from storage.events import Event

    person = waiting(session, house)
    code = code_for(session, house, person)
    anna.says(f"/join {code}")
    told = "".join(event.detail + event.actor for event in session.exec(select(Event)))
    assert code not in told
    assert "赵敏" not in told


def test_an_empty_book_does_not_mind(session: Session, desk: Desk) -> None:
    house = replace(desk.house, duties=DutyBook())
    anna = Colleague(session, replace(desk, house=house), "anna")
    anna.says(f"/join {code_for(session, house, waiting(session, house))}")
    assert joined(anna) is not None
