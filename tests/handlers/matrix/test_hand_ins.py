"""Role × office × whose it is × every button of hand-ins and ethics records, against tables of who may."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from handlers.staff.hand_ins.conversation import OFFICE, OWN
from handlers.turn import Desk
from nlp.reading import Reader
from storage.hand_ins.rows import HandIn
from storage.members import Role
from storage.staff.employees import Employee
from tests.factories import make_database, make_house, make_member
from tests.handlers.matrix.place import Place
from tests.handlers.matrix.test_matrix import press, shape, undone, words, write
from tests.storage.hand_ins.givers import MARK, anonymous, by_name

PLACES = {"discipline": "纪检办", "personnel": "人事科", "elsewhere": "药剂科"}
_TAKES = """
                discipline  personnel  elsewhere
officer         takes       -          -
head            takes       -          -
supervisor      takes       takes      takes
administrator   -           -          -
staff           -           -          -
"""
"""Who opens, takes and settles hand-ins; nobody their own."""
_KEEPS = """
officer         keeps       keeps      -
head            keeps       keeps      -
supervisor      keeps       keeps      -
administrator   -           -          -
staff           -           -          -
"""
"""Who reads and writes ethics records; nobody their own."""
OFFICE_VERBS = (
    "open:{id}", "got:{id}:0", "got:{id}:0:late", "kept:{id}:0:yes", "files:{id}", "way:{id}:0:returned",
    "refuse:{id}:0", "proof:{id}:0", "case:{id}:0:yes",
)  # fmt: skip
OWN_VERBS = ("one:{id}", "slip:{id}", "recall:{id}", "recall:{id}:yes")
RECORD_VERBS = (
    "open:{id}", "open:{id}:0", "add:{id}:case", "add:{id}:praise", "add:{id}:refused", "veto:{id}:2025",
    "lift:{id}:1", "strike:{id}", "strike:{id}:1", "whose:{id}",
)  # fmt: skip
_TRACES = {"events", "trail_tallies", "tallies"}
NAME = "欧阳建国"
House = tuple[Place, dict[str, HandIn], Employee]


def able(table: str, role: Role, place: str) -> bool:
    row = next(line.split()[1:] for line in table.splitlines() if line.startswith(role.value))
    return row[list(PLACES).index(place)] != "-"


def name_of(role: Role, place: str) -> str:
    return f"{role.value} {place}"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    database, house = make_database(tmp_path_factory.mktemp("hand-ins") / "lianxin.db"), make_house()
    with database.engine.connect() as connection, Session(bind=connection) as session:
        rows = {"anonymous": anonymous(session, house)[0]}
        rows["by name"], person, _ = by_name(session, house, NAME, "药剂科")
        for role in Role:
            for place, where in PLACES.items():
                make_member(session, house, name_of(role, place), where, role)
        session.commit()
        yield Place(session, Desk(house, Reader.load()), {}, {}, {}), rows, person
    database.stop()


def test_every_button_stands_in_the_tables() -> None:
    assert {verb.partition(":")[0] for verb in OFFICE_VERBS} | {"list"} == OFFICE
    assert {verb.partition(":")[0] for verb in OWN_VERBS} == OWN


@pytest.mark.parametrize("role", [*Role, None])
def test_hand_ins_of_others_answer_like_what_does_not_exist(office: House, role: Role | None) -> None:
    place, rows, _ = office
    for where in PLACES if role else ("nowhere",):
        who = name_of(role, where) if role else "a stranger"
        takes = role is not None and able(_TAKES, role, where)
        for pattern in (*OWN_VERBS, *(() if takes else OFFICE_VERBS)):
            for row in rows.values():
                with undone(place) as written:
                    answer = press(place, who, "handin:" + pattern.format(id=row.id))
                assert written <= _TRACES, (who, pattern, written)
                with undone(place):
                    nothing = press(place, who, "handin:" + pattern.format(id=987654))
                assert shape(answer) == shape(nothing), (who, pattern)
                for hidden in (MARK, NAME, row.number, "两千"):
                    assert hidden not in words(answer), (who, pattern)


@pytest.mark.parametrize("role", list(Role))
def test_who_takes_them_opens_them(office: House, role: Role) -> None:
    place, rows, _ = office
    for where in PLACES:
        for what in ("anonymous", "by name"):
            with undone(place) as written:
                said = words(press(place, name_of(role, where), f"handin:open:{rows[what].id}"))
            takes = able(_TAKES, role, where)
            assert (MARK in said) == takes, (role, where, what)
            assert (NAME in said) == (takes and what == "by name"), (role, where, what)
            assert written <= _TRACES, (role, where, written)


@pytest.mark.parametrize("role", list(Role))
def test_only_who_keeps_records_reads_and_writes_them(office: House, role: Role) -> None:
    place, _, person = office
    for where in PLACES:
        who, keeps = name_of(role, where), able(_KEEPS, role, where)
        with undone(place):
            assert (NAME in words(press(place, who, f"record:open:{person.id}"))) == keeps, (role, where)
        with undone(place):
            assert (NAME in words(write(place, who, f"医德档案 {NAME}"))) == keeps, (role, where)
        for pattern in () if keeps else RECORD_VERBS:
            with undone(place) as written:
                answer = press(place, who, "record:" + pattern.format(id=person.id))
            with undone(place):
                nothing = press(place, who, "record:" + pattern.format(id=987654))
            assert shape(answer) == shape(nothing), (who, pattern)
            assert written <= _TRACES, (who, pattern, written)


@pytest.mark.parametrize("verb", ["vetoes", "decide:1", "agree:1:0", "decline:1:0"])
@pytest.mark.parametrize("role", list(Role))
def test_a_veto_that_is_not_there_is_decided_by_nobody(office: House, role: Role, verb: str) -> None:
    place, _, _ = office
    for where in PLACES:
        with undone(place) as written:
            said = words(press(place, name_of(role, where), f"record:{verb}"))
        assert NAME not in said
        assert written <= _TRACES, (role, where, written)
