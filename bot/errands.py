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
from bot.satisfaction import MONTHS, Run, gather_report, gather_reports
from handlers.followup.satisfaction_month import monthly_reply
from handlers.followup.satisfaction_report import title_of, unit_words
from handlers.followup.satisfaction_sheet import has_picture, sheet_of
from handlers.words import FALLBACK, words_for
from storage.database import Database, StorageClosed
from storage.errands import (
    MOST_TRIES,
    Errand,
    ErrandKind,
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
from storage.members import Member, Right, address_of, may
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
        department, month = _asked(errand)
        if not await self._database.run(lambda session: _may_have(session, errand, self._house)):
            return None
        if errand.kind is ErrandKind.TABLE:
            return await self._table(department, month)
        return await self._picture(department, month, monthly=errand.kind is ErrandKind.MONTHLY)

    async def _picture(self, department: str, month: str, *, monthly: bool) -> Reply | None:
        report = await gather_report(self._run, department, month, house=self._house, now=self._clock())
        files: tuple[StoredFile, ...] = ()
        if has_picture(report):
            try:
                content = await self._draw(sheet_of(report, self._words, house=self._house))
                files = (await self._keep(content, department, month, "png"),)
            except PictureFailed:
                if not monthly:
                    raise
        if monthly:
            return monthly_reply(report, self._words, files)
        title = title_of(department, month, self._words)
        return Reply(self._words("satisfaction.caption", title=title), files=files) if files else None

    async def _table(self, department: str, month: str) -> Reply:
        from bot.satisfaction_file import table_of  # with the first table, not with every start

        reports = await gather_reports(self._run, department, month, house=self._house, now=self._clock())
        content = await asyncio.to_thread(table_of, reports, self._words)
        file = await self._keep(content, department, month, "xlsx")
        title = title_of(department, month, self._words)
        text = self._words("satisfaction.table_caption", title=title, months=MONTHS - 1)
        return Reply(text, files=(file,))

    async def _keep(self, content: bytes, department: str, month: str, end: str) -> StoredFile:
        unit = "".join(filter(str.isalnum, unit_words(department, self._words)))
        return await self._keep_named(content, self._words("satisfaction.file", unit=unit, month=month), end)

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
        department, month = _asked(errand)
        title = title_of(department, month, self._words)
        return Reply(self._words("satisfaction.failed", title=title))

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

    @property
    def _run(self) -> Run:
        return self._database.run


def _asked(errand: Errand) -> tuple[str, str]:
    arguments = json.loads(errand.arguments)
    return str(arguments["department"]), str(arguments["month"])


def _may_have(session: Session, errand: Errand, house: House) -> bool:
    """Whether whoever asked is still here and may still see figures."""
    if errand.kind in COVERAGE:
        return seen_by(session, errand, house) != frozenset()
    if errand.kind in DRIVES:
        return drive_for(session, errand, house) is not None
    if errand.kind in KNOWLEDGE:
        return bool(shown_to(session, errand, house))
    if errand.kind in SLIPS:
        return slip_of(session, errand) is not None
    member = session.get(Member, errand.member_id)
    return member is not None and may(member, Right.STATISTICS)


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
