"""Role × place × state of a task × every button of it, against the table of who may know of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session

from handlers.followup import task_doing
from handlers.turn import Desk
from nlp.reading import Reader
from storage.followup.recovery import open_task
from storage.followup.tasks import Task, TaskKind, TaskState
from storage.members import Role
from tests.factories import MONDAY, make_database, make_member
from tests.handlers.matrix.place import Place
from tests.handlers.matrix.test_matrix import press, shape, undone, words, write
from tests.storage.followup.wards import a_survey, ward_house

MARK, PHONE = "标记甲乙丙丁", "13912345678"
NAMED = "欧阳建国"
PLACES = ("department", "named", "stand_in", "service_desk", "elsewhere", "discipline")
_OFFICES = {
    "department": "骨科", "named": "骨科", "stand_in": "护理部", "service_desk": "投诉办",
    "elsewhere": "内科", "discipline": "纪检办",
}  # fmt: skip
_KNOWS = """
              department  named  stand_in  service_desk  elsewhere  discipline
fresh         knows       -      -         -             -          -
late          knows       -      knows     -             -          -
done          knows       -      -         -             -          -
apart         -           -      -         knows         -          -
"""
"""Officers and heads; a supervisor knows of all but what names them, administrator and staff of none."""
STATES = ("fresh", "late", "done", "apart")
VERBS = {
    "open": ("open:{id}",),
    "take": ("take:{id}:{version}", "take:{id}:9"),
    "done": ("done:{id}:{version}", "done:{id}:{version}:bare", "done:{id}:9"),
    "miss": ("miss:{id}:{version}",),
    "to": ("to0:{id}:{version}", "to9:{id}:{version}"),
    "list": ("list:0", "list:3"),
}
_TRACES = {"events", "trail_tallies", "tallies"}


def knows(role: Role, place: str, state: str) -> bool:
    if role is Role.SUPERVISOR:
        return place != "named" and not (state == "apart" and place == "department")
    if role not in (Role.OFFICER, Role.HEAD):
        return False
    row = next(line.split()[1:] for line in _KNOWS.splitlines() if line.startswith(state))
    return row[PLACES.index(place)] == "knows"


def name_of(role: Role, place: str) -> str:
    return NAMED + role.value if place == "named" else f"{role.value} {place}"


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, dict[str, Task]]]:
    database = make_database(tmp_path_factory.mktemp("tasks") / "lianxin.db")
    house = ward_house()
    with database.engine.connect() as connection, Session(bind=connection) as session:
        make_member(session, house, "同事", "骨科")
        make_member(session, house, "投诉", "投诉办")
        tasks = {state: _task(session, Desk(house, Reader.load()), state) for state in STATES}
        for role in Role:
            for place in PLACES:
                make_member(session, house, name_of(role, place), _OFFICES[place], role)
        session.commit()
        yield Place(session, Desk(house, Reader.load()), {}, {}, {}), tasks
    database.stop()


def _task(session: Session, desk: Desk, state: str) -> Task:
    named = "，".join(NAMED + role.value for role in Role)
    survey, now = a_survey(session, desk.house), MONDAY - timedelta(hours=1)
    task = open_task(
        session, TaskKind.CALLBACK, survey, words=f"{MARK}，{named}", phone=PHONE, accused=state == "apart",
        house=desk.house, now=now,
    )  # fmt: skip
    if state == "late":
        task.reminders = 1
    if state == "done":
        task.state, task.done_at, task.next_at = TaskState.DONE, MONDAY, None
    session.add(task)
    session.flush()
    return task


def test_every_button_stands_in_the_table() -> None:
    assert set(task_doing._STEPS) | {"open", "list"} == set(VERBS)


@pytest.mark.parametrize("role", [*Role, None])
def test_what_is_not_ones_own_answers_like_what_does_not_exist(
    ward: tuple[Place, dict[str, Task]], role: Role | None
) -> None:
    place, tasks = ward
    for where in PLACES if role else ("nowhere",):
        who = name_of(role, where) if role else "a stranger"
        for state in STATES:
            task = tasks[state]
            if role and knows(role, where, state):
                continue
            for pattern in (one for verb, some in VERBS.items() if verb != "list" for one in some):
                with undone(place) as written:
                    value = "task:" + pattern.format(id=task.id, version=task.version)
                    answer = press(place, who, value)
                assert written <= _TRACES, (who, state, pattern, written)
                with undone(place):
                    nothing = press(place, who, "task:" + pattern.format(id=987654, version=task.version))
                assert shape(answer) == shape(nothing), (who, state, pattern)
                assert MARK not in words(answer), (who, state, pattern)
                assert PHONE not in words(answer), (who, state, pattern)


@pytest.mark.parametrize("role", list(Role))
def test_who_may_know_of_it_opens_it(ward: tuple[Place, dict[str, Task]], role: Role) -> None:
    place, tasks = ward
    for where in PLACES:
        for state in STATES:
            if not knows(role, where, state):
                continue
            with undone(place) as written:
                said = words(press(place, name_of(role, where), f"task:open:{tasks[state].id}"))
            assert (MARK in said) == (state != "done"), (role, where, state)
            assert written <= _TRACES, (role, where, state)


@pytest.mark.parametrize("role", list(Role))
def test_lists_and_menus_count_only_what_one_may_know_of(
    ward: tuple[Place, dict[str, Task]], role: Role
) -> None:
    place, _ = ward
    for where in PLACES:
        who = name_of(role, where)
        count = sum(knows(role, where, state) for state in STATES if state != "done")
        with undone(place):
            listed = [
                choice.value
                for reply in press(place, who, "task:list:0")
                for row in reply.choices
                for choice in row
                if choice.value.startswith("task:open")
            ]
            menu = words(press(place, who, "desk"))
            typed = words(write(place, who, "回访")) if role is not Role.STAFF else ""
        assert len(listed) == count, (role, where)
        assert (f"回访任务 {count}" in menu) == bool(count), (role, where)
        assert MARK not in menu + typed, (role, where)
