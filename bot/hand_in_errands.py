"""Does the errand of a slip: the confirmation of one's own hand-in as a picture, for its giver alone."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.satisfaction import Run
from handlers.staff.hand_in_words import confirmation_lines
from handlers.triage.sight import Sight
from handlers.words import Words
from storage.errands import Errand, ErrandKind
from storage.hand_ins.access import is_givers
from storage.hand_ins.rows import HandIn
from storage.house import House
from storage.members import Member
from storage.messages import Reply, StoredFile
from storage.staff.employees import employee_of, is_whole

KINDS = (ErrandKind.HAND_IN_SLIP,)
Keep = Callable[[bytes, str, str], Awaitable[StoredFile]]


@dataclass(frozen=True, slots=True)
class HandInErrands:
    """`keep(content, name, end)` seals a file under a name."""

    run: Run
    house: House
    words: Words
    keep: Keep
    clock: Callable[[], datetime]

    async def do(self, errand: Errand) -> Reply | None:
        """The message with the slip; None where it is nobody's, or not theirs."""
        from bot.hand_in_slip import draw_slip  # with the first slip, not with every start

        found = await self.run(lambda session: self._gather(session, errand))
        if found is None:
            return None
        number, lines = found
        title, foot = self.words("hand_in.slip_title"), self.words("hand_in.slip_foot")
        content = await asyncio.to_thread(draw_slip, self.house.hospital.name, title, lines, foot)
        file = await self.keep(content, self.words("hand_in.slip_file", number=number), "png")
        return Reply(self.words("hand_in.slip_caption", number=number), files=(file,))

    def failed(self) -> Reply:
        """What is said when it was given up."""
        return Reply(self.words("hand_in.slip_failed"))

    def _gather(self, session: Session, errand: Errand) -> tuple[str, list[str]] | None:
        row = slip_of(session, errand)
        member = session.get(Member, errand.member_id)
        giver = employee_of(session, member)
        if row is None or member is None or giver is None or not is_whole(giver, vault=self.house.vault):
            return None
        sight = Sight(session, self.house, self.words, self.clock(), member)
        return row.number, confirmation_lines(row, sight)[1:]


def slip_of(session: Session, errand: Errand) -> HandIn | None:
    """The hand-in of a slip, if whoever asked gave it up by name and is still here."""
    number = json.loads(errand.arguments).get("hand_in")
    row, member = session.get(HandIn, number), session.get(Member, errand.member_id)
    if row is None or member is None or not member.active or not is_givers(session, row, member):
        return None
    return row
