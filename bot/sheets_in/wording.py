"""The words of a kind of table: headings, values, what is said about mistakes; some are shared by all."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

_SHARED = "tables.toml"


class TableError(Exception):
    """A table cannot be read at all; the message says why, for people, without anything of its content."""


class Wording:
    """The words of one file of bot/data, and those of tables.toml where it has none."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getitem__(self, section: str) -> dict[str, Any]:
        """A section of the file, with what is shared by all."""
        return _sections(self._name)[section]

    def say(self, section: str, kind: str, **values: object) -> str:
        """The sentence for a kind of mistake or note."""
        text: str = self[section][kind]
        return text.format_map(values) if values else text


TABLES = Wording(_SHARED)
"""What is said about any table."""


@lru_cache(maxsize=8)
def _sections(name: str) -> dict[str, dict[str, Any]]:
    own, shared = _read(name), _read(_SHARED)
    return {section: shared.get(section, {}) | own.get(section, {}) for section in (*shared, *own)}


def _read(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("bot").joinpath(f"data/{name}").read_text("utf-8"))
