"""The head of the trail: one short line that stands for all of it, to be kept somewhere else.

A head is the number of events and 80 bits of the newest link, with 20 bits against slips of the pen. It
tells nothing about any event. Whoever has written one down can tell later whether the trail still has all
that it had then: a cut-off end and a trail built anew, even with the keys, give another head.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from sqlmodel import Session

from storage.errors import ConfigError
from storage.events import last_event

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: none is taken for another; a typed O, I or L is understood."""
_BODY, _CHECK = 16, 4
_FORM = re.compile(r"(?<![\w-])(\d{1,15})-?((?:[0-9A-Za-z]{4}[-\s]?){4}[0-9A-Za-z]{4})(?![\w-])")
_MISREAD = str.maketrans("OILU", "011V")


@dataclass(frozen=True, slots=True)
class Head:
    """`count` events, the last of which has a link that begins with `tag` (16 signs of 5 bits)."""

    count: int
    tag: str

    def __str__(self) -> str:
        signs = self.tag + _check(self.count, self.tag)
        return "-".join([str(self.count), *(signs[start : start + 4] for start in range(0, len(signs), 4))])


def head_of(count: int, chain: str) -> Head:
    """The head of a trail of so many events whose newest link is `chain`."""
    return Head(count, _written(int(chain[:20], 16), _BODY))


def present_head(session: Session) -> Head:
    """The head of the trail as it is now."""
    return head_of(*last_event(session))


def read_head(line: str) -> Head:
    """The head in a line such as "2026-11-22  12345-9F3A-…"; raises ConfigError if there is none."""
    found = _FORM.search(line.strip())
    if found is None:
        raise ConfigError("there is no head in it; a head looks like 12345-9F3A-2KM8-X0CD-E4T5-7QVB")
    signs = re.sub(r"[-\s]", "", found[2]).upper().translate(_MISREAD)
    head = Head(int(found[1]), signs[:_BODY])
    if signs[_BODY:] != _check(head.count, head.tag):
        raise ConfigError("the head was copied wrongly: its last four signs do not fit the others")
    return head


def read_heads(lines: Iterable[str]) -> Iterator[Head]:
    """The heads of a file, a line each; blank lines and lines that begin with # are passed over.

    Raises ConfigError with the number of a line that has none.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            yield read_head(line)
        except ConfigError as error:
            raise ConfigError(f"line {number}: {error}") from None


def _check(count: int, tag: str) -> str:
    return _written(int(sha256(f"{count}-{tag}".encode()).hexdigest()[:5], 16), _CHECK)


def _written(value: int, length: int) -> str:
    return "".join(_SIGNS[value >> 5 * place & 31] for place in range(length - 1, -1, -1))
