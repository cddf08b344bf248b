"""Does errands one by one: gathers figures, has them drawn, and posts the outcome to whoever asked.

The errand goes in the transaction that writes the message. Killed anywhere before, it is done again; what
was sealed on disk till then belongs to nobody and is swept away. So nothing is lost, and nothing comes twice.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog
from sqlmodel import Session

from bot.coverage_errands import KINDS as COVERAGE
from bot.coverage_errands import CoverageErrands, seen_by
from bot.coverage_errands import matter_of as coverage_matter
from bot.drives.errands import KINDS as DRIVES
from bot.drives.errands import DriveErrands, drive_for, drive_key, matter_of
from bot.hand_in_errands import KINDS as SLIPS
from bot.hand_in_errands import HandInErrands, slip_of
from bot.knowledge_errands import KINDS as KNOWLEDGE
from bot.knowledge_errands import KnowledgeErrands, shown_to
from bot.pictures.studio import PictureFailed, draw
from bot.satisfaction_errands import SatisfactionErrands, sees_figures
from handlers.words import FALLBACK, words_for
from storage.database import Database, StorageClosed
from storage.errands import (
    MOST_TRIES,
    Errand,
    bring_errands_forward,
    finish_errand,
    take_errand,
)
from storage.errors import SealError
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.files import FileStore
from storage.hand_outs import OWN, hand_out
from storage.house import House
from storage.members import Member, address_of
from storage.messages import Reply, StoredFile
from storage.outbox import post_reply

PNG = "image/png"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MEDIA = {"png": PNG, "xlsx": XLSX, "docx": DOCX}
_IDLE = 1.0
_AFTER_TROUBLE = 5.0
_log = structlog.get_logger("errands")
Draw = Callable[[dict[str, Any]], Awaitable[bytes]]


class Errands:
    """One worker; `sent` tells delivery that there is a message."""

    def __init__(
        self,
        *,
        database: Database,
        house: House,
        files: FileStore,
        clock: Callable[[], datetime],
        sent: Callable[[], None] = lambda: None,
        draw: Draw = draw,
    ) -> None:
        self._database, self._house, self._files = database, house, files
        self._clock, self._sent, self._draw = clock, sent, draw
        self._words = words_for(FALLBACK)
        self._work = asyncio.Event()
        self._figures = SatisfactionErrands(database.run, house, self._words, draw, self._keep_named, clock)
        self._coverage = CoverageErrands(database.run, house, self._words, draw, self._keep_named, clock)
        self._knowledge = KnowledgeErrands(database.run, house, self._words, draw, self._keep_named, clock)
        self._drives = DriveErrands(database.run, house, self._words, draw, self._keep_named, clock)
        self._slips = HandInErrands(database.run, house, self._words, self._keep_named, clock)

    async def run(self) -> None:
        """Works until cancelled."""
        try:
            await self._database.run(lambda session: bring_errands_forward(session, now=self._clock()))
            while True:
                if not await self._pass():
                    await self._rest()
        except StorageClosed:
            return

    def wake(self) -> None:
        """There may be a new errand."""
        self._work.set()

    async def _rest(self) -> None:
        """Until somebody wakes us; others may write, too, so not for long."""
        self._work.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(_IDLE):
                await self._work.wait()

    async def do_one(self) -> bool:
        """Does the next errand that is due; False where there is none."""
        errand = await self._database.run(lambda session: take_errand(session, now=self._clock()))
        if errand is None:
            return False
        try:
            reply = await self._done(errand) if errand.tries <= MOST_TRIES else self._failed(errand)
        except PictureFailed:
            # A picture that cannot be drawn now could be in half a minute; the last try tells of it.
            if errand.tries < MOST_TRIES:
                return True
            reply = self._failed(errand)
        if await self._database.run(lambda session: self._post(session, errand, reply)):
            self._sent()
        elif reply is not None:
            await self._forget_files(reply)
        return True

    async def _pass(self) -> bool:
        """One errand; what goes wrong with it must not end the worker: it waits for its next try."""
        try:
            return await self.do_one()
        except StorageClosed:
            raise
        except Exception as error:
            _log.error("errand failed", error=type(error).__name__)
            await asyncio.sleep(_AFTER_TROUBLE)
            return False

    async def _done(self, errand: Errand) -> Reply | None:
        """The message with its file; None where nothing is to be said any more."""
        if errand.kind in COVERAGE:
            return await self._coverage.do(errand)
        if errand.kind in DRIVES:
            return await self._drives.do(errand)
        if errand.kind in KNOWLEDGE:
            return await self._knowledge.do(errand)
        if errand.kind in SLIPS:
            return await self._slips.do(errand)
        return await self._figures.do(errand)

    async def _keep_named(self, content: bytes, name: str, end: str) -> StoredFile:
        return await asyncio.to_thread(self._files.keep_own, content, f"{name}.{end}", _MEDIA[end])

    def _failed(self, errand: Errand) -> Reply:
        _log.warning("errand given up", kind=errand.kind.value)
        if errand.kind in COVERAGE:
            return self._coverage.failed(errand)
        if errand.kind in DRIVES:
            return self._drives.failed(errand)
        if errand.kind in KNOWLEDGE:
            return self._knowledge.failed()
        if errand.kind in SLIPS:
            return self._slips.failed()
        return self._figures.failed(errand)

    def _post(self, session: Session, errand: Errand, reply: Reply | None) -> bool:
        """Ends the errand and says what came of it, together; False where nothing is said."""
        if not finish_errand(session, errand.id or 0) or reply is None:
            return False
        if not _may_have(session, errand, self._house):
            return False
        member = session.get(Member, errand.member_id)
        address = _address(member, self._house) if member is not None else ""
        if member is None or not address:
            return False
        now, vault = self._clock(), self._house.vault
        for file in reply.files:
            matter = _matter(session, errand, self._house)
            hand_out(session, file, errand.member_id, matter=matter, vault=vault, now=now)
        post_reply(
            session, reply, channel=member.channel, address=address, audience=f"member:{member.id}",
            vault=vault, now=now,
        )  # fmt: skip
        if reply.files:
            _tell(session, errand, now=now)
        return True

    async def _forget_files(self, reply: Reply) -> None:
        for file in reply.files:
            await asyncio.to_thread(self._files.delete, file.uid)


def _may_have(session: Session, errand: Errand, house: House) -> bool:
    """Whether whoever asked is still here and may still have what is made."""
    if errand.kind in COVERAGE:
        return seen_by(session, errand, house) != frozenset()
    if errand.kind in DRIVES:
        return drive_for(session, errand, house) is not None
    if errand.kind in KNOWLEDGE:
        return bool(shown_to(session, errand, house))
    if errand.kind in SLIPS:
        return slip_of(session, errand) is not None
    return sees_figures(session, errand)


def _matter(session: Session, errand: Errand, house: House) -> str:
    """What a file tells of, where that is not figures for all who see some."""
    if errand.kind in COVERAGE:
        return coverage_matter(session, errand, house)
    if errand.kind in SLIPS:
        return OWN
    return matter_of(errand) if errand.kind in DRIVES else ""


def _tell(session: Session, errand: Errand, *, now: datetime) -> None:
    """Says in the trail that a file was made, and for whom."""
    what, to = errand.kind.value, errand.member_id
    if errand.kind in DRIVES:
        key = drive_key(errand)
        record_event(session, SYSTEM, EventName.DRIVE_EXPORTED, now=now, what=what, to=to, drive=key)
        return
    if errand.kind in SLIPS:
        number = json.loads(errand.arguments)["hand_in"]
        record_event(session, SYSTEM, EventName.HAND_IN_SLIP, now=now, to=to, hand_in=number)
        return
    made = EventName.COVERAGE_EXPORTED if errand.kind in COVERAGE else EventName.FIGURES_EXPORTED
    record_event(session, SYSTEM, made, now=now, what=what, to=to)


def _address(member: Member, house: House) -> str:
    try:
        return address_of(member, vault=house.vault)
    except SealError:  # changed from outside: nobody's member
        return ""
