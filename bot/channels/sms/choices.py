"""Buttons as numbered lines, and the number that was typed back to the button it stands for."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from storage.messages import Choice

LABEL, MOST = 24, 24
"""Characters of a label, and choices under one message."""
_OWN = re.compile(r"(\d{1,2})(?=$|[\s.、)分])")
_TYPED = re.compile(r"(?:选择?|回复?|答)?(0|[1-9]\d?|[一二三四五六七八九十])")
_NUMERALS = {numeral: str(number) for number, numeral in enumerate("一二三四五六七八九十", start=1)}
_AROUND = " \t\n.。,，、;；:：!！?？()（）[]【】\"'“”#*"


@dataclass(slots=True)
class Numbered:
    """`lines` to show, and by the number in front of each the value it stands for."""

    lines: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)


def number_choices(rows: Iterable[Iterable[Choice]]) -> Numbered:
    """Each choice on a line with its number; a label that begins with a number of its own keeps it.

    Bare numbers (0 to 10) share a line.
    """
    choices = [choice for row in rows for choice in row][:MOST]
    own = _own_numbers(choices)
    free = (str(number) for number in count(1) if str(number) not in set(own.values()))
    numbered, bare = Numbered(), list[str]()
    for place, choice in enumerate(choices):
        label = choice.label.strip()[:LABEL]
        number = own.get(place) or next(free)
        if label == number:
            bare.append(number)
        else:
            _flush(bare, numbered.lines)
            numbered.lines.append(label if place in own else f"{number} {label}")
        numbered.values[number] = choice.value
    _flush(bare, numbered.lines)
    return numbered


def typed_number(text: str) -> str | None:
    """The number that a message consists of, as `number_choices` writes it: `１。`, `选1`, `一`."""
    typed = _TYPED.fullmatch(unicodedata.normalize("NFKC", text[:20]).strip(_AROUND))
    return _NUMERALS.get(typed[1], typed[1]) if typed else None


def _own_numbers(choices: list[Choice]) -> Mapping[int, str]:
    """By place; nothing where two labels begin with the same number: then ours must tell them apart."""
    found = dict(_numbers_in(choices))
    return found if len(set(found.values())) == len(found) else {}


def _numbers_in(choices: list[Choice]) -> Iterator[tuple[int, str]]:
    for place, choice in enumerate(choices):
        begins = _OWN.match(choice.label.strip())
        if begins:
            yield place, str(int(begins[1]))


def _flush(bare: list[str], lines: list[str]) -> None:
    if bare:
        lines.append(" ".join(bare))
        bare.clear()
