"""Reads drives/*.toml and explains every mistake in them with file, line, key and a correct example."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.config_text import Edited, Problem, read_edited, say, wording
from bot.toml_lines import Place
from storage.drives.checks import mistakes_of
from storage.drives.plan import Deliverable, Drive, Phase, Recurring, Summary, TakesPart
from storage.duties.book import DutyBook
from storage.errors import ConfigError
from storage.hospital import Hospital

FOLDER = "drives"
_SECTIONS: dict[str, type[BaseModel]] = {
    "": Drive,
    "takes_part": TakesPart,
    "phases": Phase,
    "phases.deliverables": Deliverable,
    "phases.recurring": Recurring,
    "summary": Summary,
}
_GENERAL = ("key", "title", "text", "unit", "form", "to_office", "offices", "owed_by", "proof", "due")
"""Keys that are written alike wherever they stand."""


def load_drives(folder: Path, hospital: Hospital, book: DutyBook | None = None) -> tuple[Drive, ...]:
    """The drives of the data folder, those that begin first in front; none where there is no such folder.

    Groups and forms are looked up in `book`. Raises ConfigError with one line about the first mistake and the
    number of the others.
    """
    drives, wrong = _read(folder, hospital, book)
    if wrong:
        more = f" ({len(wrong) - 1} more: see `lianxin check`)" if len(wrong) > 1 else ""
        raise ConfigError(f"{wrong[0]}{more}")
    return drives


def drive_problems(folder: Path, hospital: Hospital, book: DutyBook | None = None) -> list[Problem]:
    """Every mistake in the drives, file by file; with `book` also groups and forms that are not there."""
    return _read(folder, hospital, book)[1]


def drive_files(folder: Path) -> list[Path]:
    """The files of drives, by name."""
    return sorted(path for path in (folder / FOLDER).glob("*.toml") if not path.name.startswith("."))


def file_of_drive(folder: Path, key: str, hospital: Hospital) -> Path:
    """The file in which a drive stands; raises ConfigError where there is none of this key."""
    known: list[str] = []
    for path in drive_files(folder):
        drive, _ = read_drive(path, hospital, None)
        if drive is not None and drive.key == key:
            return path
        known += [drive.key] if drive is not None else []
    told = f"the drives are {', '.join(known)}" if known else "there is none; begin with: lianxin drives new"
    raise ConfigError(f"{folder / FOLDER}: there is no drive {key}; {told}")


def read_drive(path: Path, hospital: Hospital, book: DutyBook | None) -> tuple[Drive | None, list[Problem]]:
    """One file: the drive, or what is wrong with it."""
    edited = read_edited(path, _example(()))
    name = f"{FOLDER}/{path.name}"
    if isinstance(edited, Problem):
        return None, [replace(edited, file=name)]
    edited = replace(edited, file=name)
    try:
        drive = Drive.model_validate(edited.data)
    except ValidationError as error:
        wrong = [_explain(edited, details) for details in error.errors(include_url=False)]
        return None, sorted(wrong, key=lambda one: one.line or 0)
    return drive, list(_cross(edited, drive, hospital, book))


def _read(folder: Path, hospital: Hospital, book: DutyBook | None) -> tuple[tuple[Drive, ...], list[Problem]]:
    drives: dict[str, tuple[Drive, str]] = {}
    wrong: list[Problem] = []
    for path in drive_files(folder):
        drive, found = read_drive(path, hospital, book)
        wrong += found
        if drive is None:
            continue
        if drive.key in drives:
            values = {"value": drive.key, "close": drives[drive.key][1]}
            told = say("drives", "same_drive", values)
            wrong.append(Problem(f"{FOLDER}/{path.name}", None, "key", told, _example(("key",))))
            continue
        drives[drive.key] = (drive, path.name)
    found_drives = sorted((drive for drive, _ in drives.values()), key=lambda one: (one.start, one.key))
    return tuple(found_drives), wrong


def _cross(edited: Edited, drive: Drive, hospital: Hospital, book: DutyBook | None) -> Iterator[Problem]:
    for mistake in mistakes_of(drive, hospital, book):
        close = f"{mistake.kind}_close"
        kind = close if mistake.close and close in wording()["drives"] else mistake.kind
        told = say("drives", kind, {"value": mistake.value, "close": mistake.close})
        yield edited.problem(mistake.place, told, _example(mistake.place))


def _explain(edited: Edited, details: Mapping[str, Any]) -> Problem:
    place: Place = tuple(part for part in details["loc"] if part not in ("date", "int"))
    kind: str = details["type"]
    example = _example(place)
    if kind == "extra_forbidden":
        return edited.problem(place, _unknown_key(place), example)
    for section in ("drives", "schema"):
        if kind in wording()[section]:
            return edited.problem(place, say(section, kind, details.get("ctx")), example)
    return edited.problem(place, say("schema", "other", {"value": details["msg"]}), example)


def _unknown_key(place: Place) -> str:
    section = _SECTIONS.get(_general(place[:-1]))
    known = [field.alias or name for name, field in section.model_fields.items()] if section else []
    close = difflib.get_close_matches(str(place[-1]), known, n=1, cutoff=0.5)
    return say("schema", "unknown_close", {"close": close[0]}) if close else say("schema", "extra_forbidden")


def _general(place: Place) -> str:
    return ".".join(part for part in place if isinstance(part, str))


def _example(place: Place) -> str:
    """A correct line for the key, or else for the section it stands in."""
    examples = wording()["drive_examples"]
    general = _general(place)
    last = general.rpartition(".")[2]
    for key in (general, last if last in _GENERAL else "", _general(place[:-1])):
        if key in examples:
            return examples[key]
    return examples[""]
