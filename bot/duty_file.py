"""Reads duties.toml and explains every mistake in it with file, line, key and a correct example."""

import difflib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.config_text import Edited, Problem, read_edited, say, wording
from bot.drives.reading import load_drives
from bot.question_file import own_questions
from bot.toml_lines import Place
from storage.drives.duties import book_with_drives
from storage.duties.book import Duty, DutyBook, Form, FormQuestion, Group, Owed, Quiz, Reminding
from storage.duties.checks import book_mistakes
from storage.duties.when import When
from storage.errors import ConfigError
from storage.hospital import Hospital
from storage.hospital_checks import Mistake

FILE, MATERIALS = "duties.toml", "materials"
_MISSING = "missing"
_SECTIONS: dict[str, type[BaseModel]] = {
    "": DutyBook,
    "reminding": Reminding,
    "groups": Group,
    "forms": Form,
    "forms.questions": FormQuestion,
    "duties": Duty,
    "duties.owed_by": Owed,
    "duties.when": When,
    "duties.quiz": Quiz,
}


def load_duties(folder: Path, hospital: Hospital) -> DutyBook:
    """What stands in the folder's duties.toml, and what its drives ask for; without the file no duties.

    Raises ConfigError with one line about the first mistake and the number of the others.
    """
    book, wrong = _read(folder, hospital)
    if wrong or book is None:
        more = f" ({len(wrong) - 1} more: see `lianxin check`)" if len(wrong) > 1 else ""
        raise ConfigError(f"{wrong[0]}{more}")
    return book_with_drives(book, load_drives(folder, hospital, book))


def duty_problems(folder: Path, hospital: Hospital | None) -> list[Problem]:
    """Every mistake in duties.toml, in the order of the lines.

    What refers to offices is only looked at where the hospital's own file is right.
    """
    return _read(folder, hospital)[1]


def own_book(folder: Path, hospital: Hospital | None) -> DutyBook | None:
    """What stands in duties.toml alone; None where there is a mistake in it."""
    book, wrong = _read(folder, hospital)
    return None if wrong else book


def _read(folder: Path, hospital: Hospital | None) -> tuple[DutyBook | None, list[Problem]]:
    edited = read_edited(folder / FILE, _example(()))
    if isinstance(edited, Problem):
        missing = edited.message == say("file", _MISSING)
        return (DutyBook(), []) if missing else (None, [edited])
    try:
        book = DutyBook.model_validate(edited.data)
    except ValidationError as error:
        found = [_explain(edited, details) for details in error.errors(include_url=False)]
        return None, _in_order(found)
    wrong = [_material(edited, folder, number, duty) for number, duty in enumerate(book.duties)]
    found = [one for one in wrong if one is not None]
    if hospital is not None:
        found += [_cross(edited, mistake) for mistake in _mistakes(folder, book, hospital)]
    return book, _in_order(found)


def _mistakes(folder: Path, book: DutyBook, hospital: Hospital) -> Iterator[Mistake]:
    today: date = datetime.now(UTC).date()
    return book_mistakes(book, hospital, questions=partial(_questions, folder), today=today)


def _questions(folder: Path, quiz: Quiz) -> int:
    """How many there are to draw from."""
    return len(own_questions(folder).of(quiz.bank, quiz.rules))


def _material(edited: Edited, folder: Path, number: int, duty: Duty) -> Problem | None:
    place: Place = ("duties", number, "file")
    if not duty.file or Path(duty.file).name != duty.file or (folder / MATERIALS / duty.file).is_file():
        return None
    return edited.problem(place, say("duties", "no_file", {"value": duty.file}), _example(place))


def _cross(edited: Edited, mistake: Mistake) -> Problem:
    kind = f"{mistake.kind}_close" if mistake.close else mistake.kind
    values = {"value": mistake.value, "close": mistake.close}
    section = next(name for name in ("duties", "cross") if kind in wording()[name])
    return edited.problem(mistake.place, say(section, kind, values), _example(mistake.place))


def _explain(edited: Edited, details: Mapping[str, Any]) -> Problem:
    place: Place = details["loc"]
    kind: str = details["type"]
    example = _example(place)
    if kind == "extra_forbidden":
        return edited.problem(place, _unknown_key(place), example)
    for section in ("duties", "schema"):
        if kind in wording()[section]:
            return edited.problem(place, say(section, kind, details.get("ctx")), example)
    return edited.problem(place, say("schema", "other", {"value": details["msg"]}), example)


def _unknown_key(place: Place) -> str:
    section = _SECTIONS.get(_general(place[:-1]))
    known = section.model_fields if section else {}
    close = difflib.get_close_matches(str(place[-1]), known, n=1, cutoff=0.5)
    return say("schema", "unknown_close", {"close": close[0]}) if close else say("schema", "extra_forbidden")


def _in_order(found: list[Problem]) -> list[Problem]:
    return sorted(found, key=lambda one: one.line or 0)


def _general(place: Place) -> str:
    return ".".join(part for part in place if isinstance(part, str))


def _example(place: Place) -> str:
    """A correct line for the key, or else for the section it stands in."""
    examples = wording()["duty_examples"]
    while place and _general(place) not in examples:
        place = place[:-1]
    return examples[_general(place)]
