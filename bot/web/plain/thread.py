"""What was shown to a session so far, as the page without scripts lays it out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.channels.base import Sent
from storage.messages import Choice

FOLDED = 60
"""Messages of earlier that are kept on the page; the newest of them."""

_CODE = re.compile(r"(?<![\d-])(\d{4})([ \u00a0\u2009-])(\d{4})\2(\d{4})\2(\d{4})(?![\d-])")
_HEAD = re.compile(r"(?:^|\n)([^\n：:]{2,12})[：:]\s*$")
_OPENS = ("open:", "mine:")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text, or a receipt code in its four groups with the words that stand before it."""

    text: str = ""
    code: tuple[str, ...] = ()
    head: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One message; `opens` where its buttons only open something and so never grow old."""

    id: int
    parts: tuple[Part, ...]
    rows: tuple[tuple[Choice, ...], ...] = field(default=())
    is_card: bool = False
    edited: bool = False
    has_files: bool = False

    @property
    def opens(self) -> bool:
        return all(choice.value.startswith(_OPENS) for row in self.rows for choice in row)


def lay_out(sent: Sequence[Sent], *, since: int) -> tuple[list[Shown], list[Shown]]:
    """(earlier, fresh): fresh is what came after the message `since`, or the newest where nothing did.

    A message that replaces another takes it from its place.
    """
    places: dict[str, Shown] = {}
    for one in sent:
        before = places.pop(one.reply.edits, None) if one.reply.edits is not None else None
        places[str(one.id)] = _shown(one, edited=before is not None)
    messages = list(places.values())
    fresh = [shown for shown in messages if shown.id > since] or messages[-1:]
    earlier = [shown for shown in messages if shown not in fresh]
    return earlier[-FOLDED:], fresh


def parts_of(text: str) -> tuple[Part, ...]:
    """The text, and in between the first receipt code in it, to be shown large."""
    found = _CODE.search(text)
    if found is None:
        return (Part(text),)
    before, after = text[: found.start()], text[found.end() :]
    head = _HEAD.search(before)
    if head is not None:
        before = before[: head.start()]
    code = Part(code=(found[1], found[3], found[4], found[5]), head=head[1] if head else "")
    return tuple(part for part in (Part(before.strip()), code, Part(after.strip())) if part.text or part.code)


def _shown(sent: Sent, *, edited: bool) -> Shown:
    reply = sent.reply
    return Shown(
        id=sent.id, parts=parts_of(reply.text), rows=reply.choices, is_card=reply.card is not None,
        edited=edited, has_files=bool(reply.files),
    )  # fmt: skip
