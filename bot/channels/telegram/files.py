"""Fetches what people sent, within the limits of the Bot API."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.api import DOWNLOAD_BYTES, Api
from bot.channels.telegram.inbound import FileRef
from storage.messages import Upload

TRIES = 3
Pause = Callable[[float], Awaitable[None]]


class TooLarge(Exception):
    """The file is beyond what the server hands out to a bot."""


async def fetch_files(
    api: Api, files: Sequence[FileRef], *, pause: Pause = asyncio.sleep, give_up: bool
) -> tuple[tuple[Upload, ...], tuple[str, ...]]:
    """The files, and a reason of FileRefused for each that was not had.

    A file that does not come after three tries raises TelegramError, or with `give_up` is refused as
    "damaged".
    """
    uploads, refused = [], []
    for file in files:
        try:
            uploads.append(Upload(file.name, await _fetch_patiently(api, file, pause)))
        except TooLarge:
            refused.append("too_large")
        except TelegramError:
            if not give_up:
                raise
            refused.append("damaged")
    return tuple(uploads), tuple(refused)


async def _fetch_patiently(api: Api, file: FileRef, pause: Pause) -> bytes:
    for attempt in range(1, TRIES):
        try:
            return await _fetch(api, file)
        except TelegramError:
            await pause(attempt)
    return await _fetch(api, file)


async def _fetch(api: Api, file: FileRef) -> bytes:
    if file.size is not None and file.size > DOWNLOAD_BYTES:
        raise TooLarge
    try:
        found = await api.get_file(file.file_id)
    except BadRequest as error:
        if "too big" in error.message.lower():
            raise TooLarge from None
        raise
    content = bytes(await found.download_as_bytearray())
    if len(content) > DOWNLOAD_BYTES:
        raise TooLarge
    return content
