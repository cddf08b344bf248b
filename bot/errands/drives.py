"""Does the errands of drives: a picture, the ledger as a table, the draft of the summary."""

import asyncio
import json
from datetime import datetime

from sqlmodel import Session

from bot.errands.trade import Trade
from handlers.staff.drives.sheet import sheet_of
from handlers.staff.drives.summary import summary_of
from storage.drives.permits import leads, may_see_drive
from storage.drives.plan import Drive, find_drive
from storage.drives.reckoning import reckon
from storage.errands import Errand, ErrandKind
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.house import House
from storage.members import Member, Right, may
from storage.messages import Reply, StoredFile


class DriveErrands(Trade):
    """One drive: how far it is, its ledger, the draft of its summary."""

    kinds = (ErrandKind.DRIVE_PICTURE, ErrandKind.DRIVE_LEDGER, ErrandKind.DRIVE_SUMMARY)

    async def do(self, errand: Errand) -> Reply | None:
        """The message with its file; None where it is not theirs (any more). Raises PictureFailed."""
        drive = await self.run(lambda session: drive_for(session, errand, self.house))
        if drive is None:
            return None
        match errand.kind:
            case ErrandKind.DRIVE_LEDGER:
                return await self._ledger(drive)
            case ErrandKind.DRIVE_SUMMARY:
                return await self._summary(drive)
        return await self._picture(drive)

    def failed(self, errand: Errand) -> Reply:
        """What is said when it was given up."""
        drive = find_drive(self.house.drives, drive_key(errand))
        return Reply(self.words("drives.picture_failed", title=drive.title if drive else ""))

    def may_have(self, session: Session, errand: Errand) -> bool:
        """Whether they may still see that much of the drive."""
        return drive_for(session, errand, self.house) is not None

    def matter(self, session: Session, errand: Errand) -> str:
        """Who may fetch the file: the picture holds counts alone."""
        kind = "counts" if errand.kind is ErrandKind.DRIVE_PICTURE else "drive"
        return f"{kind}:{drive_key(errand)}"

    def note(self, session: Session, errand: Errand, *, now: datetime) -> None:
        """Of which drive, and for whom."""
        record_event(
            session, SYSTEM, EventName.DRIVE_EXPORTED, now=now, what=errand.kind.value,
            to=errand.member_id, drive=drive_key(errand),
        )  # fmt: skip

    async def _picture(self, drive: Drive) -> Reply:
        now = self.clock()
        far = await self.run(lambda session: reckon(session, drive, house=self.house, now=now))
        content = await self.draw(sheet_of(far, self.words, house=self.house))
        file = await self._kept(content, drive, "picture", "png")
        return Reply(self.words("drives.picture_caption", title=drive.title), files=(file,))

    async def _ledger(self, drive: Drive) -> Reply:
        from bot.drives.ledger_file import ledger_rows, ledger_table  # with the first one, not at every start

        house, words, now = self.house, self.words, self.clock()
        rows = await self.run(lambda session: ledger_rows(session, drive, house=house, words=words, now=now))
        content = await asyncio.to_thread(ledger_table, rows, words)
        file = await self._kept(content, drive, "ledger", "xlsx")
        return Reply(words("drives.ledger_caption", title=drive.title, count=len(rows)), files=(file,))

    async def _summary(self, drive: Drive) -> Reply:
        from bot.drives.summary_file import summary_document  # likewise

        house, words, now = self.house, self.words, self.clock()
        blocks = await self.run(
            lambda session: summary_of(
                session, reckon(session, drive, house=house, now=now), words, house=house
            )
        )
        content = await asyncio.to_thread(summary_document, blocks, now=now)
        file = await self._kept(content, drive, "summary", "docx")
        return Reply(words("drives.summary_caption", title=drive.title), files=(file,))

    async def _kept(self, content: bytes, drive: Drive, what: str, end: str) -> StoredFile:
        return await self.keep(content, self.words(f"drives.file_{what}", key=drive.key), end)


def drive_for(session: Session, errand: Errand, house: House) -> Drive | None:
    """The drive an errand is about, if whoever asked may have it now; the picture shows counts alone."""
    member = session.get(Member, errand.member_id)
    drive = find_drive(house.drives, drive_key(errand))
    if member is None or drive is None or not may_see_drive(member, drive, house):
        return None
    shows_counts = errand.kind is ErrandKind.DRIVE_PICTURE and may(member, Right.STATISTICS)
    return drive if shows_counts or leads(member, drive) else None


def drive_key(errand: Errand) -> str:
    """Which drive is meant."""
    return str(json.loads(errand.arguments).get("drive", ""))
