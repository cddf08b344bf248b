"""A Reply as Telegram shows it: one call after another, and none twice when it is tried again."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.error import BadRequest, TelegramError

from bot.channels.base import Outgoing, ReadFile
from bot.channels.telegram.api import UPLOAD_BYTES, Api
from bot.channels.telegram.errors import as_delivery_error
from bot.channels.telegram.files import Pause
from bot.channels.telegram.text import clean, split_text
from bot.channels.telegram.wording import say
from storage.errors import LianxinError
from storage.messages import Choice, Reply, StoredFile

_CHOICE_BYTES = 64
_REMEMBERED = 1000
_UPLOADS_AT_ONCE = 2
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_VOICES = ("audio/ogg",)
_PHOTOS = ("image/png",)

Step = Callable[[], Awaitable[str]]


@dataclass(slots=True)
class _Progress:
    steps: int = 0
    reference: str | None = None


def keyboard(choices: tuple[tuple[Choice, ...], ...]) -> InlineKeyboardMarkup | None:
    """The rows as inline buttons. Raises ValueError for a value over 64 bytes: that is a mistake of ours."""
    for choice in (choice for row in choices for choice in row):
        if not 1 <= len(choice.value.encode()) <= _CHOICE_BYTES or not choice.label.strip():
            raise ValueError("a button needs a label and a value of 1 to 64 bytes")
    rows = [[InlineKeyboardButton(c.label, callback_data=c.value) for c in row] for row in choices if row]
    return InlineKeyboardMarkup(rows) if rows else None


class Sender:
    """Sends replies: files first, then the text in as many parts as it needs, the buttons on the last.

    What belongs to a case (a card, files) is protected: Telegram lets nobody forward or save it. Figures
    the house made are not; their pictures go as photos, which open at a touch.
    """

    def __init__(self, api: Api, read_file: ReadFile, *, pause: Pause, part_interval: float) -> None:
        self._api = api
        self._read_file = read_file
        self._pause = pause
        self._part_interval = part_interval
        self._progress: OrderedDict[int, _Progress] = OrderedDict()
        self._uploading = asyncio.Semaphore(_UPLOADS_AT_ONCE)

    async def send(self, outgoing: Outgoing) -> str | None:
        """The reference of the message with the buttons, or None where there was nothing to show.

        Where a reply takes several calls and one fails, the next attempt with the same id goes on there.
        """
        steps = self._steps(outgoing)
        progress = self._progress.setdefault(outgoing.id, _Progress())
        while len(self._progress) > _REMEMBERED:
            self._progress.popitem(last=False)
        first = progress.steps
        try:
            for number, step in enumerate(steps[first:], first):
                if number > first:
                    await self._pause(self._part_interval)
                progress.reference = await step()
                progress.steps = number + 1
        except TelegramError as error:
            # `from None`: what the library says may hold the address with the token.
            raise as_delivery_error(error) from None
        del self._progress[outgoing.id]
        return progress.reference

    def _steps(self, outgoing: Outgoing) -> list[Step]:
        chat, reply = outgoing.chat, outgoing.reply
        buttons = keyboard(reply.choices)
        protect = reply.card is not None or any(not file.ours for file in reply.files)
        steps: list[Step] = [partial(self._send_file, chat, file) for file in reply.files]
        parts = split_text(clean(reply.text))
        if buttons and not parts:
            raise ValueError("buttons need a text to stand under")
        for number, part in enumerate(parts):
            markup = buttons if number == len(parts) - 1 else None
            new = partial(self._send_text, chat, part, markup, protect)
            old = _reference(reply) if number == 0 else None
            steps.append(new if old is None else partial(self._edit, chat, old, part, markup, new))
        return steps

    async def _send_text(
        self, chat: str, text: str, markup: InlineKeyboardMarkup | None, protect: bool
    ) -> str:
        message = await self._api.send_message(
            chat, text, reply_markup=markup, protect_content=protect, link_preview_options=_NO_PREVIEW
        )
        return str(message.message_id)

    async def _edit(
        self, chat: str, message_id: int, text: str, markup: InlineKeyboardMarkup | None, new: Step
    ) -> str:
        try:
            await self._api.edit_message_text(
                text,
                chat_id=chat,
                message_id=message_id,
                reply_markup=markup,
                link_preview_options=_NO_PREVIEW,
            )
        except BadRequest as error:
            if "message is not modified" not in error.message.lower():
                # Gone, too old or never ours: a new message says the same, or fails for a reason of its own.
                return await new()
        return str(message_id)

    async def _send_file(self, chat: str, file: StoredFile) -> str:
        if file.size > UPLOAD_BYTES:
            return await self._send_text(chat, say("file_large", name=file.name), None, True)
        async with self._uploading:
            try:
                content = await self._read_file(file.uid)
            except LianxinError:
                return await self._send_text(chat, say("file_gone", name=file.name), None, True)
            return str((await self._upload(chat, file, content)).message_id)

    async def _upload(self, chat: str, file: StoredFile, content: bytes) -> Message:
        try:
            if file.media_type in _VOICES:
                return await self._api.send_voice(chat, content, filename=file.name, protect_content=True)
            if file.ours and file.media_type in _PHOTOS:
                return await self._api.send_photo(chat, content, filename=file.name)
        except BadRequest as error:
            if as_delivery_error(error).permanent:
                raise
            # A person who takes no voice messages, a picture of a shape Telegram does not like: a document
            # always goes.
        # Pictures of reporters too: sent as a photo Telegram would shrink what has to stay legible.
        return await self._api.send_document(
            chat, content, filename=file.name, protect_content=not file.ours,
            disable_content_type_detection=True,
        )  # fmt: skip


def _reference(reply: Reply) -> int | None:
    return int(reply.edits) if reply.edits is not None and reply.edits.isdecimal() else None
