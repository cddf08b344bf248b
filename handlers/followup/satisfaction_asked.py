"""Reads what somebody typed who wants figures: 满意度 骨科 本月, 满意度 全院 2026-10, 满意度骨科10月."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from handlers.words import Words
from nlp.normalise import normalise
from storage.followup.months import earlier, is_month

_LONGEST = 40
_YEAR_MONTH = re.compile(r"(20\d\d)[-./年](\d{1,2})月?份?$")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})月份?$")
_SPACE = re.compile(r"[\s,，、:：]+")
_NEAR = 0.34
_MOST_NEAR = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """`name` is what was written for a department, empty where nothing was; `month` YYYY-MM.

    `month` is None where none was named, and empty where what was named is no month.
    """

    name: str
    month: str | None


def asked_in(text: str, words: Words, *, this_month: str) -> Asked | None:
    """What is asked for; None where the text does not begin with a word for these figures."""
    if len(text) > _LONGEST:
        return None
    plain = _plain(text).removeprefix("/").removeprefix("@")
    heads = sorted(words("satisfaction.words_figures").split(), key=len, reverse=True)
    head = next((one for one in heads if plain.startswith(one)), None)
    if head is None:
        return None
    rest, month = _without_month(_SPACE.sub("", plain.removeprefix(head)), words, this_month)
    return Asked("" if rest in words("satisfaction.words_house").split() else rest, month)


def means_house(text: str, words: Words) -> bool:
    """Whether the whole hospital was asked for by name."""
    plain = _SPACE.sub("", _plain(text))
    return any(one in plain for one in words("satisfaction.words_house").split())


def is_bare(text: str, words: Words) -> bool:
    """Whether nothing but the word itself was written, as patients do who want to give a grade."""
    return _plain(text).removeprefix("/") in words("satisfaction.words_figures").split()


def known_as(name: str, departments: Iterable[str]) -> str | None:
    """The department of this name, if there is one."""
    return next((one for one in departments if _plain(one) == name), None)


def nearest(name: str, departments: Iterable[str]) -> list[str]:
    """Departments that may be meant, the likeliest first, six at most."""
    rated = [(_likeness(name, _plain(one)), one) for one in departments]
    near = sorted((one for one in rated if one[0] >= _NEAR), key=lambda one: (-one[0], one[1]))
    return [one for _, one in near[:_MOST_NEAR]]


def _likeness(name: str, department: str) -> float:
    if name and (name in department or department in name):
        return 1.0
    return SequenceMatcher(None, name, department).ratio()


def _without_month(rest: str, words: Words, this_month: str) -> tuple[str, str | None]:
    for key, back in (("this_month", 0), ("last_month", 1)):
        for word in words(f"satisfaction.words_{key}").split():
            if rest.endswith(word):
                return rest.removesuffix(word), earlier(this_month, back)
    if found := _YEAR_MONTH.search(rest):
        month = f"{found[1]}-{found[2]:0>2}"
        return rest[: found.start()], month if is_month(month) else ""
    if found := _MONTH.search(rest):
        return rest[: found.start()], _latest(int(found[1]), this_month)
    return rest, None


def _latest(number: int, this_month: str) -> str:
    """The last such month that is not ahead."""
    if not 1 <= number <= 12:
        return ""
    year = int(this_month[:4]) - (number > int(this_month[5:]))
    return f"{year}-{number:02}"


def _plain(text: str) -> str:
    return normalise(text).text.strip()
