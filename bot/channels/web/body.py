"""Reads what a page sends, as JSON or as a form with files, without trusting its size or shape."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestPayloadError

from bot.channels.web.counted import Bytes
from bot.channels.web.errors import Refusal
from storage.messages import Upload

JSON_BYTES = 1_000_000
FIELD_BYTES = 1_000_000
TEXT_CHARACTERS = 100_000
ID_CHARACTERS = 64
CHOICE_BYTES = 64
SLIPS = frozenset({"csrf", "session", "ticket"})
SLIP_CHARACTERS = 200
NAME_CHARACTERS = 200
FILES_AT_ONCE = 40
FIELDS_AT_ONCE = 60
CHUNK_BYTES = 1 << 16
JSON_SECONDS = 30.0
FORM_SECONDS = 600.0

_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)])
for _kept in "\t\n\r":
    del _CONTROLS[ord(_kept)]


@dataclass(slots=True)
class Message:
    """One message as it came in; exactly one of text (or files) and choice is meant."""

    id: str = ""
    text: str | None = None
    choice: str | None = None
    pressed: str | None = None
    uploads: list[Upload] = field(default_factory=list)
    slips: dict[str, str] = field(default_factory=dict)
    """What a form of ours brings back with it: no words of a person, and nothing to be trusted."""


def clean(text: str) -> str:
    """Text without control characters; lone surrogates become U+FFFD, so that it can be encoded."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").translate(_CONTROLS)


async def read_message(request: web.Request, counted: Bytes, *, limit: int) -> Message:
    """The message in this request; `limit` in bytes is for a form with files. Raises Refusal."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refusal("wrong_type")
    match request.content_type:
        case "application/json":
            if request.content.is_eof():  # it came with the head: nothing to wait for
                message = await _read_json(request, counted)
            else:
                message = await counted.within(JSON_SECONDS, lambda: _read_json(request, counted))
        case "multipart/form-data":
            _check_length(request, limit)
            message = await counted.within(FORM_SECONDS, lambda: _read_form(request, counted))
        case _:
            raise Refusal("wrong_type")
    return _checked(message)


def _check_length(request: web.Request, limit: int) -> None:
    if request.content_length is not None and request.content_length > limit:
        raise Refusal("too_large")


async def read_object(
    request: web.Request, *, limit: int, count: Callable[[int], None] = lambda _: None
) -> dict[str, Any]:
    """The JSON object in a body of at most `limit` bytes; `count` hears of each piece. Raises Refusal."""
    body = bytearray()
    try:
        async for chunk in request.content.iter_any():
            count(len(chunk))
            body += chunk
            if len(body) > limit:
                raise Refusal("too_large")
        value = json.loads(body)
    except (ValueError, RecursionError, RequestPayloadError):
        raise Refusal("malformed") from None
    if not isinstance(value, dict):
        raise Refusal("malformed")
    return value


async def _read_json(request: web.Request, counted: Bytes) -> Message:
    _check_length(request, JSON_BYTES)
    value = await read_object(request, limit=JSON_BYTES, count=counted.add)
    return Message(
        id=_string(value, "id", "bad_id") or "",
        text=_string(value, "text", "bad_text"),
        choice=_string(value, "choice", "bad_choice"),
        pressed=_string(value, "pressed", "bad_choice"),
    )


def _string(value: dict[str, Any], key: str, code: str) -> str | None:
    found = value.get(key)
    if found is not None and not isinstance(found, str):
        raise Refusal(code)
    return found


async def _read_form(request: web.Request, counted: Bytes) -> Message:
    message = Message()
    fields = 0
    try:
        async for part in await request.multipart():
            fields += 1
            if fields > FIELDS_AT_ONCE:
                raise Refusal("too_many_files")
            if not isinstance(part, BodyPartReader):
                raise Refusal("malformed")
            await _read_part(part, message, counted)
    except (ValueError, RuntimeError, LookupError, AssertionError, HttpProcessingError, RequestPayloadError):
        raise Refusal("malformed") from None
    return message


async def _read_part(part: BodyPartReader, message: Message, counted: Bytes) -> None:
    filename = _filename(part)
    if filename is not None:
        if len(message.uploads) >= FILES_AT_ONCE:
            raise Refusal("too_many_files")
        name = " ".join(clean(filename).split())[-NAME_CHARACTERS:]
        content = await _part_bytes(part, counted)
        if name or content:  # a form whose file field was left empty sends a nameless nothing
            message.uploads.append(Upload(name=name, content=content))
        return
    value = _decoded(await _part_bytes(part, counted, limit=FIELD_BYTES))
    if part.name in ("id", "text", "choice", "pressed"):
        setattr(message, part.name, value)
    elif part.name in SLIPS:
        message.slips[part.name] = value[:SLIP_CHARACTERS]


def _filename(part: BodyPartReader) -> str | None:
    """The name of a file; empty where it cannot be read (a;b;c.jpg), and still a file then."""
    if part.filename is not None:
        return part.filename
    told = part.headers.get(hdrs.CONTENT_DISPOSITION, "").lower()
    return "" if part.name is None and re.search(r";\s*filename\*?=", told) else None


def _decoded(content: bytes) -> str:
    """Strictly: words in another encoding would be kept as a row of question marks."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal("bad_text") from None


async def _part_bytes(part: BodyPartReader, counted: Bytes, limit: int | None = None) -> bytes:
    body = bytearray()
    while chunk := await part.read_chunk(CHUNK_BYTES):
        counted.add(len(chunk))
        body += chunk
        if limit is not None and len(body) > limit:
            raise Refusal("text_too_long")
    return bytes(body)


def _checked(message: Message) -> Message:
    if not 1 <= len(message.id) <= ID_CHARACTERS or clean(message.id) != message.id:
        raise Refusal("bad_id")
    if message.choice is not None and (message.text is not None or message.uploads):
        raise Refusal("two_contents")
    if message.choice is None and message.text is None and not message.uploads:
        raise Refusal("no_content")
    if message.text is not None and len(message.text) > TEXT_CHARACTERS:
        raise Refusal("text_too_long")
    for value in (message.choice, message.pressed):
        if value is not None and len(value.encode("utf-8", "replace")) > CHOICE_BYTES:
            raise Refusal("bad_choice")
    message.text = None if message.text is None else clean(message.text)
    message.choice = None if message.choice is None else clean(message.choice)
    message.pressed = None if message.pressed is None else clean(message.pressed)
    return message
