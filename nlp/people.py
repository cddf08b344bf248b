"""Finds whom a text speaks of: 张主任, 张伟主任, 姓李的护士, 王某, 主刀医生, Dr. Lin, in parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rjieba import cut, tag

from nlp.name_book import NameBook, name_book
from nlp.normalise import Normalised
from nlp.spans import Mention, original

_CLAUSE = frozenset(" ,。,!?;:、\n(「\"'.")
_HOUSE = frozenset("科室区部楼组")
"""Where a department ends."""
_FONDLY = ("老", "小")
_AROUND = 6
_FUNCTION = ("p", "u", "d", "r", "c", "m", "q", "y", "x", "f", "t")
"""How jieba marks words that no given name is."""
_FAMILIAR = ("姐", "哥", "师傅")


@dataclass(frozen=True, slots=True)
class Person(Mention):
    """Somebody the text speaks of; the parts are in list form and empty where they are not told."""

    surname: str = ""
    given: str = ""
    title: str = ""


def find_people(form: Normalised, text: str) -> Iterator[Person]:
    """The people, in order: by name and title, by surname alone (姓李的), by their role alone (主刀)."""
    book, plain, position = name_book(), form.text, 0
    while match := book.pattern.search(plain, position):
        found = _parts(book, plain, match)
        if found is None:
            position = match.start() + 1
            continue
        surname, given, title, start, position = found
        yield Person(*original(form, text, start, position), surname, given, title)


_Parts = tuple[str, str, str, int, int]


def _parts(book: NameBook, plain: str, match: re.Match[str]) -> _Parts | None:
    """Surname, given name, title, start and end; None where the characters are something else."""
    start, end = match.span()
    part = match.groupdict(default="")
    if part["role"]:
        return _with_name(book, plain, part["role"], start, end)
    if part["latin"]:
        return part["latin"], "", "dr", start, end
    for kind, title in (("called", "calling"), ("someone", "somewhat"), ("clan", "clansman")):
        if surname := part[kind]:
            allowed = kind == "called" or _is_allowed(book, plain, match.start(kind), surname)
            return (surname, "", part[title], start, end) if allowed else None
    if full := part["full"]:
        name = _name_at(book, plain, match.start("full"))
        return (*name, part["doing"], match.start("full"), end) if name and "".join(name) == full else None
    at = match.start("surname")
    if not _is_name(book, plain, at, match.end("title"), part):
        return None
    return part["surname"], part["given"], part["title"], start, end


def _with_name(book: NameBook, plain: str, role: str, start: int, end: int) -> _Parts:
    """A role with the full name that may follow it: 科主任张建国."""
    name = _name_at(book, plain, end) if plain[end : end + 1] in book.surnames else None
    if name is None:
        return "", "", role, start, end
    return *name, role, start, end + len("".join(name))


def _name_at(book: NameBook, plain: str, start: int) -> tuple[str, str] | None:
    """Surname and given name, if jieba finds a full name that begins here."""
    token, kind = next(iter(tag(plain[start : start + _AROUND])), ("", ""))
    size = 2 if token[:2] in book.surnames else 1
    surname, given = token[:size], token[size:]
    known = kind.startswith("nr") and surname in book.surnames and token not in book.no_names
    fits = 1 <= len(given) <= 2 and book.no_given.isdisjoint(given)
    return (surname, given) if known and fits else None


def _is_name(book: NameBook, plain: str, start: int, end: int, part: dict[str, str]) -> bool:
    surname, given = part["surname"], part["given"]
    if not _is_allowed(book, plain, start, surname):
        return False
    if given and (part["title"] in _FAMILIAR or not _is_given(book, plain, start, surname, given)):
        return False
    before = plain[start - 1 : start]
    return before in _HOUSE or _begins_word(plain, start - (before in _FONDLY), end)


def _is_allowed(book: NameBook, plain: str, start: int, surname: str) -> bool:
    before = plain[start - 1 : start] if start else "^"
    allowed = book.only_after.get(surname)
    if before and before in book.not_after.get(surname, ""):
        return False
    return allowed is None or before in allowed or ("^" in allowed and before in _CLAUSE)


def _begins_word(plain: str, start: int, end: int) -> bool:
    """Whether no word of jieba's dictionary goes on into the name: 上周, 紧张, 三分钟, 由于."""
    position = max(0, start - _AROUND)
    for token in cut(plain[position:end], hmm=False):
        if position >= start:
            break
        position += len(token)
    return position == start


def _is_given(book: NameBook, plain: str, start: int, surname: str, given: str) -> bool:
    """Whether surname and given name are no common word (安排, 高度, 黄疸) and no beginning of a sentence."""
    if not book.no_given.isdisjoint(given) or plain.startswith(book.no_names, start):
        return False
    size = len(surname) + len(given)
    token, kind = next(iter(tag(plain[start : start + size + 2])), ("", ""))
    return kind.startswith("nr") or (
        token == surname and _stands_for_name(plain, start + len(surname), given)
    )


def _stands_for_name(plain: str, at: int, given: str) -> bool:
    token, kind = next(iter(tag(plain[at : at + len(given)])), ("", ""))
    return token == given and not kind.startswith(_FUNCTION) and (len(given) == 1 or kind.startswith("n"))
