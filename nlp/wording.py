"""Compiles patterns written as rows of words and word classes into expressions that cannot run away."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

_GAP = "[^\n,。!?;]{0,%d}?"
_WIDE_GAP = "[^\n。!?]{0,%d}?"
_REPEAT = {"?": "?", "*": "{0,3}", "+": "{1,3}"}
_EDGES = {"^": r"(?<!\w)", "$": r"(?!\w)"}
Classes = Mapping[str, list[str]]


@lru_cache(maxsize=16)
def table(name: str) -> dict[str, Any]:
    """The TOML file nlp/data/`name`, read once."""
    return tomllib.loads(files("nlp").joinpath("data", name).read_text("utf-8"))


def compiled(patterns: Iterable[str], classes: Classes) -> re.Pattern[str]:
    """One expression for all patterns; earlier patterns win at the same place. It never matches for none.

    A pattern is a row of parts; between two of them the text may have a blank (`_` is one inside a part):
    `word`, `word|other`, `@class` (the words of a class), each with `?` (may be missing), `*` (up to three)
    or `+` (one to three); `~` a gap of up to 4 characters within a clause, `~8` of up to 8, `~,8` also
    over commas; `^` and `$` the
    edges of a word row; `!word|other` not before these, `<!word|other` not after these. All repeats are
    bounded, so that time grows with the length of the text alone. Raises KeyError for an unknown class,
    ValueError for an empty word or a
    question mark inside one.
    """
    return re.compile("|".join(_row(pattern, classes) for pattern in patterns) or r"(?!)")


def ordered(words: Iterable[str]) -> list[str]:
    """Longer words first, so that a word never hides a longer one that begins with it."""
    return sorted(set(words), key=lambda word: (-len(word), word))


def _row(pattern: str, classes: Classes) -> str:
    if not pattern.strip():
        raise ValueError("an empty pattern")
    return " ?".join(_part(part, classes) for part in pattern.split())


def _part(part: str, classes: Classes) -> str:
    if part in _EDGES:
        return _EDGES[part]
    if part[0] == "~":
        width = part[1:].removeprefix(",")
        return (_WIDE_GAP if part[1:2] == "," else _GAP) % int(width or 4)
    if part.startswith("<!"):
        return "".join(f"(?<!{re.escape(word)})" for word in _words(part[2:], classes))
    if part[0] == "!":
        return f"(?!{_either(_words(part[1:], classes))})"
    repeat = _REPEAT.get(part[-1], "") if len(part) > 1 else ""
    words = _words(part[:-1] if repeat else part, classes)
    return f"(?:{_either(words)}){repeat}"


def _words(part: str, classes: Classes) -> list[str]:
    found: list[str] = []
    for word in part.split("|"):
        if not word:
            raise ValueError(f"an empty word in the pattern part {part!r}")
        if "?" in word[1:]:
            raise ValueError(f"{word!r}: what may be missing stands as a part of its own")
        if word.startswith("@"):
            found += [inner for entry in classes[word[1:]] for inner in _words(entry, classes)]
        else:
            found.append(word.replace("_", " "))
    return ordered(found)


def _either(words: Iterable[str]) -> str:
    return "|".join(map(_literal, words))


def _literal(word: str) -> str:
    if word in _EDGES:
        return _EDGES[word]
    before = "(?<![a-z])" if word[:1].isascii() and word[:1].isalpha() else ""
    after = "(?![a-z])" if word[-1:].isascii() and word[-1:].isalpha() else ""
    return f"{before}{re.escape(word)}{after}"
