"""Tasks are taken, done, tried and handed on, once each; what is sealed goes along and is erased in time."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from storage.errors import NoSuchTask, TaskMoved
from storage.events import Event
from storage.followup.recovery import open_task
from storage.followup.task_lists import forget_tasks, open_tasks
from storage.followup.task_steps import cannot_reach, finish, hand_on, offices_to_hand_to, take, task_for
from storage.followup.tasks import Task, TaskKind, TaskState, open_sealed
from storage.house import House
from storage.letters import Letter
from storage.members import Member, Role
from tests.factories import MONDAY, make_member
from tests.storage.followup.wards import a_survey, waiting, ward_house

CALLBACK, RECOVERY = TaskKind.CALLBACK, TaskKind.RECOVERY
FEVER = "一直发烧"
EVENING = datetime(2025, 11, 24, 12, 30, tzinfo=UTC)
"""20:30 in Shanghai, when no patient is called without need."""


@pytest.fixture(scope="module")
def house() -> House:
    return ward_house()


@pytest.fixture
def nurse(session: Session, house: House) -> Member:
    return make_member(session, house, "孙敏", "骨科")


@pytest.fixture
def other(session: Session, house: House) -> Member:
    return make_member(session, house, "李丽", "骨科")


@pytest.fixture
def task(session: Session, house: House, nurse: Member) -> Task:
    survey = a_survey(session, house)
    return open_task(session, CALLBACK, survey, words=FEVER, phone="138", house=house, now=MONDAY)


def events(session: Session) -> list[str]:
    return [event.action for event in session.exec(select(Event).order_by(col(Event.id)))]


def test_of_two_who_take_it_one_wins(session: Session, task: Task, nurse: Member, other: Member) -> None:
    take(session, task, nurse, version=0, now=MONDAY)
    with pytest.raises(TaskMoved):
        take(session, task, other, version=0, now=MONDAY)
    assert (task.state, task.assignee_id, task.version) == (TaskState.TAKEN, nurse.id, 1)
    told = {"task": task.id, "by": nurse.id, "heard_in_group": False}
    assert waiting(session, "task.taken") == [(f"tasks:{task.id}", "task.taken", told)]
    take(session, task, other, version=1, now=MONDAY)  # a colleague takes over
    assert task.assignee_id == other.id
    assert events(session) == ["task_taken", "task_taken"]


def test_done_once_with_a_note_that_is_sealed(
    session: Session, house: House, task: Task, nurse: Member
) -> None:
    take(session, task, nurse, version=0, now=MONDAY)
    finish(session, task, nurse, "已通话，明天来换药", version=1, house=house, now=MONDAY)
    assert (task.state, task.done_at, task.next_at) == (TaskState.DONE, MONDAY, None)
    assert open_sealed(task, "note", vault=house.vault) == "已通话，明天来换药"
    assert "换药" not in str(task.note)
    with pytest.raises(TaskMoved):
        take(session, task, nurse, version=2, now=MONDAY)
    with pytest.raises(TaskMoved):
        finish(session, task, nurse, "", version=2, house=house, now=MONDAY)
    assert waiting(session, "survey.again") == []
    assert waiting(session, "task.done") == []  # colleagues know that it was taken


def test_colleagues_hear_of_the_end_where_nobody_had_taken_it(
    session: Session, house: House, task: Task, nurse: Member
) -> None:
    finish(session, task, nurse, "", version=0, house=house, now=MONDAY)
    assert [audience for audience, _, _ in waiting(session, "task.done")] == [f"tasks:{task.id}"]
    assert task.note is None


def test_who_wished_it_is_asked_once_more(session: Session, house: House, task: Task, nurse: Member) -> None:
    task.ask_again = True
    finish(session, task, nurse, "", version=0, house=house, now=MONDAY)
    told = (f"survey:{task.survey_id}", "survey.again", {"survey": task.survey_id})
    assert waiting(session, "survey.again") == [told]


def test_nobody_is_asked_once_more_at_night(
    session: Session, house: House, task: Task, nurse: Member
) -> None:
    task.ask_again = True
    finish(session, task, nurse, "", version=0, house=house, now=EVENING)
    letter = session.exec(select(Letter).where(Letter.notice == "survey.again")).one()
    assert letter.due_at == datetime(2025, 11, 25, 1, 0, tzinfo=UTC)


def test_nobody_answers_so_it_comes_up_an_hour_later(
    session: Session, house: House, task: Task, nurse: Member
) -> None:
    again = cannot_reach(session, task, nurse, version=0, house=house, now=MONDAY)
    assert again == task.next_at == MONDAY + timedelta(hours=1)
    assert (task.calls, task.state, task.assignee_id) == (1, TaskState.TAKEN, nurse.id)
    assert events(session) == ["task_tried"]


def test_nobody_answers_in_the_evening_so_it_waits_for_the_morning(
    session: Session, house: House, task: Task, nurse: Member
) -> None:
    again = cannot_reach(session, task, nurse, version=0, house=house, now=EVENING)
    assert again == datetime(2025, 11, 25, 1, 0, tzinfo=UTC)
    night = datetime(2025, 11, 24, 18, 0, tzinfo=UTC)  # 02:00 on Tuesday
    assert cannot_reach(session, task, nurse, version=1, house=house, now=night) == again


def test_a_low_rating_is_tried_again_next_working_morning(
    session: Session, house: House, nurse: Member
) -> None:
    low = open_task(session, RECOVERY, a_survey(session, house), house=house, now=MONDAY)
    friday = datetime(2025, 11, 28, 3, 0, tzinfo=UTC)
    again = cannot_reach(session, low, nurse, version=0, house=house, now=friday)
    assert again == datetime(2025, 12, 1, 1, 0, tzinfo=UTC)


def test_another_office_gets_it_with_all_that_is_sealed(
    session: Session, house: House, task: Task, nurse: Member
) -> None:
    make_member(session, house, "护理", "护理部")
    take(session, task, nurse, version=0, now=MONDAY)
    before = task.words
    assert offices_to_hand_to(task, house.hospital) == ("护理部", "医务科", "投诉办")
    hand_on(session, task, nurse, "护理部", version=1, house=house, now=MONDAY)
    assert (task.office, task.state, task.assignee_id) == ("护理部", TaskState.OPEN, None)
    assert task.words != before
    assert open_sealed(task, "words", vault=house.vault) == FEVER
    assert open_sealed(task, "phone", vault=house.vault) == "138"
    assert task.next_at == task.due_at
    assert [one[:2] for one in waiting(session, "task.")][-2:] == [
        (f"tasks:{task.id}", "task.new"), ("office:骨科", "task.moved"),
    ]  # fmt: skip
    with pytest.raises(NoSuchTask):
        task_for(session, task.id or 0, nurse, house=house, now=MONDAY)
    assert events(session)[-1] == "refused"


@pytest.mark.parametrize("office", ["骨科", "内科", "药剂科", ""])
def test_it_goes_to_no_other_office(
    session: Session, house: House, task: Task, nurse: Member, office: str
) -> None:
    with pytest.raises(ValueError, match="cannot go"):
        hand_on(session, task, nurse, office, version=0, house=house, now=MONDAY)


def test_the_list_has_the_urgent_first_and_only_ones_own(
    session: Session, house: House, task: Task, nurse: Member
) -> None:
    make_member(session, house, "内科", "内科")
    low = open_task(session, RECOVERY, a_survey(session, house), house=house, now=MONDAY)
    open_task(session, CALLBACK, a_survey(session, house, "内科"), house=house, now=MONDAY)
    assert [one.id for one in open_tasks(session, nurse, house=house)] == [task.id, low.id]
    care = make_member(session, house, "护理", "护理部")
    assert open_tasks(session, care, house=house) == []
    task.reminders = 1
    assert open_tasks(session, care, house=house) == [task]
    finish(session, task, nurse, "", version=0, house=house, now=MONDAY)
    assert open_tasks(session, nurse, house=house) == [low]
    for role, count in ((Role.SUPERVISOR, 2), (Role.ADMINISTRATOR, 0), (Role.STAFF, 0)):
        member = make_member(session, house, role.value, "纪检办", role)
        assert len(open_tasks(session, member, house=house)) == count


def test_what_was_said_goes_with_its_days(session: Session, house: House, task: Task, nurse: Member) -> None:
    finish(session, task, nurse, "已通话", version=0, house=house, now=MONDAY)
    late = MONDAY + timedelta(days=91)
    assert forget_tasks(session, days=90, now=MONDAY + timedelta(days=89)) == 0
    assert forget_tasks(session, days=90, now=late) == 1
    session.refresh(task)
    assert (task.words, task.phone, task.note) == (None, None, None)
    assert forget_tasks(session, days=90, now=late) == 0


def test_what_was_said_goes_also_where_nobody_ever_did_it(session: Session, house: House, task: Task) -> None:
    assert task.words is not None
    assert forget_tasks(session, days=90, now=task.opened_at + timedelta(days=90)) == 0
    assert forget_tasks(session, days=90, now=task.opened_at + timedelta(days=90, seconds=1)) == 1
    session.refresh(task)
    assert task.words is task.phone is None
