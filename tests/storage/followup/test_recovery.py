"""What is opened for a patient, for whom, and what is added to it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from storage.events import Event
from storage.followup.recovery import LONGEST, add_wish, open_task
from storage.followup.tasks import Task, TaskKind, TaskState, open_sealed
from storage.house import House
from storage.members import Role
from tests.factories import MONDAY, make_member
from tests.storage.followup.wards import a_survey, waiting, ward_house

CALLBACK, RECOVERY = TaskKind.CALLBACK, TaskKind.RECOVERY
FEVER = "回家后一直发烧，伤口流脓"


@pytest.fixture(scope="module")
def house() -> House:
    return ward_house()


def opened(session: Session, house: House, kind: TaskKind, words: str = "", **values: object) -> Task:
    survey = a_survey(session, house)
    return open_task(session, kind, survey, words=words, house=house, now=MONDAY, **values)  # type: ignore[arg-type]


def test_a_department_where_somebody_joined_does_its_own(session: Session, house: House) -> None:
    make_member(session, house, "李护士长", "骨科", Role.HEAD)
    task = opened(session, house, CALLBACK, FEVER, phone="13800001234")
    assert (task.office, task.department, task.ward, task.apart) == ("骨科", "骨科", "三病区", False)
    assert task.due_at == task.next_at == MONDAY + timedelta(minutes=30)
    assert open_sealed(task, "words", vault=house.vault) == FEVER
    assert waiting(session, "task.") == [(f"tasks:{task.id}", "task.new", {"task": task.id})]


def test_a_low_rating_has_three_working_days_and_tells_only_its_day(session: Session, house: House) -> None:
    task = opened(session, house, RECOVERY, score=1)
    assert task.due_at == datetime(2025, 11, 27, 9, tzinfo=UTC)  # Thursday 17:00 in Shanghai
    assert task.next_at is not None
    assert MONDAY < task.next_at < task.due_at
    assert task.opened_at == datetime(2025, 11, 23, 16, tzinfo=UTC)  # midnight of that Monday


def test_the_trail_tells_nothing_of_the_opening(session: Session, house: House) -> None:
    """Beside a report of the same minute it would say whose that is."""
    opened(session, house, RECOVERY, score=1)
    opened(session, house, CALLBACK, FEVER)
    assert session.exec(select(Event)).all() == []


@pytest.mark.parametrize(
    ("kind", "joined", "office"),
    [
        (CALLBACK, ["护理部", "投诉办"], "护理部"),
        (RECOVERY, ["医务科", "投诉办"], "医务科"),
        (CALLBACK, ["医务科", "投诉办"], "投诉办"),
        (CALLBACK, ["纪检办"], "纪检办"),
        (CALLBACK, [], ""),
    ],
)
def test_who_stands_in_where_nobody_of_the_department_joined(
    session: Session, house: House, kind: TaskKind, joined: list[str], office: str
) -> None:
    for place in joined:
        make_member(session, house, f"{place}的人", place)
    make_member(session, house, "钱职工", "骨科", Role.STAFF)  # reads only training
    assert opened(session, house, kind, FEVER).office == office


@pytest.mark.parametrize(
    "words", ["王强医生态度特别差", "骨科的王医生骂我", "护士长从来不管事", "主任查房只站一分钟"]
)
def test_whom_a_low_rating_accuses_does_not_get_it(session: Session, house: House, words: str) -> None:
    make_member(session, house, "王强", "骨科")
    make_member(session, house, "孙敏", "骨科")
    make_member(session, house, "投诉", "投诉办")
    task = opened(session, house, RECOVERY, words)
    assert (task.office, task.apart) == ("投诉办", True)


def test_a_ward_is_called_though_the_patient_names_the_surgeon(session: Session, house: House) -> None:
    make_member(session, house, "王强", "骨科")
    make_member(session, house, "孙敏", "骨科")
    task = opened(session, house, CALLBACK, f"王强医生做的手术，{FEVER}")
    assert (task.office, task.apart) == ("骨科", False)


def test_a_ward_of_whom_is_named_alone_is_not_called(session: Session, house: House) -> None:
    make_member(session, house, "王强", "骨科")
    make_member(session, house, "投诉", "投诉办")
    assert opened(session, house, CALLBACK, f"王强医生做的手术，{FEVER}").office == "投诉办"


def test_a_clue_keeps_the_department_out_whatever_the_words(session: Session, house: House) -> None:
    make_member(session, house, "孙敏", "骨科", Role.HEAD)
    make_member(session, house, "投诉", "投诉办")
    for kind in TaskKind:
        assert opened(session, house, kind, FEVER, accused=True).office == "投诉办"


def test_what_comes_later_is_added_to_the_open_task(session: Session, house: House) -> None:
    make_member(session, house, "孙敏", "骨科")
    survey = a_survey(session, house)
    first = open_task(session, CALLBACK, survey, words=FEVER, house=house, now=MONDAY)
    again = open_task(session, CALLBACK, survey, words="现在走不了路", house=house, now=MONDAY)
    same = open_task(session, CALLBACK, survey, words="现在走不了路", house=house, now=MONDAY)
    assert first.id == again.id == same.id
    assert open_sealed(first, "words", vault=house.vault) == f"{FEVER}\n现在走不了路"
    assert [notice for _, notice, _ in waiting(session, "task.")] == ["task.new", "task.more", "task.more"]
    other = open_task(session, RECOVERY, survey, score=2, house=house, now=MONDAY)
    assert other.id != first.id


def test_after_it_is_done_there_is_a_new_one(session: Session, house: House) -> None:
    survey = a_survey(session, house)
    first = open_task(session, CALLBACK, survey, words=FEVER, house=house, now=MONDAY)
    first.state = TaskState.DONE
    assert open_task(session, CALLBACK, survey, words=FEVER, house=house, now=MONDAY).id != first.id
    add_wish(session, first, words="还有", house=house)
    assert open_sealed(first, "words", vault=house.vault) == FEVER


def test_words_that_accuse_later_take_the_task_away(session: Session, house: House) -> None:
    make_member(session, house, "王强", "骨科")
    make_member(session, house, "投诉", "投诉办")
    task = opened(session, house, RECOVERY, score=1, phone="13800001234")
    assert task.office == "骨科"
    task.state, task.assignee_id = TaskState.TAKEN, 1
    add_wish(session, task, words="王强医生要红包", house=house)
    session.refresh(task)
    assert (task.office, task.apart, str(task.state)) == ("投诉办", True, "open")
    assert task.assignee_id is None
    assert open_sealed(task, "phone", vault=house.vault) == "13800001234"
    assert waiting(session, "task.")[-1][1] == "task.new"


def test_the_wish_to_be_asked_again_disturbs_nobody(session: Session, house: House) -> None:
    task = opened(session, house, RECOVERY, score=1)
    add_wish(session, task, ask_again=True, house=house)
    assert (task.ask_again, task.version) == (True, 0)
    add_wish(session, task, call_wanted=True, phone="13800001234", house=house)
    assert (task.call_wanted, task.version) == (True, 1)
    assert [notice for _, notice, _ in waiting(session, "task.")] == ["task.new", "task.more"]


def test_a_rating_that_was_corrected_needs_nobody(session: Session, house: House) -> None:
    survey = a_survey(session, house)
    task = open_task(session, RECOVERY, survey, score=1, house=house, now=MONDAY)
    open_task(session, RECOVERY, survey, score=2, house=house, now=MONDAY)
    assert task.next_at is not None
    open_task(session, RECOVERY, survey, score=5, house=house, now=MONDAY)
    session.refresh(task)
    assert (str(task.state), task.score) == ("done", 5)
    assert task.next_at is None
    assert [notice for _, notice, _ in waiting(session, "task.")] == ["task.new", "task.gone"]


def test_a_corrected_rating_takes_no_wish_away(session: Session, house: House) -> None:
    survey = a_survey(session, house)
    task = open_task(session, RECOVERY, survey, score=1, call_wanted=True, house=house, now=MONDAY)
    open_task(session, RECOVERY, survey, score=5, house=house, now=MONDAY)
    assert (str(task.state), task.score) == ("open", 5)


def test_a_flood_of_words_is_cut(session: Session, house: House) -> None:
    task = opened(session, house, CALLBACK, "痛" * 9000)
    add_wish(session, task, words="很痛" * 5000, house=house)
    assert len(open_sealed(task, "words", vault=house.vault)) == LONGEST


def test_words_that_were_tampered_with_stop_no_new_ones(session: Session, house: House) -> None:
    task = opened(session, house, CALLBACK, FEVER)
    task.words = b"broken"
    add_wish(session, task, words="更痛了", house=house)
    assert open_sealed(task, "words", vault=house.vault) == "更痛了"
