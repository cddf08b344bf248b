"""Takes the material that duties name out of DATA/materials: cleaned, sealed, and kept once for each content.

The folder is looked through at the start and with every housekeeping, so that a file can be exchanged while
`serve` runs. The log tells how many files, and of those that could not be kept only why.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import structlog

from storage.database import Database
from storage.duties.book import DutyBook
from storage.errors import FileRefused
from storage.file_kinds import sniff
from storage.files import FileStore
from storage.hospital import Files
from storage.house import House
from storage.messages import Upload
from storage.training.materials import drop_unused, keep_material, knows_material

FOLDER = "materials"
KINDS = frozenset({"pdf", "jpg", "png", "gif", "webp", "heic", "bmp", "tiff", "doc", "docx", "ppt", "pptx"})
"""What is good to be read on a phone: PDF, pictures, Word, slides."""
_MB = 1 << 20
_log = structlog.get_logger("materials")


class Shelf:
    """The material of one data folder."""

    def __init__(
        self, data: Path, *, database: Database, house: House, files: FileStore, clock: Callable[[], datetime]
    ) -> None:
        self._folder, self._database, self._house = data / FOLDER, database, house
        self._files, self._clock = files, clock

    async def put_out(self) -> int:
        """Keeps what is new or was changed, forgets what no duty names; returns how many were kept."""
        names, kept, reasons = named(self._house.duties), 0, set[str]()
        for name in names:
            try:
                kept += await self._keep(name)
            except (FileRefused, OSError) as error:
                reasons.add(why(error))
        for uid in await self._database.run(lambda session: drop_unused(session, names)):
            await asyncio.to_thread(self._files.delete, uid)
        if kept:
            _log.info("material kept", files=kept)
        if reasons:
            _log.warning("material not kept", why=sorted(reasons))
        return kept

    async def _keep(self, name: str) -> bool:
        content = await asyncio.to_thread(_content, self._folder / name, self._house.hospital.files)
        digest = sha256(content).hexdigest()
        if await self._database.run(lambda session: knows_material(session, name, digest)):
            return False
        file = await asyncio.to_thread(self._files.keep, Upload(name, content))
        vault, now = self._house.vault, self._clock()
        await self._database.run(
            lambda session: keep_material(session, name, digest, file, vault=vault, now=now)
        )
        return True


def named(book: DutyBook) -> list[str]:
    """The files that duties name; a name that leads out of the folder is none."""
    files = {duty.file for duty in book.duties if duty.file}
    return sorted(name for name in files if Path(name).name == name and not name.startswith("."))


def unreadable(data: Path, names: Iterable[str], rules: Files) -> dict[str, str]:
    """Why files could not be shown, by their name, without keeping any: for `lianxin check`."""
    found = {}
    for name in names:
        try:
            _content(data / FOLDER / name, rules)
        except (FileRefused, OSError) as error:
            found[name] = why(error)
    return found


def why(error: FileRefused | OSError) -> str:
    """A word for the log."""
    return error.reason if isinstance(error, FileRefused) else type(error).__name__


def _content(path: Path, rules: Files) -> bytes:
    """The bytes of a file that may be shown. Raises FileRefused or OSError."""
    if not path.is_file():
        raise FileNotFoundError(path.name)
    if path.stat().st_size > rules.max_mb * _MB:
        raise FileRefused("too_large")
    content = path.read_bytes()
    if not content:
        raise FileRefused("empty")
    kind = sniff(content)
    if kind is None or kind.code not in KINDS:
        raise FileRefused("type")
    return content
