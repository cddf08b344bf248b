"""Does errands one by one: gathers figures, has them drawn, and posts the outcome to whoever asked.

The errand goes in the transaction that writes the message. Killed anywhere before, it is done again; what
was sealed on disk till then belongs to nobody and is swept away. So nothing is lost, and nothing comes twice.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog
from sqlmodel import Session

from bot.errands.coverage import CoverageErrands
from bot.errands.drives import DriveErrands
from bot.errands.hand_ins import HandInErrands
from bot.errands.knowledge import KnowledgeErrands
from bot.errands.satisfaction import SatisfactionErrands
from bot.errands.trade import Draw, Trade
from bot.pictures.studio import PictureFailed, draw
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
from storage.files import FileStore
from storage.hand_outs import hand_out
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
TRADES: tuple[type[Trade], ...] = (
    SatisfactionErrands, CoverageErrands, KnowledgeErrands, DriveErrands, HandInErrands,
)  # fmt: skip
"""Together they do every kind of errand there is."""


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
        self._clock, self._sent = clock, sent
        self._work = asyncio.Event()
        trades = [
            trade(database.run, house, words_for(FALLBACK), draw, self._keep_named, clock) for trade in TRADES
        ]
        self._trades = {kind: trade for trade in trades for kind in trade.kinds}

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
            trade = self._trades[errand.kind]
            reply = await trade.do(errand) if errand.tries <= MOST_TRIES else self._failed(errand)
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

    async def _keep_named(self, content: bytes, name: str, end: str) -> StoredFile:
        return await asyncio.to_thread(self._files.keep_own, content, f"{name}.{end}", _MEDIA[end])

    def _failed(self, errand: Errand) -> Reply:
        _log.warning("errand given up", kind=errand.kind.value)
        return self._trades[errand.kind].failed(errand)

    def _post(self, session: Session, errand: Errand, reply: Reply | None) -> bool:
        """Ends the errand and says what came of it, together; False where nothing is said."""
        if not finish_errand(session, errand.id or 0) or reply is None:
            return False
        trade = self._trades[errand.kind]
        if not trade.may_have(session, errand):
            return False
        member = session.get(Member, errand.member_id)
        address = _address(member, self._house) if member is not None else ""
        if member is None or not address:
            return False
        now, vault = self._clock(), self._house.vault
        for file in reply.files:
            matter = trade.matter(session, errand)
            hand_out(session, file, errand.member_id, matter=matter, vault=vault, now=now)
        post_reply(
            session, reply, channel=member.channel, address=address, audience=f"member:{member.id}",
            vault=vault, now=now,
        )  # fmt: skip
        if reply.files:
            trade.note(session, errand, now=now)
        return True

    async def _forget_files(self, reply: Reply) -> None:
        for file in reply.files:
            await asyncio.to_thread(self._files.delete, file.uid)


def _address(member: Member, house: House) -> str:
    try:
        return address_of(member, vault=house.vault)
    except SealError:  # changed from outside: nobody's member
        return ""
