"""Watches DATA/discharges-in: tables that were put there are imported, then deleted or laid aside.

A table whose rows are all good is deleted. One with problems goes to discharges-in/problems, beside a table
of them, and is deleted after 30 days. After a crash the same table is imported again, which changes nothing.
The log tells how many, never a name: a file may be called after a person.
"""

import asyncio
import errno
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot.followup.drop_folder import ASIDE, NAME, DropFolder, Found
from bot.followup.importing import Intake, Outcome
from bot.followup.reading import read_discharges
from bot.followup.wording import TableError, say
from bot.sheets_in.problem_file import as_table
from storage.database import Database, StorageClosed
from storage.events import SYSTEM
from storage.house import House

_log = structlog.get_logger("discharges")


class WatchedFolder:
    """One look takes everything that lies still; `clock` must be the clock of the disk."""

    def __init__(
        self, data: Path, *, database: Database, house: House, clock: Callable[[], datetime]
    ) -> None:
        self._folder = DropFolder(data, ZoneInfo(house.hospital.timezone))
        self._database, self._house, self._clock = database, house, clock
        self._told = frozenset[tuple[str, str]]()
        self._stuck: dict[str, tuple[tuple[int, ...], bytes | None]] = {}

    async def look(self) -> None:
        """Imports what lies there, one table after the other; what cannot be done now is tried again."""
        passed_over: list[tuple[str, str]] = []
        for name in await self._names(passed_over):
            try:
                await self._take(name)
            except FileNotFoundError:
                continue
            except StorageClosed:
                return
            except Exception as error:  # the next look tries again; nothing of a table may stop the others
                passed_over.append((name, _kind(error)))
        self._tell(passed_over)

    async def _names(self, passed_over: list[tuple[str, str]]) -> list[str]:
        try:
            await asyncio.to_thread(self._folder.forget, now=self._clock())
        except OSError as error:
            passed_over.append((ASIDE, _kind(error)))
        try:
            return await asyncio.to_thread(self._folder.names)
        except OSError as error:
            passed_over.append((NAME, _kind(error)))
            return []

    async def _take(self, name: str) -> None:
        found = await asyncio.to_thread(self._folder.read, name, now=self._clock())
        if found is None:
            return
        state, report = self._stuck.get(name, ((), None))
        if state != found.state:
            report = await self._import(found)
        # In, but it cannot be taken away: what is left to do is remembered, or it all came anew each minute.
        self._stuck[name] = found.state, report
        await asyncio.to_thread(self._clear, found, report)
        del self._stuck[name]

    async def _import(self, found: Found) -> bytes | None:
        """The table of its problems; None where there are none."""
        try:
            outcome = await self._put(found)
        except TableError as error:
            _log.warning("a table of discharges cannot be read")
            return as_table(found.name, (), whole=str(error))
        counts = {name: outcome.counts[name] for name in ("added", "changed", "unchanged")}
        _log.info("discharges imported", **counts, bad=outcome.bad)
        return as_table(found.name, outcome.problems) if outcome.problems else None

    async def _put(self, found: Found) -> Outcome:
        if found.content is None:
            raise TableError(say("files", "too_large"))
        hospital, now = self._house.hospital, self._clock()
        reading = await asyncio.to_thread(read_discharges, found.content, hospital=hospital, now=now)
        return await Intake(reading, house=self._house, clock=self._clock, actor=SYSTEM).put(self._database)

    def _clear(self, found: Found, report: bytes | None) -> None:
        if report is None:
            self._folder.delete(found)
        else:
            self._folder.lay_aside(found, report, now=self._clock())

    def _tell(self, passed_over: list[tuple[str, str]]) -> None:
        """Once for each file and reason, not every minute."""
        new = [reason for name, reason in passed_over if (name, reason) not in self._told]
        for reason in sorted(set(new)):
            _log.warning("files of discharges wait", reason=reason, count=new.count(reason))
        self._told = frozenset(passed_over)


def _kind(error: Exception) -> str:
    """The name of an error; of one of the disk, the disk's own."""
    if isinstance(error, OSError) and error.errno is not None:
        return errno.errorcode.get(error.errno, type(error).__name__)
    return type(error).__name__
