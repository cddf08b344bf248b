"""Tells the trail when the house opens and closes, and leaves its head where it can be found later.

`heads.txt` in the data folder gets a line a day, the log one at every start and stop. Both help where only
the database was touched; who can write to this folder can change `heads.txt`, too, so the head also goes to
the supervisors' chats (scheduler/trail.py). Copies of the log on another machine do as well.
"""

import asyncio
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog
from sqlmodel import Session

from scheduler.trail import tend_trail
from storage.database import Database, StorageClosed
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.house import House
from storage.tallies import count_up
from storage.trail_heads import Head, present_head

FILE = "heads.txt"
_log = structlog.get_logger("trail")


class TrailKeeper:
    """`refused` counts the web sessions that were not let in since the start; `wake` calls delivery."""

    def __init__(
        self,
        *,
        database: Database,
        house: House,
        folder: Path,
        clock: Callable[[], datetime],
        refused: Callable[[], int],
        wake: Callable[[], None],
    ) -> None:
        self._database, self._house, self._file = database, house, folder / FILE
        self._clock, self._refused, self._wake = clock, refused, wake
        self._told = 0

    async def opened(self) -> None:
        """The house opens."""
        await self._pass_by(EventName.STARTED)

    async def closed(self) -> None:
        """The house closes; a full disk must not keep it open."""
        await self._pass_by(EventName.STOPPED)

    async def tend(self) -> None:
        """The regular look: counts, the head for the supervisors, today's line in heads.txt."""
        refused = self._refused()
        try:
            sent, head = await self._database.run(lambda session: self._tend(session, refused - self._told))
            self._told = refused
            await asyncio.to_thread(self._note, head)
        except StorageClosed:
            return
        except Exception as error:  # the next look tries again
            _log.error("sweep failed", error=type(error).__name__)
        else:
            if sent:
                self._wake()

    def _tend(self, session: Session, refused: int) -> tuple[bool, Head]:
        now = self._clock()
        count_up(session, EventName.BAD_SESSIONS, by=refused, now=now)
        return tend_trail(session, house=self._house, now=now), present_head(session)

    async def _pass_by(self, name: EventName) -> None:
        def record(session: Session) -> Head:
            record_event(session, SYSTEM, name, now=self._clock())
            return present_head(session)

        try:
            head = await self._database.run(record)
        except Exception as error:
            _log.error("not in the trail", error=type(error).__name__)
        else:
            _log.info(f"trail {name}", head=str(head))

    def _note(self, head: Head) -> None:
        """A line for today unless there is one."""
        today = f"{self._clock():%Y-%m-%d}"
        known = self._file.read_text("utf-8").splitlines() if self._file.exists() else []
        if known and known[-1].startswith(today):
            return
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{today}  {head}\n")
