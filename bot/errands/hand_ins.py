"""Does the errand of a slip: the confirmation of one's own hand-in as a picture, for its giver alone."""

import asyncio
import json
from datetime import datetime

from sqlmodel import Session

from bot.errands.trade import Trade
from handlers.staff.hand_ins.words import confirmation_lines
from handlers.triage.sight import Sight
from storage.errands import Errand, ErrandKind
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.hand_ins.access import is_givers
from storage.hand_ins.rows import HandIn
from storage.hand_outs import OWN
from storage.members import Member
from storage.messages import Reply
from storage.staff.employees import employee_of, is_whole


class HandInErrands(Trade):
    """The slip of one's own hand-in."""

    kinds = (ErrandKind.HAND_IN_SLIP,)

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

    def failed(self, errand: Errand) -> Reply:
        """What is said when it was given up."""
        return Reply(self.words("hand_in.slip_failed"))

    def may_have(self, session: Session, errand: Errand) -> bool:
        """Whether they gave it up themselves, by name."""
        return slip_of(session, errand) is not None

    def matter(self, session: Session, errand: Errand) -> str:
        """Nobody but its giver may fetch it, whatever their role."""
        return OWN

    def note(self, session: Session, errand: Errand, *, now: datetime) -> None:
        """Of which hand-in, and for whom."""
        number = json.loads(errand.arguments)["hand_in"]
        record_event(session, SYSTEM, EventName.HAND_IN_SLIP, now=now, to=errand.member_id, hand_in=number)

    def _gather(self, session: Session, errand: Errand) -> tuple[str, list[str]] | None:
        row = slip_of(session, errand)
        member = session.get(Member, errand.member_id)
        giver = employee_of(session, member)
        if row is None or member is None or giver is None or not is_whole(giver, vault=self.house.vault):
            return None
        sight = Sight(session, self.house, self.words, self.clock(), member)
        number = self.words("hand_in.slip_number", number=row.number)
        return row.number, [number, *confirmation_lines(row, sight)[1:]]


def slip_of(session: Session, errand: Errand) -> HandIn | None:
    """The hand-in of a slip, if whoever asked gave it up by name and is still here."""
    number = json.loads(errand.arguments).get("hand_in")
    row, member = session.get(HandIn, number), session.get(Member, errand.member_id)
    if row is None or member is None or not member.active or not is_givers(session, row, member):
        return None
    return row
