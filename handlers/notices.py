"""Makes words of what was left for an audience, at the moment they are sent."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.followup.notices import survey_notice
from handlers.followup.task_notices import task_notice
from handlers.handover_notices import handover_notice
from handlers.retention_notice import retention_notice
from handlers.staff.coverage.notices import coverage_notice
from handlers.staff.drives.notices import drive_notice
from handlers.staff.duties.notices import due_notice
from handlers.staff.duties.own_notices import NOTICES as DUTY_ANSWERS
from handlers.staff.duties.own_notices import answer_notice
from handlers.staff.hand_ins.notices import hand_in_notice
from handlers.staff.leave_notices import leave_notice
from handlers.staff.quiz.notices import quiz_notice
from handlers.staff.record.deciding import record_notice
from handlers.telling import may_be_told, member_addressed, must_not_know, opens
from handlers.thread_words import step_words
from handlers.triage import case_card, case_view, moved_card
from handlers.turn import Desk
from handlers.words import Words
from storage.access import may_see
from storage.cards import find_card
from storage.cases import Case
from storage.entries import thread
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.letters import Letter
from storage.members import Member
from storage.messages import Choice, Reply
from storage.trail_heads import present_head

_READ_ALONG = ("sms",)
"""Channels whose messages others can read on their way, or on a locked telephone."""
_BESIDE_CASES: dict[str, Callable[..., Reply | None]] = {
    "handover": handover_notice,
    "survey": survey_notice,
    "task": task_notice,
    "due": due_notice,
    "leave": lambda *given, now, **beside: leave_notice(*given, **beside),
    "quiz": quiz_notice,
    "handin": hand_in_notice,
    "record": record_notice,
}
_BESIDE_CASES |= dict.fromkeys(DUTY_ANSWERS, answer_notice)
"""What makes the words of notices that are about no case, by their name or its first word."""


def render(letter: Letter, *, session: Session, desk: Desk, words: Words, now: datetime) -> Reply | None:
    """The message for one addressed letter, or None where there is nothing to say any more."""
    case = session.get(Case, letter.case_id) if letter.case_id is not None else None
    arguments: dict[str, Any] = json.loads(letter.arguments)
    name = letter.notice or ""
    beside = _BESIDE_CASES.get(name) or _BESIDE_CASES.get(name.partition(".")[0])
    if beside is not None:
        return beside(letter, arguments, session=session, desk=desk, words=words, now=now)
    if (letter.notice or "").startswith("coverage."):
        return coverage_notice(letter, arguments, session=session, desk=desk, words=words, now=now)
    if (letter.notice or "").startswith("drive."):
        return drive_notice(letter, arguments, session=session, desk=desk, words=words, now=now)
    if letter.notice == "retention.warning":
        return retention_notice(letter, arguments, session=session, desk=desk, words=words, now=now)
    if letter.notice == "trail.head":
        # Read now: what stood in the row could be another's, who has the tables and not the keys.
        return Reply(words("notice.trail_head", head=str(present_head(session))))
    if case is None:
        return None
    if must_not_know(case, letter, session):
        return None  # named or recused since the letter was written, or no longer here
    match letter.notice:
        case "reporter.news":
            short = letter.channel in _READ_ALONG
            return _news(case, arguments, session=session, desk=desk, words=words, short=short)
        case "case.card":
            return _redrawn(case, letter, session=session, desk=desk, words=words, now=now)
        case "case.view":
            return _view(case, letter, session=session, desk=desk, words=words, now=now)
        case "case.new":
            card = case_card(
                case, session=session, house=desk.house, words=words, now=now, group=letter.is_group
            )
            return card if opens(case, letter.audience or "", session, desk.house.hospital) else _shut(card)
    return _remark(case, letter, arguments, session=session, desk=desk, words=words)


def _news(
    case: Case,
    arguments: dict[str, Any],
    *,
    session: Session,
    desk: Desk,
    words: Words,
    short: bool,
) -> Reply | None:
    assert case.id is not None
    for entry in thread(session, case.id, vault=desk.house.vault, shared_only=True):
        if entry.id == arguments.get("entry") and not entry.seen:
            text = words("case.pushed_sms" if short else "case.pushed", text=step_words(entry, words))
            return Reply(text, ((Choice(words("button.open_case"), f"mine:{case.id}"),),))
    return None


def _redrawn(
    case: Case, letter: Letter, *, session: Session, desk: Desk, words: Words, now: datetime
) -> Reply | None:
    card = find_card(session, int((letter.audience or ":0").partition(":")[2]))
    if card is None or card.case_id != case.id:
        return None  # an older card of that chat; its place in the table may be another's now
    kind, _, name = card.audience.partition(":")
    member = session.get(Member, int(name)) if kind == "member" else None
    office = member.office if member else name
    if member is not None and may_see(session, case, member, desk.house.hospital) and card.opened:
        _note_pushed(session, case, letter, member, now)
        shown = case_view(case, member, session=session, desk=desk, words=words, now=now)
    elif may_be_told(session, case, office, member, desk.house.hospital):
        shown = case_card(case, session=session, house=desk.house, words=words, now=now, group=member is None)
        shown = shown if opens(case, card.audience, session, desk.house.hospital) else _shut(shown)
    else:
        shown = moved_card(case, words=words)
    return replace(shown, edits=card.reference)


def _shut(card: Reply) -> Reply:
    return replace(card, choices=())


def _view(
    case: Case, letter: Letter, *, session: Session, desk: Desk, words: Words, now: datetime
) -> Reply | None:
    member = member_addressed(letter, session)
    if member is None or not may_see(session, case, member, desk.house.hospital):
        return None
    _note_pushed(session, case, letter, member, now)
    return case_view(case, member, session=session, desk=desk, words=words, now=now)


def _note_pushed(session: Session, case: Case, letter: Letter, member: Member, now: datetime) -> None:
    """Content goes to a private chat: told once, however often sending it is tried."""
    if letter.attempts <= 1:
        record_event(session, SYSTEM, EventName.PUSHED, case_id=case.id, now=now, to=member.id)


def _remark(
    case: Case, letter: Letter, arguments: dict[str, Any], *, session: Session, desk: Desk, words: Words
) -> Reply:
    """A line without content: a limit, an addition, an assignment; who only watches gets no button."""
    key = f"notice.{letter.notice}".replace("case.", "")
    limit = words(f"notice.limit_{arguments['kind']}") if "kind" in arguments else ""
    if arguments.get("percent", 0) >= 100:
        key += "_overdue"
    openable = opens(case, letter.audience or "", session, desk.house.hospital)
    if not openable and words.has(f"{key}_elsewhere"):
        key += "_elsewhere"
    values = {"number": case.number, "limit": limit, "office": case.lead_office}
    reply = Reply(
        words(key, percent=arguments.get("percent", ""), **values),
        ((Choice(words("notice.open"), f"open:{case.id}"),),),
    )
    return reply if openable else _shut(reply)
