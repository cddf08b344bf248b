"""The words of bot/data/discharges.toml: headings, values, and what is said about mistakes."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any


class TableError(Exception):
    """A table cannot be read at all; the message says why, for people, without anything of its content."""


@lru_cache(maxsize=1)
def wording() -> dict[str, dict[str, Any]]:
    """The tables of the file."""
    return tomllib.loads(files("bot").joinpath("data/discharges.toml").read_text("utf-8"))


def say(section: str, kind: str, **values: object) -> str:
    """The sentence for a kind of mistake or note."""
    text: str = wording()[section][kind]
    return text.format_map(values) if values else text
