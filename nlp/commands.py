"""Recognises commands, short answers, greetings, receipts and tickets; what says more is none of these."""

import re
import tomllib
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from nlp.normalise import normalise

_LONGEST = 24
_SEARCHED = 2000
"""Characters in which a receipt is looked for: a person who comes back starts with the code."""
_TOO_LONG = "\0"
"""Stands for what is longer than any command: no message is bare of all but this."""
_SILENT = re.compile(r"[^\w/]|_")
_RECEIPT = re.compile(r"(?<![\dx])\d{4}(?:[ \-.·—–~/_]{0,3}\d{4}){3}(?![ \-.·—–~/_]{0,3}\d)(?!x(?![a-z]))")
_ENOUGH_DIGITS = re.compile(r"(?:\D*+\d){16}")
"""Tells in one pass that there is no receipt, as in nearly every message."""
_TICKET = re.compile(r"[1-9]\d{3}(?:[ \-.·—–~/_]{0,3}\d{4}){2}", re.ASCII)
_LONGEST_TICKET = 40
_NO_HAN = re.compile(r"[^\u3400-\u9fff]{11,40}")
_JOIN_CODE = re.compile(r"(?=.*[A-Z])[A-HJKMNP-TV-Z2-9]{5}-[A-HJKMNP-TV-Z2-9]{5}")
_DASHES = str.maketrans(dict.fromkeys("—–‐‑‒−－ー_", "-"))


class Command(StrEnum):
    """What a person can ask the conversation to do at any time."""

    WITHDRAW = "withdraw"
    HELP = "help"
    BACK = "back"
    REPORT = "report"
    PROGRESS = "progress"
    RATING = "rating"
    INQUIRY = "inquiry"
    HUMAN = "human"


class Answer(StrEnum):
    """A short answer to a question of ours."""

    YES = "yes"
    NO = "no"
    SKIP = "skip"


def find_command(text: str) -> Command | None:
    """The command this message is, or None where it says anything beyond it."""
    found = _meaning(text, "commands")
    return Command(found) if found else None


def find_answer(text: str) -> Answer | None:
    """Yes, no or skip, or None where the message says anything beyond it."""
    found = _meaning(text, "answers")
    return Answer(found) if found else None


def is_greeting(text: str) -> bool:
    """Whether the message only says hello (one or several greetings, emoji, punctuation)."""
    rest = _bare(text, limit=40)
    words = _greetings()
    if text and not rest:
        return any(word in text for word in ("👋", "🙋", "🌹"))
    while rest:
        if not rest.startswith(words):
            return False
        word = next(word for word in words if rest.startswith(word))
        rest = rest[len(word) :].lstrip("啊呀哦呢吗的")
    return bool(text)


def find_receipt(text: str) -> str | None:
    """The 16 digits of a receipt code in the text, without separators, or None.

    Digits may be full width and stand in groups with spaces, hyphens or dots between. A number of 17
    or more digits (identity number, bank card) is not a receipt, nor are two different codes.
    """
    if not _ENOUGH_DIGITS.match(normalise(text[:_SEARCHED]).text):
        return None
    form = normalise(text[:_SEARCHED].translate(_DASHES))
    found = {re.sub(r"\D", "", match.group()) for match in _RECEIPT.finditer(form.text)}
    return found.pop() if len(found) == 1 else None


def find_ticket(text: str) -> str | None:
    """The 12 digits of a ticket, without separators, where the message is nothing else; else None.

    The name that stands before them on paper may be copied along. A mobile number has 11 digits, one with its
    area code begins with 0, a receipt has 16.
    """
    if len(text) > _LONGEST_TICKET or sum(map(str.isnumeric, text)) < 6:
        return None
    bare = normalise(text.translate(_DASHES)).text.strip()
    for name in _ticket_names():
        bare = bare.removeprefix(name).lstrip(" :,是")
    return re.sub(r"\D", "", bare) if _TICKET.fullmatch(bare.rstrip("。. ")) else None


def find_join_code(text: str) -> str | None:
    """The join code (ABCDE-23456) where the message is nothing else, as copied from paper; else None."""
    if not _NO_HAN.fullmatch(text):  # nearly every message is out at its first character
        return None
    bare = "".join(normalise(text.translate(_DASHES)).text.split()).upper()
    return bare if _JOIN_CODE.fullmatch(bare) else None


def _meaning(text: str, group: str) -> str | None:
    bare = _bare(text)
    if bare == _TOO_LONG:
        return None
    words = _words()[group]
    return words.get(bare) or words.get(_unpadded(bare))


def _bare(text: str, limit: int = _LONGEST) -> str:
    if len(text) > 2 * limit:
        return _TOO_LONG
    rest = _letters(text)
    return rest if len(rest) <= limit else _TOO_LONG


@lru_cache(maxsize=16)  # every message is asked several times what it is
def _letters(text: str) -> str:
    return _SILENT.sub("", normalise(text).text)


def _unpadded(bare: str) -> str:
    rest, before = bare, ""
    # Most messages have no padding at either end: one look at all of it settles that.
    while rest != before and (rest.startswith(_padding()) or rest.endswith(_padding())):
        before = rest
        for pad in _padding():
            if len(rest) > len(pad):
                rest = rest.removeprefix(pad)
            if len(rest) > len(pad):
                rest = rest.removesuffix(pad)
    return rest


@lru_cache(maxsize=1)
def _table() -> dict[str, object]:
    return tomllib.loads(files("nlp").joinpath("data/commands.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _ticket_names() -> tuple[str, ...]:
    section: dict[str, list[str]] = _table()["tickets"]  # type: ignore[assignment]
    return tuple(section["names"])


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    groups: dict[str, dict[str, list[str]]] = {key: _table()[key] for key in ("commands", "answers")}  # type: ignore[misc]
    return {
        group: {_bare(word): name for name, words in table.items() for word in words}
        for group, table in groups.items()
    }


@lru_cache(maxsize=1)
def _padding() -> tuple[str, ...]:
    words: list[str] = _table()["padding"]  # type: ignore[assignment]
    return tuple(sorted(words, key=len, reverse=True))


@lru_cache(maxsize=1)
def _greetings() -> tuple[str, ...]:
    section: dict[str, list[str]] = _table()["greetings"]  # type: ignore[assignment]
    return tuple(sorted(filter(None, map(_bare, section["words"])), key=len, reverse=True))
