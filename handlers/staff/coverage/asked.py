"""Reads what somebody typed who wants coverage: 覆盖率 骨科 上季度, 覆盖率 九项准则, 覆盖率 11月."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from handlers.words import Words
from nlp.normalise import normalise
from storage.duties.spans import SpanKind, before, is_span, span_of

VERB, ALL = "coverage", "all"
_LONGEST = 40
_SPACE = re.compile(r"[\s,，、:：]+")
_YEAR_MONTH = re.compile(r"(20\d\d)[-./年](\d{1,2})月?份?$")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})月份?$")
_QUARTER = re.compile(r"(?:(20\d\d)年?)?(?:第?([1-4一二三四])季度?|[-]?q([1-4]))$")
_YEAR = re.compile(r"(20\d\d)年?度?$")
_WRITTEN = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at: a span (storage.duties.spans), an office and a duty's key, each empty for all."""

    span: str
    office: str = ""
    duty: str = ""

    @property
    def value(self) -> str:
        """The same in a button: names could be longer than a button takes."""
        return f"{self.span}:{token(self.office)}:{token(self.duty)}"


@dataclass(frozen=True, slots=True)
class Typed:
    """`span` is None where none was named, empty where what was named is none; `names` is the rest."""

    span: str | None
    names: tuple[str, ...]


def token(name: str) -> str:
    """An office or a duty in a button."""
    return sha256(name.encode()).hexdigest()[:8] if name else ALL


def typed_in(text: str, words: Words, *, today: date) -> Typed | None:
    """What was typed; None where the text does not begin with a word for coverage."""
    if len(text) > _LONGEST:
        return None
    # Reading a text closes the gaps between Chinese words: here they part names.
    parts = [normalise(part).text for part in _SPACE.split(text.strip().removeprefix("/")) if part]
    first = parts[0] if parts else ""
    head = next((one for one in _words(words, "coverage") if first.startswith(one)), None)
    if head is None:
        return None
    typed = Typed(None, ())
    for part in filter(None, (first.removeprefix(head), *parts[1:])):
        rest, span = _without_span(part, words, today)
        typed = replace(typed, span=typed.span if span is None else span)
        if rest and rest not in _words(words, "house"):
            typed = replace(typed, names=(*typed.names, rest))
    return typed


def office_named(name: str, offices: Iterable[str]) -> str | None:
    """The office of this name, or the only one whose name has these letters in it."""
    known = {normalise(one).text: one for one in offices}
    return known.get(name) or _only([one for plain, one in known.items() if name in plain])


def duty_named(name: str, titles: Mapping[str, str]) -> str | None:
    """The key of the duty of this title, or of the only one whose title has these letters in it."""
    exact = [key for key, title in titles.items() if normalise(title).text == name]
    return _only(exact) or _only([key for key, title in titles.items() if name in normalise(title).text])


def _only(found: list[str]) -> str | None:
    return found[0] if len(found) == 1 else None


def _without_span(part: str, words: Words, today: date) -> tuple[str, str | None]:
    for kind in SpanKind:
        for key, span in (("this", span_of(today, kind)), ("last", before(span_of(today, kind)))):
            for word in _words(words, f"{key}_{kind.value}"):
                if part.endswith(word):
                    return part.removesuffix(word), span
    if found := _YEAR_MONTH.search(part):
        return part[: found.start()], _checked(f"{found[1]}-{found[2]:0>2}")
    if found := _QUARTER.search(part):
        number = _WRITTEN.get(found[2] or "") or int(found[2] or found[3])
        return part[: found.start()], _quarter(number, found[1], today)
    if found := _MONTH.search(part):
        return part[: found.start()], _latest(int(found[1]), today)
    if found := _YEAR.search(part):
        return part[: found.start()], found[1]
    return part, None


def _quarter(number: int, year: str | None, today: date) -> str:
    if year:
        return f"{year}-Q{number}"
    return f"{today.year - (number > (today.month + 2) // 3)}-Q{number}"


def _latest(number: int, today: date) -> str:
    """The last such month that is not ahead."""
    return f"{today.year - (number > today.month)}-{number:02}" if 1 <= number <= 12 else ""


def _checked(span: str) -> str:
    return span if is_span(span) else ""


def _words(words: Words, name: str) -> list[str]:
    """The longest first, so that none hides behind another it begins with."""
    return sorted(words(f"coverage.words_{name}").split(), key=len, reverse=True)
