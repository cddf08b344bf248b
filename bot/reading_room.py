"""Hands out what is kept: shown messages to the page, files to those who may have them."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.channels.base import Sent
from bot.reopening import still_readable
from storage.access import may_see
from storage.cases import Case
from storage.database import Database
from storage.deposit_doors import FOR_EVERYBODY, may_fetch
from storage.deposits import Deposit, find_deposit
from storage.deposits import to_stored as as_deposited
from storage.drives.permits import may_have_made
from storage.errors import NoSuchCase
from storage.event_names import EventName
from storage.events import record_event
from storage.files import FileStore, find_file, to_stored
from storage.hand_outs import OWN, handed_to, matter_handed_out
from storage.house import House
from storage.identity import chat_hash, sender_hash
from storage.members import Member, Right, find_member, may
from storage.messages import StoredFile
from storage.outbox import shown_after
from storage.refusals import note_refusal
from storage.staff.permits import may_have_coverage
from storage.tallies import count_up


class ReadingRoom:
    """For one pulled channel: `channel` is its name."""

    def __init__(
        self,
        *,
        database: Database,
        house: House,
        files: FileStore,
        clock: Callable[[], datetime],
        channel: str = "web",
    ) -> None:
        self._database, self._house, self._files = database, house, files
        self._clock, self._channel = clock, channel

    async def read_after(self, chat: str, after: int) -> Sequence[Sent]:
        """What was shown in a chat after the message `after`."""
        return await self._database.run(lambda session: self._shown(session, chat, after))

    async def open_file(self, sender: str, uid: str) -> tuple[StoredFile, bytes]:
        """A file of a case or matter this person may see, or one made for them; else raises NoSuchCase."""
        stored = await self._database.run(lambda session: self._authorised(session, sender, uid))
        if stored is None:  # raised only here: the trail keeps the refusal
            raise NoSuchCase("no such file")
        return stored, await self.read_file(uid)

    async def read_file(self, uid: str) -> bytes:
        """The bytes of a file; for channels whose letter was authorised when it was written."""
        return await asyncio.to_thread(self._files.read, uid)

    def _shown(self, session: Session, chat: str, after: int) -> list[Sent]:
        vault = self._house.vault
        letters = shown_after(session, chat_hash(vault, self._channel, chat), after)
        return still_readable(letters, session, house=self._house)

    def _authorised(self, session: Session, sender: str, uid: str) -> StoredFile | None:
        vault = self._house.vault
        member = find_member(session, sender_hash(vault, self._channel, sender), vault=vault)
        made = self._made_for(session, member, uid) if member is not None else None
        if made is not None:
            return made
        deposit = find_deposit(session, uid) if member is not None else None
        if member is not None and deposit is not None:
            return self._deposited(session, member, deposit)
        row = find_file(session, uid)
        case = session.get(Case, row.case_id) if row is not None else None
        if member is None:
            count_up(session, EventName.STRANGERS, now=self._clock())
            return None
        if row is None or case is None or not may_see(session, case, member, self._house.hospital):
            asked = case.id if case is not None else None
            note_refusal(session, member, "file", case_id=asked, now=self._clock())
            return None
        file = to_stored(row, vault=vault)
        record_event(session, f"member:{member.id}", "file_read", case_id=case.id, now=self._clock())
        return file

    def _deposited(self, session: Session, member: Member, row: Deposit) -> StoredFile | None:
        """What staff handed in, for whoever may read of the matter it belongs to."""
        if not may_fetch(session, row.matter, member, house=self._house):
            note_refusal(session, member, "file", now=self._clock())
            return None
        file = as_deposited(row, vault=self._house.vault)
        if not row.matter.startswith(FOR_EVERYBODY):
            record_event(session, f"member:{member.id}", "file_read", now=self._clock(), matter=row.matter)
        return file

    def _still_sees(self, matter: str, member: Member) -> bool:
        return may_have_made(matter, member, self._house) or may_have_coverage(
            member, matter, self._house.hospital
        )

    def _made_for(self, session: Session, member: Member, uid: str) -> StoredFile | None:
        """What was made for this member, who must still be one to see it."""
        matter = matter_handed_out(session, uid)
        allowed = self._still_sees(matter, member) if matter else may(member, Right.STATISTICS)
        if not allowed and not (matter == OWN and member.active):
            return None
        return handed_to(session, uid, member.id, vault=self._house.vault, now=self._clock())
