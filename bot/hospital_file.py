"""Reads hospital.toml and explains every mistake in it with file, line, key and a correct example."""

import difflib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.config_text import Edited, Problem, read_edited, say, wording
from bot.drives.reading import drive_problems
from bot.duty_file import duty_problems, own_book
from bot.holiday_file import holiday_problems, load_holidays
from bot.question_file import question_problems
from bot.toml_lines import Place
from bot.word_file import word_problems
from storage.errors import ConfigError
from storage.hospital import (
    Clocks,
    Copies,
    Faq,
    Files,
    Hospital,
    Leader,
    Limits,
    Office,
    Retention,
    Route,
    Trail,
)
from storage.hospital_checks import Mistake
from storage.hospital_followup import Columns, Followup, Question, SurveyPlan, Ward

__all__ = ["Problem", "load_holidays", "load_hospital", "problems", "write_samples"]

FILE = "hospital.toml"
_SAMPLES = {FILE: "utf-8", "holidays.toml": "utf-8", "words.csv": "utf-8-sig", "duties.toml": "utf-8",
            "questions.toml": "utf-8"}  # fmt: skip
"""With their encodings: Excel takes a table for UTF-8 by its mark alone."""
_SECTIONS: dict[str, type[BaseModel]] = {
    "": Hospital,
    "offices": Office,
    "leaders": Leader,
    "routing.code": Route,
    "clocks": Clocks,
    "files": Files,
    "retention": Retention,
    "limits": Limits,
    "trail": Trail,
    "copies": Copies,
    "faq": Faq,
    "followup": Followup,
    "followup.plans": SurveyPlan,
    "followup.questions": Question,
    "followup.wards": Ward,
    "followup.columns": Columns,
}


def load_hospital(folder: Path) -> Hospital:
    """What stands in the folder's hospital.toml.

    Raises ConfigError with one line about the first mistake and the number of the others.
    """
    hospital, wrong = _read(folder)
    if hospital is None:
        more = f" ({len(wrong) - 1} more: see `lianxin check`)" if len(wrong) > 1 else ""
        raise ConfigError(f"{wrong[0]}{more}")
    return hospital


def problems(folder: Path) -> list[Problem]:
    """Every mistake in the edited files, file by file in the order of the lines.

    How the parts fit together is only looked at when each of them is right.
    """
    hospital, wrong = _read(folder)
    drives = drive_problems(folder, hospital, own_book(folder, hospital)) if hospital is not None else []
    return [*wrong, *holiday_problems(folder), *word_problems(folder), *duty_problems(folder, hospital),
            *drives, *question_problems(folder)]  # fmt: skip


def write_samples(folder: Path) -> list[Path]:
    """Writes the samples of the edited files where there are none; the files written."""
    written: list[Path] = []
    for name, encoding in _SAMPLES.items():
        text = files("bot").joinpath("data", name).read_text("utf-8")
        try:
            with (folder / name).open("x", encoding=encoding, newline="\n") as new:
                new.write(text)
        except FileExistsError:
            continue
        written.append(folder / name)
    return written


def _read(folder: Path) -> tuple[Hospital | None, list[Problem]]:
    edited = read_edited(folder / FILE, _example(()))
    if isinstance(edited, Problem):
        return None, [edited]
    try:
        return Hospital.model_validate(edited.data), []
    except ValidationError as error:
        found = [one for details in error.errors(include_url=False) for one in _explain(edited, details)]
        return None, sorted(found, key=lambda one: one.line or 0)


def _explain(edited: Edited, details: Mapping[str, Any]) -> Iterator[Problem]:
    place: Place = details["loc"]
    match details["type"]:
        case "cross_check":
            for mistake in details["ctx"]["mistakes"]:
                yield edited.problem(mistake.place, _cross(mistake), _example(mistake.place))
        case "extra_forbidden":
            yield edited.problem(place, _unknown_key(place), _example(place))
        case kind if kind in wording()["schema"]:
            yield edited.problem(place, say("schema", kind, details.get("ctx")), _example(place))
        case _:
            yield edited.problem(place, say("schema", "other", {"value": details["msg"]}), _example(place))


def _cross(mistake: Mistake) -> str:
    kind = f"{mistake.kind}_close" if mistake.close else mistake.kind
    return say("cross", kind, {"value": mistake.value, "close": mistake.close})


def _unknown_key(place: Place) -> str:
    key, section = str(place[-1]), _general(place[:-1])
    known = _SECTIONS[section].model_fields if section in _SECTIONS else {}
    if _misplaced(place):
        return say("schema", "misplaced")
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return say("schema", "unknown_close", {"close": close[0]}) if close else say("schema", "extra_forbidden")


def _misplaced(place: Place) -> bool:
    """Whether a key of the top of the file stands in a section that has no such key."""
    section = _SECTIONS.get(_general(place[:-1]))
    return len(place) > 1 and section is not None and _is_only_of_top(str(place[-1]), section)


def _is_only_of_top(key: str, section: type[BaseModel]) -> bool:
    return key in Hospital.model_fields and key not in section.model_fields


def _general(place: Place) -> str:
    """The key as the examples name it: without positions, any category as `code`."""
    parts = [part for part in place if isinstance(part, str)]
    if parts[:1] == ["routing"]:
        parts[1:2] = ["code"] * len(parts[1:2])
    return ".".join(parts)


def _example(place: Place) -> str:
    """A correct line for the key; for an unknown one, for the key that was probably meant or its section."""
    examples = wording()["examples"]
    key = _general(place[-1:] if _misplaced(place) else place)
    if key not in examples:
        key = next(iter(difflib.get_close_matches(key, examples, n=1, cutoff=0.8)), _general(place[:-1]))
    return examples.get(key, examples[""])
