"""One message about many cases that went to somebody else: numbers and limits, if they may be known."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.telling import may_be_told, member_addressed
from handlers.triage.sight import Sight
from handlers.turn import Desk
from handlers.words import Words
from storage.cases import Case
from storage.letters import Letter
from storage.lists import Listing
from storage.messages import Choice, Reply

_MOST = 30
"""Numbers in one message; the list has the others."""
_LISTED = {"received": Listing.MINE, "returned": Listing.OFFICE, "covering": Listing.OFFICE}


def handover_notice(
    letter: Letter, arguments: dict[str, Any], *, session: Session, desk: Desk, words: Words, now: datetime
) -> Reply | None:
    """The words for `handover.WHAT`; None where whoever reads it may know of none of the cases any more.

    A group reads no names.
    """
    what = (letter.notice or "").partition(".")[2]
    member = member_addressed(letter, session)
    office = member.office if member is not None else (letter.audience or "").partition(":")[2]
    cases = [
        case
        for case in (session.get(Case, one) for one in arguments.get("cases", ()))
        if case is not None and may_be_told(session, case, office, member, desk.house.hospital)
    ]
    if not cases and what != "covering":
        return None
    sight = Sight(session, desk.house, words, now)
    key = f"notice.handover_{what}" if member is not None else f"notice.handover_{what}_group"
    key = key if words.has(key) else f"notice.handover_{what}"
    who, to = sight.name(arguments.get("of")), sight.name(arguments.get("to"))
    head = words(key, count=len(cases), office=arguments.get("office", ""), who=who, to=to)
    listed = Choice(words("notice.handover_list"), f"list:{_LISTED.get(what, Listing.OFFICE)}:0")
    rows = ((listed,),) if member is not None and cases else ()
    return Reply("\n".join([head, *_lines(cases, sight)]), rows)


def _lines(cases: Sequence[Case], sight: Sight) -> list[str]:
    lines = [
        sight.words("notice.handover_line", number=case.number, left=sight.left(case.due_at))
        if case.due_at is not None
        else case.number
        for case in cases[:_MOST]
    ]
    return [*lines, sight.words("notice.handover_more")] if len(cases) > _MOST else lines
