"""Role × relation of the office × state × everything that can be pressed or typed, against the table."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session, select

from handlers import converse as conversations
from handlers.triage import presses, typed
from handlers.triage.actions import Action, allowed_actions
from handlers.triage.form import Form, keep_form
from handlers.triage.steps import FORMS
from nlp.commands import Command
from storage.access import may_act, may_see, visible_to
from storage.cases import Case
from storage.dialogues import Dialogue
from storage.members import Role
from storage.messages import Reply
from tests.factories import make_database, make_desk, make_turn
from tests.handlers.matrix.expected import (
    CASE_VERBS,
    COMMANDS,
    FLOWS,
    NEVER_HERE,
    OTHER_VERBS,
    RELATIONS,
    REPORTER_CHOICES,
    STATES,
    TYPED_NUMBERS,
    TYPED_WORDS,
    actions,
    sight,
)  # fmt: skip
from tests.handlers.matrix.place import MARK, Place, furnish, name_of

_UNKNOWN = 987_654_321
_TRACES = {"events", "trail_tallies", "tallies"}
"""What a refusal may write: the trail tells of it."""
_LOOKS = _TRACES | {"cards", "clocks", "outbox"}
NOT_NOW = "现在不能办"
Asks = dict[str, Callable[[str], list[Reply]]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    database = make_database(tmp_path_factory.mktemp("matrix") / "lianxin.db")
    with database.engine.connect() as connection, Session(bind=connection) as session:
        yield furnish(session, make_desk())
    database.stop()


@contextmanager
def undone(place: Place) -> Iterator[set[str]]:
    """Whatever happens inside is taken back; gives the names of the tables that were written to."""
    raw = place.session.connection().connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    written: set[str] = set()

    def note(statement: str) -> None:
        words = statement.replace('"', " ").replace("(", " ").split()
        match [word.upper() for word in words[:3]]:
            case ["INSERT" | "DELETE", "INTO" | "FROM", _]:
                written.add(words[2])
            case ["UPDATE", _, _]:
                written.add(words[1])

    before = place.session.begin_nested()
    raw.set_trace_callback(note)
    try:
        yield written
        place.session.flush()
    finally:
        raw.set_trace_callback(None)
        before.rollback()
        place.session.expire_all()


def press(place: Place, who: str, value: str, dialogue: Dialogue | None = None, **what: Any) -> list[Reply]:
    return conversations.converse(
        make_turn(place.session, place.desk, who, choice=value, dialogue=dialogue, **what)
    )


def write(place: Place, who: str, text: str) -> list[Reply]:
    return conversations.converse(make_turn(place.session, place.desk, who, text=text))


def shape(replies: list[Reply]) -> list[tuple[Any, ...]]:
    """Everything a person could tell two answers apart by."""
    return [(one.text, one.choices, one.files, one.edits, one.card, one.toast, one.about) for one in replies]


def words(replies: list[Reply]) -> str:
    return "\n".join(
        [one.text + (one.toast or "") + str(one.files) for one in replies]
        + [choice.label for one in replies for row in one.choices for choice in row]
    )


def cells(role: Role) -> list[tuple[str, str]]:
    return [(relation, state) for relation in RELATIONS for state in STATES]


def filled(pattern: str, case: Case) -> str:
    return pattern.format(id=case.id, version=case.version, number=case.number)


def unknown(pattern: str, case: Case) -> str:
    return pattern.format(id=_UNKNOWN, version=case.version, number=f"{case.year}-{_UNKNOWN}")


def test_nothing_that_can_be_pressed_or_typed_is_missing_here() -> None:
    """A new verb, action, word, command or form fails here until its rights stand in the table."""
    assert set(presses._WISHES) == set(CASE_VERBS) | set(OTHER_VERBS)
    assert set(typed._WORDS) == TYPED_WORDS
    assert {command.value for command in Command} == COMMANDS
    assert set(conversations._COMMANDS) == set(Command)
    assert set(conversations._CHOICES) | {"score", "faq", "mine", "skip"} == REPORTER_CHOICES
    assert set(conversations._FLOWS) == FLOWS
    granted = {one for role in Role for r in RELATIONS for state in STATES for one in actions(role, r, state)}
    assert granted | NEVER_HERE == set(Action)
    assert set(FORMS) <= set(Action)


@pytest.mark.parametrize("role", list(Role))
def test_rights_are_those_of_the_table(place: Place, role: Role) -> None:
    for relation, state in cells(role):
        case, member = place.cases[state], place.members[role, relation]
        seen = sight(role, relation, state)
        where = f"{role} {relation} {state}"
        assert may_see(place.session, case, member, place.hospital) == (seen != "-"), where
        assert may_act(place.session, case, member, place.hospital) == (seen == "acts"), where
        if seen != "-":
            allowed = allowed_actions(place.session, case, member, place.hospital)
            assert set(allowed) == actions(role, relation, state), where


@pytest.mark.parametrize("role", list(Role))
def test_the_database_counts_exactly_what_may_be_seen(place: Place, role: Role) -> None:
    for relation in RELATIONS:
        member = place.members[role, relation]
        seen = place.session.exec(select(Case.id).where(visible_to(place.session, member, place.hospital)))
        expected = {place.cases[state].id for state in STATES if sight(role, relation, state) != "-"}
        assert set(seen) == expected, f"{role} {relation}"


@pytest.mark.parametrize("role", list(Role))
def test_what_is_not_ones_own_answers_like_what_does_not_exist(place: Place, role: Role) -> None:
    patterns = [one for verb in CASE_VERBS.values() for one in verb]
    patterns += [f"do:{action.value}:{{id}}:{{version}}" for action in Action]
    for relation in RELATIONS:
        ask = partial(press, place, name_of(role, relation))
        _all_alike(place, role, relation, dict.fromkeys(patterns, ask))


@pytest.mark.parametrize("role", list(Role))
def test_in_a_group_the_same(place: Place, role: Role) -> None:
    for relation in RELATIONS:
        ask = partial(press, place, name_of(role, relation), in_group=True, chat="群")
        patterns = ("open:{id}", "do:accept:{id}:{version}", "text:{id}:1")
        _all_alike(place, role, relation, dict.fromkeys(patterns, ask))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.STAFF])
def test_typed_numbers_of_others_answer_like_numbers_of_nothing(place: Place, role: Role) -> None:
    """Staff write as reporters do: what they type is a report, or not understood, whatever the number."""
    for relation in RELATIONS:
        ask = partial(write, place, name_of(role, relation))
        _all_alike(place, role, relation, dict.fromkeys(TYPED_NUMBERS, ask))


def _all_alike(place: Place, role: Role, relation: str, asks: Asks) -> None:
    """Each question about each case that is out of reach, against the same about no case at all."""
    with undone(place):
        nothing = {one: shape(ask(unknown(one, place.cases["received"]))) for one, ask in asks.items()}
    for state in STATES:
        if sight(role, relation, state) != "-":
            continue
        case = place.cases[state]
        with undone(place) as written:
            for pattern, ask in asks.items():
                answers = ask(filled(pattern, case))
                where = f"{role} {relation} {state} {pattern}"
                assert MARK not in words(answers), where
                assert case.number not in words(answers), where
                assert shape(answers) == nothing[pattern], where
            place.session.flush()
            assert written <= _TRACES, f"{role} {relation} {state} {written}"


@pytest.mark.parametrize("role", list(Role))
def test_an_old_form_about_a_case_of_others_ends_without_a_word(place: Place, role: Role) -> None:
    for relation in RELATIONS:
        for action in FORMS:
            case, who = place.cases["received"], name_of(role, relation)
            if sight(role, relation, "received") != "-":
                continue
            for answer in ("send", "pick", "cancel", "words", "取消"):
                with undone(place) as written:
                    replies = _answered(place, who, case, action, answer)
                    place.session.flush()
                    assert MARK not in words(replies), (who, action, answer)
                    assert case.number not in words(replies), (who, action, answer)
                    assert not written & {"cases", "entries", "clocks"} or role is Role.STAFF, (
                        who,
                        action,
                        answer,
                    )


def _answered(place: Place, who: str, case: Case, action: Action, answer: str) -> list[Reply]:
    dialogue = Dialogue()
    form = Form(action, case.id or 0, case.version, FORMS[action][0].name)
    form.options = [["甲", "人事科"]]
    keep_form(form, dialogue)
    if answer in ("words", "取消"):
        turn = make_turn(place.session, place.desk, who, text=answer, dialogue=dialogue)
        return conversations.converse(turn)
    value = f"form:{answer}:{dialogue.data['ticket']}:0"
    return press(place, who, value, dialogue=dialogue)


@pytest.mark.parametrize("role", list(Role))
def test_lists_menus_and_counts_tell_nothing_of_the_cases_of_others(place: Place, role: Role) -> None:
    for relation in RELATIONS:
        who = name_of(role, relation)
        hidden = [place.cases[state].number for state in STATES if sight(role, relation, state) == "-"]
        for value in (one for verb in OTHER_VERBS.values() for one in verb):
            if value.endswith(":sure"):
                continue
            with undone(place):
                said = words(press(place, who, value))
            assert MARK not in said, (who, value)
            assert not [number for number in hidden if number in said], (who, value)
        for wish in TYPED_WORDS:
            with undone(place):
                said = words(write(place, who, place_words(wish)))
            assert not [number for number in hidden if number in said], (who, wish)


def place_words(wish: str) -> str:
    from handlers.words import words_for

    return words_for("zh")(f"desk.words_{wish}").split()[0]


@pytest.mark.parametrize(
    ("role", "relation"),
    [
        (Role.OFFICER, "lead"),
        (Role.OFFICER, "supporting"),
        (Role.HEAD, "lead"),
        (Role.HEAD, "supporting"),
        (Role.SUPERVISOR, "other"),
    ],
)
def test_a_forged_button_does_nothing_that_the_table_does_not_allow(
    place: Place, role: Role, relation: str
) -> None:
    for state in STATES:
        if sight(role, relation, state) == "-":
            continue
        case, who = place.cases[state], name_of(role, relation)
        before = case.version, case.status, case.assignee_id, case.lead_office
        with undone(place) as written:
            for action in set(Action) - actions(role, relation, state):
                said = words(press(place, who, f"do:{action.value}:{case.id}:{case.version}"))
                assert NOT_NOW in said, (who, state, action)
            place.session.flush()
            assert written <= _LOOKS | {"cases"}, (who, state, written)
            assert (case.version, case.status, case.assignee_id, case.lead_office) == before


@pytest.mark.parametrize(("role", "relation"), [(Role.SUPERVISOR, "other"), (Role.OFFICER, "supporting")])
def test_what_the_table_allows_is_answered(place: Place, role: Role, relation: str) -> None:
    for state in ("received", "closed"):
        case = place.cases[state]
        for action in actions(role, relation, state):
            with undone(place):
                value = f"do:{action.value}:{case.id}:{case.version}"
                said = words(press(place, name_of(role, relation), value))
            assert NOT_NOW not in said, (role, state, action)


@pytest.mark.parametrize("who", [*(name_of(role, "lead") for role in Role), "a stranger"])
def test_buttons_of_reporters_open_no_case_by_its_number(place: Place, who: str) -> None:
    for name in sorted(REPORTER_CHOICES):
        for state in STATES:
            case = place.cases[state]
            with undone(place) as written:
                said = words(press(place, who, f"{name}:{case.id}"))
                place.session.flush()
                assert MARK not in said, (name, state)
                assert case.number not in said, (name, state)
                assert not written & {"cases", "entries", "clocks", "case_offices"}, (name, state, written)
