"""Role × whose sitting × every button of training, and of knowledge: only one's own is moved or shown."""

import pytest
from sqlmodel import Session, select

from handlers.converse import converse
from handlers.staff.quiz import conversation as quiz
from handlers.turn import Desk
from nlp.reading import Reader
from storage.duties.assignments import Assignment
from storage.duties.occurrences import Occurrence
from storage.members import Role
from storage.messages import Reply
from storage.training.knowledge import KnowledgeTally
from storage.training.sittings import Sitting
from tests.duties import duty_house, give_out, make_employee
from tests.factories import Talker

QUIZ = {"key": "nine", "title": "九项准则", "done": "quiz", "quiz": {"questions": 3}}
VERBS = {
    "begin": ("begin:{occurrence}",),
    "pick": ("pick:{sitting}:0:0", "pick:{sitting}:0:3"),
    "sure": ("sure:{sitting}:0",),
    "next": ("next:{sitting}:0",),
    "material": ("material:{occurrence}",),
    "practice": (),
}
"""Buttons that name an occurrence or a sitting; practice names nothing and is for everybody."""
SEES_FIGURES = {Role.HEAD, Role.SUPERVISOR, Role.ADMINISTRATOR}


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(duty_house(QUIZ), Reader.load())


@pytest.fixture
def begun(session: Session, desk: Desk) -> tuple[Occurrence, Sitting]:
    owner, _ = make_employee(session, desk.house, "本人", "药剂科")
    occurrence = give_out(session, desk.house, "nine", people=[owner])
    press(session, desk, "本人", f"quiz:begin:{occurrence.id}")
    return occurrence, session.exec(select(Sitting)).one()


def press(session: Session, desk: Desk, who: str, value: str, **what: object) -> list[Reply]:
    return converse(Talker(session, desk, who).turn(choice=value, **what))


def state(session: Session) -> list[object]:
    session.flush()
    rows: list[object] = [
        (one.id, one.employee_id, one.marks, one.ticked, one.position, one.state)
        for one in session.exec(select(Sitting))
    ]
    return rows + [(one.id, one.state, one.score, one.tries) for one in session.exec(select(Assignment))]


def test_no_verb_is_missing_here() -> None:
    assert set(quiz._VERBS) | set(quiz._STEPS) == set(VERBS)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("in_group", [False, True])
def test_nobody_moves_or_reads_what_is_anothers(
    session: Session, desk: Desk, begun: tuple[Occurrence, Sitting], role: Role, in_group: bool
) -> None:
    occurrence, sitting = begun
    make_employee(session, desk.house, "别人", "药剂科", role)
    question = desk.house.questions.find(sitting.questions[0][0])
    assert question is not None
    before = state(session)
    where = {"in_group": True, "chat": "群"} if in_group else {}
    for values in VERBS.values():
        for value in values:
            filled = value.format(occurrence=occurrence.id, sitting=sitting.id)
            said = press(session, desk, "别人", f"quiz:{filled}", **where)
            assert question.text not in "".join(one.text for one in said)
            assert not in_group or all(not one.text and not one.choices for one in said)
            assert press(session, desk, "病人", f"quiz:{filled}", **where)[0].toast
    assert state(session) == before


@pytest.mark.parametrize("role", list(Role))
def test_figures_are_for_those_who_may_see_some(session: Session, desk: Desk, role: Role) -> None:
    make_employee(session, desk.house, "看数", "医务科", role)
    occurrence = give_out(session, desk.house, "nine")
    for office in ("药剂科", "医务科"):
        session.add(
            KnowledgeTally(
                occurrence_id=occurrence.id or 0, office=office, rule=8, people=9, asked=9, right=3
            )
        )
    session.flush()
    said = "".join(one.text for one in press(session, desk, "看数", "knowledge:2025:all"))
    assert ("33%" in said) == (role in SEES_FIGURES)
    assert ("药剂科" in said) == (role in SEES_FIGURES - {Role.HEAD})
    group = press(session, desk, "看数", "knowledge:2025:all", in_group=True, chat="群")
    assert [(one.text, one.choices) for one in group] == [("", ())]
