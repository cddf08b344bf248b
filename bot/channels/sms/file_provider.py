"""Text messages as files, for hospitals without a gateway and for trying things out."""

import asyncio
import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from storage.errors import DeliveryError

KEPT = timedelta(days=7)
_ID = re.compile(r"[A-Za-z0-9-]{1,80}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class FileProvider:
    """Writes FOLDER/YYYY-MM-DD/ID.txt (local day): the number on the first line, then the text.

    Nobody but the user who runs it can read them; `forget_old` deletes them after a week.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], datetime], timezone: str) -> None:
        self._folder, self._clock, self._zone = folder, clock, ZoneInfo(timezone)

    async def start(self) -> None:
        """Nothing to make ready."""

    async def stop(self) -> None:
        """Nothing to let go."""

    async def send(self, text_id: str, number: str, text: str) -> str | None:
        """Writes the file, whole or not at all; one that is there already stays as it is."""
        try:
            await asyncio.to_thread(self._write, text_id, f"{number}\n{text}\n")
        except OSError as error:
            why = f"sms: cannot be written ({type(error).__name__})"
            raise DeliveryError(why, retry_after=60, whole=True) from None
        return None

    async def forget_old(self) -> None:
        """Deletes the folders of days that are over for a week."""
        await asyncio.to_thread(self._forget)

    def _write(self, text_id: str, content: str) -> None:
        if not _ID.fullmatch(text_id):
            raise DeliveryError("sms: not an id of ours")
        if any(self._folder.glob(f"*/{text_id}.txt")):
            return
        day = self._folder / self._today().isoformat()
        for folder in (self._folder, day):
            folder.mkdir(mode=0o700, exist_ok=True)
        unfinished = day / f".{text_id}.part"
        with suppress(FileNotFoundError):  # left by one that was stopped
            unfinished.unlink()
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        unfinished.rename(day / f"{text_id}.txt")

    def _forget(self) -> None:
        last = (self._today() - KEPT).isoformat()
        for day in self._days():
            if _DAY.fullmatch(day.name) and day.name < last and day.is_dir() and not day.is_symlink():
                shutil.rmtree(day, ignore_errors=True)

    def _days(self) -> list[Path]:
        try:
            return list(self._folder.iterdir())
        except OSError:  # nothing was ever written, or the next sweep tries again
            return []

    def _today(self) -> date:
        return self._clock().astimezone(self._zone).date()
