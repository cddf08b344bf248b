"""Role × place × every button of what staff owe: who owes and oversees nothing of it learns nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlmodel import Session, select

from handlers.staff.duties import conversation as duties
from handlers.staff.forms import conversation as forms
from handlers.turn import Desk
from storage.deposits import deposit
from storage.duties.assignments import Assignment, Extension, keep_wish
from storage.duties.extending import token_of
from storage.duties.handing_in import submit
from storage.duties.promises import begin_promise, keep_answers
from storage.duties.submissions import matter_of
from storage.members import Role
from storage.messages import StoredFile
from tests.duties import give_out, make_employee
from tests.factories import MONDAY, make_database, make_desk
from tests.handlers.matrix.place import Place
from tests.handlers.matrix.test_matrix import press, shape, undone, words, write
from tests.handlers.staff.people import staff_house

MARK, NAME = "标记甲乙丙丁", "欧阳建国"
OFFICES = {"own": "药剂科", "receiving": "医务科", "discipline": "纪检办", "elsewhere": "设备科"}
PATTERNS = {
    "open": ("{o}", "{r}", "{p}"), "material": ("{o}",), "read": ("{o}",), "unread": ("{o}",), "list": ("0",),
    "submit": ("{o}", "{r}"), "finish": ("{o}", "{o}:x"), "drop": ("{o}",), "withdraw": ("{s}",),
    "heap": ("{o}:0", "{r}:0"), "heaps": ("0",), "see": ("{s}",), "back": ("{s}",),
    "later": ("{o}", "{o}:3", "{o}:day"),
    "grant": ("{a}:{t}",), "refuse": ("{a}:{t}",), "people": ("{o}:0", "{r}:0"), "person": ("{a}",),
    "excuse": ("{a}",), "owe": ("{a}",),
}  # fmt: skip
FORM_PATTERNS = {
    "begin": ("{p}",), "go": ("{p}:0",), "pick": ("{p}:1:yes",), "back": ("{p}:1",), "send": ("{p}",),
    "pause": ("{p}",), "list": ("{p}:0",),
}  # fmt: skip
_TRACES = {"events", "trail_tallies", "tallies"}
SEES = {
    (Role.HEAD, "own"): "names content",
    (Role.OFFICER, "receiving"): "content",
    (Role.HEAD, "receiving"): "content",
    (Role.HEAD, "discipline"): "names content",
    **{(Role.SUPERVISOR, place): "names content" for place in OFFICES},
}
"""What somebody who owes nothing of it reads: names of who has not answered, what was handed in."""


@dataclass(frozen=True)
class Owed:
    """Numbers for buttons: occurrence of people and of offices, promise, submission, assignment, token."""

    o: int
    r: int
    p: int
    s: int
    a: int
    t: int


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Owed]]:
    database = make_database(tmp_path_factory.mktemp("answers") / "lianxin.db")
    desk = replace(make_desk(), house=staff_house())
    with database.engine.connect() as connection, Session(bind=connection) as session:
        owed = _furnish(session, desk)
        for role in Role:
            for where, office in OFFICES.items():
                make_employee(session, desk.house, f"{role.value} {where}", office, role)
        session.commit()
        yield Place(session, desk, {}, {}, {}), owed
    database.stop()


def _furnish(session: Session, desk: Desk) -> Owed:
    house = desk.house
    employee, _ = make_employee(session, house, NAME, "药剂科")
    essay = give_out(session, house, "essay", people=[employee])
    essay.to_office = "医务科"
    report = give_out(session, house, "report", offices=["药剂科"])
    promise = give_out(session, house, "promise", people=[employee])
    promise.to_office = "医务科"
    mine = session.exec(select(Assignment).where(Assignment.occurrence_id == essay.id)).one()
    mine.extension, mine.wished_by, mine.wished_until = Extension.ASKED, employee.id, essay.due_at
    keep_wish(mine, MARK, vault=house.vault)
    theirs = session.exec(select(Assignment).where(Assignment.occurrence_id == report.id)).one()
    handed = submit(session, theirs, by=employee, words=MARK, house=house, now=MONDAY)
    file = StoredFile("f" * 32, "文件.pdf", "application/pdf", 10)
    deposit(session, [file], matter_of(handed), vault=house.vault, now=MONDAY)
    form = house.duties.forms[0]
    begun, _ = begin_promise(session, promise.id or 0, employee, form, vault=house.vault, now=MONDAY)
    keep_answers(session, begun, {"took.why": MARK}, "", vault=house.vault)
    session.flush()
    return Owed(essay.id or 0, report.id or 0, promise.id or 0, handed.id or 0, mine.id or 0, token_of(mine))


def filled(pattern: str, owed: Owed) -> str:
    return pattern.format(**{name: getattr(owed, name) for name in "orpsat"})


def unknown(pattern: str) -> str:
    return pattern.format(o=987654, r=987654, p=987654, s=987654, a=987654, t=1)


def values() -> list[str]:
    due = [f"due:{verb}:{one}" for verb, some in PATTERNS.items() for one in some if verb != "list"]
    return [*due, *(f"fill:{verb}:{one}" for verb, some in FORM_PATTERNS.items() for one in some)]


def test_every_button_stands_in_the_table() -> None:
    assert set(duties._STEPS) == set(PATTERNS)
    assert set(forms._STEPS) | {"list"} == set(FORM_PATTERNS)


@pytest.mark.parametrize("role", [*Role, None])
def test_who_has_nothing_to_do_with_it_hears_what_nobody_owes(
    ward: tuple[Place, Owed], role: Role | None
) -> None:
    place, owed = ward
    for where in OFFICES if role else ("nowhere",):
        if role and ((role, where) in SEES or where == "own"):
            continue
        who = f"{role.value} {where}" if role else "a stranger"
        for value in values():
            with undone(place) as written:
                answer = press(place, who, filled(value, owed))
            assert written <= _TRACES, (who, value, written)
            with undone(place):
                nothing = press(place, who, unknown(value))
            assert shape(answer) == shape(nothing), (who, value)
            assert MARK not in words(answer)
            assert NAME not in words(answer)


@pytest.mark.parametrize("role", list(Role))
def test_names_and_content_are_read_by_those_of_the_table_alone(ward: tuple[Place, Owed], role: Role) -> None:
    place, owed = ward
    for where in OFFICES:
        sees, who = SEES.get((role, where), ""), f"{role.value} {where}"
        with undone(place):
            missing = words(press(place, who, f"due:people:{owed.o}:0"))
            signers = words(press(place, who, f"fill:list:{owed.p}:0")) + words(write(place, who, "/承诺"))
            content = press(place, who, f"due:see:{owed.s}")
        assert (NAME in missing) == ("names" in sees), (role, where)
        if sees and "names" not in sees:
            assert NAME not in signers, (role, where)
        assert (MARK in words(content)) == ("content" in sees), (role, where)
        assert bool([one for one in content if one.files]) == ("content" in sees), (role, where)


@pytest.mark.parametrize("role", list(Role))
def test_in_a_group_no_button_shows_anything(ward: tuple[Place, Owed], role: Role) -> None:
    place, owed = ward
    for where in OFFICES:
        for value in values():
            with undone(place):
                answer = press(
                    place, f"{role.value} {where}", filled(value, owed), in_group=True, chat="group"
                )
            assert [one.text for one in answer] == [""] * len(answer), (role, where, value)
            assert MARK not in words(answer)
            assert NAME not in words(answer)
