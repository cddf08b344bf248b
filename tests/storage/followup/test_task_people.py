"""Who may open a task: its office, who stands in once it is late, supervisors; never whom it names."""

import pytest
from sqlmodel import Session

from storage.audiences import Addressing
from storage.followup.recovery import open_task
from storage.followup.task_people import may_see_task, stand_in
from storage.followup.tasks import Task, TaskKind
from storage.groups import bind_group
from storage.house import House
from storage.members import Member, Role
from tests.factories import MONDAY, make_member
from tests.storage.followup.wards import a_survey, ward_house

CALLBACK, RECOVERY = TaskKind.CALLBACK, TaskKind.RECOVERY
Staff = dict[str, Member]


@pytest.fixture(scope="module")
def house() -> House:
    return ward_house()


@pytest.fixture
def staff(session: Session, house: House) -> Staff:
    places = {
        "王强": ("骨科", Role.OFFICER),
        "孙敏": ("骨科", Role.OFFICER),
        "周主管": ("骨科", Role.HEAD),
        "职工": ("骨科", Role.STAFF),
        "内科": ("内科", Role.HEAD),
        "护理": ("护理部", Role.OFFICER),
        "医务": ("医务科", Role.OFFICER),
        "投诉": ("投诉办", Role.OFFICER),
        "纪检": ("纪检办", Role.OFFICER),
        "监督": ("药剂科", Role.SUPERVISOR),
        "管理": ("人事科", Role.ADMINISTRATOR),
    }
    return {name: make_member(session, house, name, *place) for name, place in places.items()}


def opened(
    session: Session, house: House, kind: TaskKind = CALLBACK, words: str = "", *, accused: bool = False
) -> Task:
    survey = a_survey(session, house)
    return open_task(session, kind, survey, words=words, accused=accused, house=house, now=MONDAY)


def seen_by(session: Session, house: House, task: Task, staff: Staff) -> set[str]:
    return {name for name, one in staff.items() if may_see_task(session, task, one, house=house)}


def told(session: Session, house: House, audience: str) -> list[str]:
    session.flush()
    return [one.address for one in Addressing(session, house).recipients(audience, None)]


def test_only_its_department_and_supervisors_may_open_it(
    session: Session, house: House, staff: Staff
) -> None:
    assert seen_by(session, house, opened(session, house), staff) == {"王强", "孙敏", "周主管", "监督"}


def test_once_it_is_late_the_office_that_stands_in_may(session: Session, house: House, staff: Staff) -> None:
    call, low = opened(session, house), opened(session, house, RECOVERY)
    call.reminders, low.reminders = 1, 1
    assert "护理" in seen_by(session, house, call, staff)
    assert "医务" not in seen_by(session, house, low, staff)
    low.reminders = 2
    assert seen_by(session, house, low, staff) == {"王强", "孙敏", "周主管", "监督", "医务"}


def test_whom_the_words_name_never_does(session: Session, house: House, staff: Staff) -> None:
    task = opened(session, house, words="王强医生做的手术，发烧")
    assert seen_by(session, house, task, staff) == {"孙敏", "周主管", "监督"}


def test_a_supervisor_who_is_named_does_not_either(session: Session, house: House, staff: Staff) -> None:
    assert "监督" not in seen_by(session, house, opened(session, house, RECOVERY, "监督这个人骂我"), staff)


def test_a_department_that_is_kept_out_sees_nothing(session: Session, house: House, staff: Staff) -> None:
    task = opened(session, house, RECOVERY, accused=True)
    task.reminders = 5
    assert seen_by(session, house, task, staff) == {"投诉", "监督", "医务"}


def test_who_left_may_see_nothing(session: Session, house: House, staff: Staff) -> None:
    task = opened(session, house)
    staff["孙敏"].active = False
    assert "孙敏" not in seen_by(session, house, task, staff)


def test_a_call_back_is_told_to_whoever_is_on_duty_and_the_group(
    session: Session, house: House, staff: Staff
) -> None:
    bind_group(session, channel="web", address="骨科群", office="骨科", vault=house.vault, now=MONDAY)
    task = opened(session, house)
    staff["王强"].on_duty = False
    assert told(session, house, f"tasks:{task.id}") == ["骨科群", "孙敏", "周主管"]
    for name in ("孙敏", "周主管"):
        staff[name].on_duty = False
    assert told(session, house, f"tasks:{task.id}") == ["骨科群", "王强", "孙敏", "周主管"]


def test_a_low_rating_is_told_to_the_head_and_to_who_does_it(
    session: Session, house: House, staff: Staff
) -> None:
    task = opened(session, house, RECOVERY)
    assert told(session, house, f"tasks:{task.id}") == ["周主管"]
    task.assignee_id = staff["王强"].id
    assert told(session, house, f"tasks:{task.id}") == ["周主管", "王强"]
    staff["周主管"].active = False
    assert told(session, house, f"tasks:{task.id}") == ["王强", "孙敏"]


def test_a_group_in_which_somebody_named_reads_hears_nothing(
    session: Session, house: House, staff: Staff
) -> None:
    bind_group(session, channel="web", address="骨科群", office="骨科", vault=house.vault, now=MONDAY)
    task = opened(session, house, words="王强医生做的手术，发烧")
    assert told(session, house, f"tasks:{task.id}") == ["孙敏", "周主管"]


def test_heads_hear_even_when_they_are_off_duty(session: Session, house: House, staff: Staff) -> None:
    task = opened(session, house)
    staff["周主管"].on_duty = False
    assert told(session, house, f"taskheads:{task.id}") == ["周主管"]


def test_at_last_the_supervisors_hear_of_it(session: Session, house: House, staff: Staff) -> None:
    task = opened(session, house)
    for name in ("王强", "孙敏", "周主管"):
        staff[name].active = False
    assert told(session, house, f"tasks:{task.id}") == ["监督"]
    assert told(session, house, "tasks:99") == []


def test_stand_ins_are_the_service_desk_where_none_is_set() -> None:
    house = ward_house(followup={})
    assert {stand_in(kind, house.hospital) for kind in TaskKind} == {"投诉办"}
