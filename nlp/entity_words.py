"""Reads the lists by which things, places and means are found (nlp/data/entities.toml)."""

import tomllib
from functools import lru_cache
from importlib.resources import files


def any_of(section: str, name: str) -> str:
    """An expression for any word of that list, the first that fits."""
    return f"(?:{'|'.join(words(section, name))})"


def words(section: str, name: str) -> list[str]:
    """The words of a list, in its order."""
    found: list[str] = _lists()[section][name]
    return found


@lru_cache(maxsize=1)
def _lists() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("nlp").joinpath("data", "entities.toml").read_text("utf-8"))
