"""Reads an edited file and says in one line what is wrong with it and how it is written correctly."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from bot.toml_lines import KeyLines, Place

_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_CHINESE_SIGNS = re.compile(r"[“”‘’，＝【】｛｝［］]")


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in an edited file; `line` counts from 1 and is None where the whole file is meant."""

    file: str
    line: int | None
    key: str
    message: str
    example: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        told = f"{where}, {self.key}: {self.message}" if self.key else f"{where}: {self.message}"
        return " ".join(f"{told}. Example: {self.example}".split())


@dataclass(frozen=True, slots=True)
class Edited:
    """A file that was read: what it says, and where."""

    file: str
    data: dict[str, Any]
    lines: KeyLines

    def problem(self, place: Place, message: str, example: str) -> Problem:
        """A mistake at this place of the file."""
        return Problem(self.file, self.lines.line_of(place), ".".join(map(str, place)), message, example)


@lru_cache(maxsize=1)
def wording() -> dict[str, dict[str, str]]:
    """The tables of bot/data/problems.toml."""
    return tomllib.loads(files("bot").joinpath("data/problems.toml").read_text("utf-8"))


def say(section: str, kind: str, values: Mapping[str, object] | None = None) -> str:
    """The sentence for a kind of mistake, with its values filled in on one line."""
    filled = {key: " ".join(_written(value).split())[:80] for key, value in (values or {}).items()}
    return wording()[section][kind].format_map(filled)


def _written(value: object) -> str:
    try:
        return str(value)
    except ValueError:  # TOML takes a number in hexadecimal digits that is too long for decimal ones
        return "…"


def read_edited(path: Path, example: str) -> Edited | Problem:
    """What the file says, or why it cannot be read: missing, not UTF-8, empty, not TOML.

    A byte order mark and Windows line ends are fine.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Problem(path.name, None, "", say("file", "missing"), example)
    except OSError as error:
        return Problem(path.name, None, "", say("file", "unreadable", {"value": error.strerror}), example)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return Problem(path.name, line, "", say("file", "encoding"), example)
    if not text.strip():
        return Problem(path.name, None, "", say("file", "empty"), example)
    try:
        return Edited(path.name, tomllib.loads(text), KeyLines(text))
    except (ValueError, RecursionError) as error:
        return _syntax(path.name, text, str(error), example)


def _syntax(file: str, text: str, error: str, example: str) -> Problem:
    lines = text.splitlines()
    at = _AT_LINE.search(error)
    number = min(int(at[1]) if at and at[1] else len(lines), len(lines))
    outside_texts = re.sub(r'"[^"]*"|#.*', "", lines[number - 1])
    kind = "signs" if _CHINESE_SIGNS.search(outside_texts) else "syntax"
    reason = _AT_LINE.sub("", error) or "it is nested too deeply"
    return Problem(file, number, "", say("file", kind, {"value": reason}), example)
