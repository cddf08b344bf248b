"""Going to another office, leaving, coming back: duties, cases, rights and codes go along."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from storage.cases import Case
from storage.duties.assignments import AssignmentState, Excuse, find_assignment
from storage.errors import CodeError
from storage.invites import check_invite
from storage.leavers import forget_people_who_left
from storage.members import Member, Role, add_member, name_of, opens
from storage.roster import Roster
from storage.staff.codes import make_slips, not_joined
from storage.staff.employees import Employee, Employment, employees_at, open_sealed
from storage.staff.linking import employee_for
from storage.staff.moving import change_role, leave_for_good, return_to_work, transfer
from storage.staff.switching import switch_off, switch_on
from storage.triage import accept_case
from tests.duties import duty_house, give_out, make_employee, owed
from tests.factories import MONDAY, make_member, open_a_case

HOUSE = duty_house(
    {"key": "drugs", "owed_by": {"offices": ["药剂科"]}},
    {"key": "devices", "owed_by": {"offices": ["设备科"]}},
    {"key": "all"},
)
BY = "console"


def move(session: Session, person: Employee, office: str = "设备科", role: Role | None = None) -> None:
    transfer(session, person, office, role=role, by=BY, house=HOUSE, now=MONDAY)


def go(session: Session, person: Employee) -> None:
    leave_for_good(session, person, by=BY, house=HOUSE, now=MONDAY)


def test_duties_of_the_old_office_go_and_those_of_the_new_one_come(session: Session) -> None:
    person, member = make_employee(session, HOUSE)
    old, both = (give_out(session, HOUSE, key, people=[person]) for key in ("drugs", "all"))
    new = give_out(session, HOUSE, "devices")
    move(session, person)
    assert owed(session, old, person).excuse is Excuse.MOVED
    assert owed(session, both, person).state is AssignmentState.OPEN
    assert owed(session, both, person).office == "设备科"
    assert owed(session, new, person).state is AssignmentState.OPEN
    assert member is not None
    assert member.office == "设备科"
    assert opens(member, vault=HOUSE.vault)


def test_a_head_who_moves_hands_cases_back_and_is_staff_unless_the_roster_says_otherwise(
    session: Session,
) -> None:
    make_member(session, HOUSE, "同事", "药剂科")
    person, member = make_employee(session, HOUSE, role=Role.HEAD)
    assert member is not None
    case: Case = open_a_case(session, HOUSE, lead="药剂科")
    accept_case(session, case, member, house=HOUSE, now=MONDAY)
    move(session, person)
    assert (member.role, person.role) == (Role.STAFF, Role.STAFF)
    assert case.assignee_id is None
    move(session, person, "医务科", Role.HEAD)
    assert (member.role, person.role) == (Role.STAFF, Role.HEAD), "a table gives nobody more rights"


@pytest.mark.parametrize(
    ("had", "told", "has"),
    [(Role.HEAD, Role.OFFICER, Role.OFFICER), (Role.OFFICER, Role.HEAD, Role.OFFICER),
     (Role.OFFICER, Role.OFFICER, Role.OFFICER), (Role.SUPERVISOR, Role.STAFF, Role.SUPERVISOR),
     (Role.ADMINISTRATOR, Role.HEAD, Role.ADMINISTRATOR)],
)  # fmt: skip
def test_no_role_of_the_roster_gives_more_rights(session: Session, had: Role, told: Role, has: Role) -> None:
    person, member = make_employee(session, HOUSE, role=had)
    move(session, person, role=told)
    assert member is not None
    assert member.role is has


def test_a_changed_role_at_the_same_office_leaves_rights_alone(session: Session) -> None:
    person, member = make_employee(session, HOUSE)
    change_role(session, person, role=Role.HEAD, groups=["重点岗位"], house=HOUSE, now=MONDAY)
    assert member is not None
    assert (person.role, member.role) == (Role.HEAD, Role.STAFF)


def test_a_case_that_accuses_the_old_office_stays_closed_after_the_move(session: Session) -> None:
    person, member = make_employee(session, HOUSE, role=Role.OFFICER)
    case = open_a_case(session, HOUSE, "药剂科的人都收回扣", lead="设备科", left_out_offices=["药剂科"])
    move(session, person, role=Role.OFFICER)
    from storage.access import may_see

    assert member is not None
    assert not may_see(session, case, member, HOUSE.hospital)


def test_who_leaves_owes_nothing_and_stands_in_no_list(session: Session) -> None:
    person, member = make_employee(session, HOUSE)
    given = give_out(session, HOUSE, "all", people=[person])
    done = give_out(session, HOUSE, "drugs", people=[person])
    from storage.duties.completing import complete

    complete(session, owed(session, done, person), by=person, now=MONDAY)
    go(session, person)
    assert owed(session, given, person).excuse is Excuse.LEFT
    assert owed(session, done, person).state is AssignmentState.DONE
    assert employees_at(session, "药剂科") == []
    assert not_joined(session) == []
    assert member is not None
    assert not member.active
    assert Roster().people(session, vault=HOUSE.vault) == ()
    fresh = give_out(session, HOUSE, "all")
    from storage.duties.newcomers import give_what_is_open

    assert find_assignment(session, fresh, person) is None
    return_to_work(session, person, by=BY, house=HOUSE, now=MONDAY)
    assert owed(session, given, person).state is AssignmentState.OPEN
    assert give_what_is_open(session, person, house=HOUSE, now=MONDAY) == 0


def test_leaving_twice_changes_nothing(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    go(session, person)
    changed = person.changed_at
    leave_for_good(session, person, by=BY, house=HOUSE, now=MONDAY + timedelta(days=5))
    assert person.changed_at == changed


def test_a_code_of_somebody_who_left_lets_nobody_in_and_one_of_who_moved_lets_in_there(
    session: Session,
) -> None:
    leaver, mover = (make_employee(session, HOUSE, name, joined=False)[0] for name in ("甲乙", "丙丁"))
    slips = make_slips(session, [leaver.id or 0, mover.id or 0], house=HOUSE, now=MONDAY)
    codes = {slip.employee_id: slip.code for slip in slips}
    go(session, leaver)
    move(session, mover, role=Role.OFFICER)
    with pytest.raises(CodeError):
        check_invite(session, codes[leaver.id or 0], for_group=False, vault=HOUSE.vault, now=MONDAY)
    found, name = check_invite(session, codes[mover.id or 0], for_group=False, vault=HOUSE.vault, now=MONDAY)
    assert (found.office, found.role, name) == ("设备科", Role.OFFICER, "丙丁")


def test_name_and_number_are_forgotten_in_time_and_what_is_counted_stays(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    given = give_out(session, HOUSE, "all", people=[person])
    go(session, person)
    soon, late = MONDAY + timedelta(days=364), MONDAY + timedelta(days=367)
    assert forget_people_who_left(session, days=365, house=HOUSE, now=soon) == 0
    assert forget_people_who_left(session, days=365, house=HOUSE, now=late) == 1
    assert (person.name, person.number, person.number_hash) == (None, None, None)
    assert open_sealed(person, "name", vault=HOUSE.vault) == ""
    assert owed(session, given, person).office == "药剂科"
    assert forget_people_who_left(session, days=365, house=HOUSE, now=late) == 0


def test_switching_a_member_off_ends_who_is_only_there_by_joining(session: Session) -> None:
    member = make_member(session, HOUSE, "钱进", "药剂科", Role.STAFF)
    person = employee_for(session, member, house=HOUSE, now=MONDAY)
    switch_off(session, member, to=None, roster=Roster(), house=HOUSE, now=MONDAY)
    assert person.standing is Employment.LEFT
    switch_on(session, member, roster=Roster(), house=HOUSE, now=MONDAY)
    assert (person.standing, member.active) == (Employment.ACTIVE, True)


def test_switching_a_member_off_leaves_who_has_a_number_on_the_roster(session: Session) -> None:
    person, member = make_employee(session, HOUSE)
    assert member is not None
    switch_off(session, member, to=None, roster=Roster(), house=HOUSE, now=MONDAY)
    assert person.standing is Employment.ACTIVE
    assert not_joined(session) == [person.id]
    go(session, person)
    from storage.errors import ConfigError

    with pytest.raises(ConfigError, match="has left according to the roster"):
        switch_on(session, member, roster=Roster(), house=HOUSE, now=MONDAY)
    assert not member.active


def test_everybody_who_joins_is_somebody_of_the_roster(session: Session) -> None:
    member = make_member(session, HOUSE, "钱进", "药剂科", Role.HEAD)
    open_duty = give_out(session, HOUSE, "drugs")
    person = employee_for(session, member, house=HOUSE, now=MONDAY)
    assert (person.office, person.role, person.number_hash) == ("药剂科", Role.HEAD, None)
    assert owed(session, open_duty, person).state is AssignmentState.OPEN
    assert employee_for(session, member, house=HOUSE, now=MONDAY).id == person.id


@pytest.mark.parametrize(("named", "people", "same"), [(True, 1, True), (True, 2, False), (False, 1, False)])
def test_a_name_that_was_typed_makes_nobody_another(
    session: Session, named: bool, people: int, same: bool
) -> None:
    """Who types a colleague's name must not answer for them, nor read what is kept about them."""
    waiting = [make_employee(session, HOUSE, "张伟", joined=False)[0] for _ in range(people)]
    member = make_member(session, HOUSE, "张伟", "药剂科", Role.STAFF)
    found = employee_for(session, member, named=named, house=HOUSE, now=MONDAY)
    assert (found.id == waiting[0].id) is same


def test_who_joins_anew_at_another_office_is_there_on_the_roster(session: Session) -> None:
    member = make_member(session, HOUSE, "钱进", "药剂科", Role.STAFF)
    person = employee_for(session, member, house=HOUSE, now=MONDAY)
    moved: Member = add_member(
        session, sender=member.sender, channel="web", address="x", name="钱进", office="设备科",
        role=Role.OFFICER, vault=HOUSE.vault, now=MONDAY,
    )  # fmt: skip
    employee_for(session, moved, house=HOUSE, now=MONDAY)
    assert (person.office, person.role, name_of(moved, vault=HOUSE.vault)) == ("设备科", Role.OFFICER, "钱进")
    assert session.exec(select(Employee)).all() == [person]
