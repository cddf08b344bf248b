"""The warning before content is destroyed: what goes, until when, and the buttons to keep it."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.telling import member_addressed
from handlers.triage.cards import status_words
from handlers.triage.sight import Sight
from handlers.turn import Desk
from handlers.words import Words
from storage.access import may_see
from storage.cases import Case
from storage.holds import may_hold
from storage.letters import Letter
from storage.members import Member
from storage.messages import Choice, Reply
from storage.retention import goes_at

_MOST = 10
"""Cases told one by one; the others are counted."""


def retention_notice(
    letter: Letter, arguments: dict[str, Any], *, session: Session, desk: Desk, words: Words, now: datetime
) -> Reply | None:
    """For one member in private: numbers, outcomes and days, never a word of what was written.

    None where nothing of it goes any more, or where all of it is nobody's business here by now.
    """
    member = member_addressed(letter, session)
    if member is None or letter.is_group:
        return None
    sight, rules = Sight(session, desk.house, words, now), desk.house.hospital.retention
    known = (session.get(Case, int(number)) for number in arguments.get("cases", ()))
    going = [
        (case, goes)
        for case in known
        if case is not None
        and (goes := goes_at(case, rules)) is not None
        and may_see(session, case, member, desk.house.hospital)
    ]
    if not going:
        return None
    shown = going[:_MOST]
    lines = "\n".join(_line(case, goes, sight) for case, goes in shown)
    more = words("triage.warning_more", count=len(going) - _MOST) if len(going) > _MOST else ""
    values = {"count": len(going), "days": rules.warning, "lines": lines, "more": more}
    rows = [_row(case, member, sight) for case, _ in shown]
    return Reply(words("triage.warning", **values), (*rows, (Choice(words("desk.noted"), "noted"),)))


def _line(case: Case, goes: datetime, sight: Sight) -> str:
    values = {"number": case.number, "outcome": status_words(case, sight.words), "at": sight.at(goes)}
    return sight.words("triage.warning_line", **values)


def _row(case: Case, member: Member, sight: Sight) -> tuple[Choice, ...]:
    opens = Choice(sight.words("desk.open_first", number=case.number), f"open:{case.id}:list")
    if not may_hold(sight.session, case, member, sight.house.hospital):
        return (opens,)
    keeps = sight.words("desk.hold_number", number=case.number)
    return (opens, Choice(keeps, f"do:hold:{case.id}:{case.version}"))
