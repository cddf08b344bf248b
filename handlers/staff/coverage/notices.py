"""Makes words of what was left about coverage, at the moment they are sent: in private chats alone."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.staff.coverage.conversation import view
from handlers.telling import member_addressed
from handlers.triage.sight import Sight
from handlers.turn import Desk
from handlers.words import Words
from storage.letters import Letter
from storage.messages import Reply


def coverage_notice(
    letter: Letter, arguments: dict[str, Any], *, session: Session, desk: Desk, words: Words, now: datetime
) -> Reply | None:
    """`coverage.view`: somebody pressed in a group, and reads here what they may see; None for a group."""
    member = member_addressed(letter, session)
    if member is None or not member.active or letter.is_group or letter.notice != "coverage.view":
        return None
    return view(Sight(session, desk.house, words, now, member), str(arguments.get("argument", "")))
