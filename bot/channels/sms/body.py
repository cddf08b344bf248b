"""Reads what a gateway brings: a message of somebody, or what became of one of ours."""

from dataclasses import dataclass

from aiohttp import hdrs, web

from bot.channels.web.body import read_object
from bot.channels.web.errors import Refusal
from storage.phone_numbers import normal_number

BYTES, ID_CHARACTERS, TEXT_CHARACTERS = 16_384, 128, 4_000


@dataclass(frozen=True, slots=True)
class Written:
    """Somebody wrote; `number` is in its normal form."""

    id: str
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the text with this id of ours."""

    id: str
    status: str


async def read_body(request: web.Request) -> Written | Report:
    """Raises Refusal: wrong_type, too_large, or malformed for anything that is not as documented."""
    if request.content_type != "application/json" or hdrs.CONTENT_ENCODING in request.headers:
        raise Refusal("wrong_type")
    value = await read_object(request, limit=BYTES)
    event, sender, text, status = (value.get(name) for name in ("id", "from", "text", "status"))
    if not isinstance(event, str) or not 1 <= len(event) <= ID_CHARACTERS or not event.isprintable():
        raise Refusal("bad_id")
    if isinstance(status, str) and sender is None and text is None:
        return Report(event, status[:40])
    number = normal_number(sender) if isinstance(sender, str) else None
    if number is None:
        raise Refusal("malformed")
    if not isinstance(text, str):
        raise Refusal("bad_text")
    if len(text) > TEXT_CHARACTERS:
        raise Refusal("text_too_long")
    return Written(event, number, text)
