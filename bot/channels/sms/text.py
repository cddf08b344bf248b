"""A Reply as text messages: who writes, the words, numbered choices, how to refuse; whole links only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.channels.sms.choices import number_choices
from bot.channels.sms.wording import say
from bot.tidy import tidy_text
from storage.messages import Reply

LONG, PARTS = 500, 3
"""Characters of one message (gateways take no longer ones), and messages for one reply."""
_FILLED = LONG * 3 // 4
"""A part ends with the last sentence after so many characters: all three together hold so many at least."""
_BREAKS = ("\n", "。", "！", "？", "；", "，", " ")
_WHOLE = re.compile(r"https?://\S+|\d{4}(?:[ -]?\d{4}){2,3}|\d{3,}")
"""What is never cut: links, codes in groups of four, numbers to call."""


@dataclass(frozen=True, slots=True)
class Texts:
    """`parts` in order, and what each number in them stands for."""

    parts: tuple[str, ...]
    numbers: Mapping[str, str]


def as_texts(reply: Reply, *, signature: str, page: str, unasked: bool) -> Texts:
    """The reply in at most PARTS texts; `signature` is the hospital's name, `page` the web page or empty.

    Only what is `unasked` is signed and says how to refuse more. What is too long loses the end of its
    words, never its choices.
    """
    numbered = number_choices(reply.choices)
    begin = say("signature", name=signature) if unasked else ""
    body, tail = tidy_text(reply.text), _tail(reply, numbered.lines, page)
    if unasked:
        tail += f"\n{say('refuse')}"
    most = _FILLED * PARTS
    if len(begin + body + tail) > most:
        body = _shortened(body, most - len(begin + tail), page)
    whole = f"{begin}{body}{tail}".strip()
    return Texts(tuple(split(whole)), numbered.values if whole else {})


def split(text: str, limit: int = LONG) -> list[str]:
    """Parts of at most `limit` characters that end with a line or sentence where one does."""
    parts, rest = [], text.strip()
    while len(rest) > limit:
        end = _end(rest, limit)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [part for part in [*parts, rest] if part]


def _tail(reply: Reply, lines: list[str], page: str) -> str:
    tail = f"\n{say('files', page=page, count=len(reply.files))}" if reply.files else ""
    return tail + "".join(f"\n{line}" for line in [say("choose"), *lines]) if lines else tail


def _shortened(body: str, most: int, page: str) -> str:
    hint = say("cut", page=page)
    return body[: _end(body, most - len(hint))].rstrip() + hint


def _end(text: str, limit: int) -> int:
    """Where a part of at most `limit` characters ends."""
    whole = [match.span() for match in _WHOLE.finditer(text)]
    for mark in _BREAKS:
        place = text.rfind(mark, limit * 3 // 4, limit)
        if place >= 0 and not any(start < place + len(mark) < end for start, end in whole):
            return place + len(mark)
    return next((start for start, end in whole if 0 < start < limit < end), limit)
