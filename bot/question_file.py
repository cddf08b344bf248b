"""Reads questions.toml, the hospital's own questions, and explains every mistake in it."""

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.config_text import Edited, Problem, read_edited, say, wording
from bot.toml_lines import Place
from storage.errors import ConfigError
from storage.training.bank import QuestionBank, nine_rules
from storage.training.questions import Question

FILE, SECTION = "questions.toml", "questions"
_HARMLESS = ("empty", "missing")
_ALL = TypeAdapter(tuple[Question, ...])


def load_questions(folder: Path) -> QuestionBank:
    """Our questions and those of the folder; only ours where there is no file.

    Raises ConfigError with one line about the first mistake and the number of the others.
    """
    own, wrong = _read(folder)
    if wrong:
        more = f" ({len(wrong) - 1} more: see `lianxin check`)" if len(wrong) > 1 else ""
        raise ConfigError(f"{wrong[0]}{more}")
    return QuestionBank(own)


def question_problems(folder: Path) -> list[Problem]:
    """Every mistake in questions.toml, in the order of the lines; none if there is no file."""
    return _read(folder)[1]


def own_questions(folder: Path) -> QuestionBank:
    """Our questions and those of the folder that are right, for checks that need a number."""
    return QuestionBank(_read(folder)[0])


def _read(folder: Path) -> tuple[tuple[Question, ...], list[Problem]]:
    edited = read_edited(folder / FILE, _example(()))
    if isinstance(edited, Problem):
        harmless = edited.message in (say("file", kind) for kind in _HARMLESS)
        return (), [] if harmless else [edited]
    found = [
        edited.problem(
            (key, 0) if isinstance(value, list) else (key,), say("schema", "extra_forbidden"), _example(())
        )
        for key, value in edited.data.items()
        if key != SECTION
    ]
    try:
        questions = _ALL.validate_python(edited.data.get(SECTION, []))
    except ValidationError as error:
        found += _once(_explain(edited, details) for details in error.errors(include_url=False))
        return (), sorted(found, key=lambda one: one.line or 0)
    found += _repeated(edited, questions)
    return (() if found else questions), sorted(found, key=lambda one: one.line or 0)


def _repeated(edited: Edited, questions: tuple[Question, ...]) -> Iterator[Problem]:
    known = {one.key for one in nine_rules().questions}
    for number, question in enumerate(questions):
        if question.key in known:
            place: Place = (SECTION, number, "key")
            yield edited.problem(
                place, say("questions", "repeated", {"value": question.key}), _example(place)
            )
        known.add(question.key)


def _explain(edited: Edited, details: Mapping[str, Any]) -> Problem:
    place: Place = (SECTION, *_without_kinds(details["loc"]))
    kind: str = details["type"]
    example = _example(place)
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(str(place[-1]), Question.model_fields, n=1, cutoff=0.5)
        told = say("schema", "unknown_close", {"close": close[0]}) if close else say("schema", kind)
        return edited.problem(place, told, example)
    for section in ("questions", "schema"):
        if kind in wording()[section]:
            return edited.problem(place, say(section, kind, details.get("ctx")), example)
    return edited.problem(place, say("schema", "other", {"value": details["msg"]}), example)


def _without_kinds(place: Place) -> Place:
    """Without the names of the kinds of values that were tried, which stand behind the key."""
    cut = next((at for at, part in enumerate(place) if part in ("choices", "right")), len(place))
    return (*place[: cut + 1], *(part for part in place[cut + 1 :] if isinstance(part, int)))


def _once(found: Iterator[Problem]) -> list[Problem]:
    """One line for each place: of the kinds of values that were tried, the first says it."""
    by_place: dict[tuple[int | None, str], Problem] = {}
    for one in found:
        by_place.setdefault((one.line, one.key), one)
    return list(by_place.values())


def _example(place: Place) -> str:
    examples = wording()["question_examples"]
    key = str(place[2]) if len(place) > 2 else ""
    return examples.get(key, examples[""])
