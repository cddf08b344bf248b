"""The desk work of delivery, inside transactions: find audiences, make words, settle what was sent."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlmodel import Session

from bot.prepared import Prepared
from bot.settling import remember, state_of
from handlers.notices import render
from handlers.turn import Desk
from handlers.words import FALLBACK, words_for
from storage.access import may_see
from storage.audiences import Addressing, Recipient
from storage.cases import Case
from storage.claiming import claim_due, due_announcements
from storage.duties.moments import waits_until
from storage.errors import SealError
from storage.followup.delivering import came_back, may_still_go_out, quiet_until
from storage.letters import Letter, open_address, open_reply
from storage.members import Member
from storage.messages import Reply
from storage.sending import (
    address_letter,
    bury,
    mark_sent,
    retry_later,
    settle_announcements,
    show,
)

_log = structlog.get_logger("postroom")
_TOGETHER, _BULK_TOGETHER = 100, 8
"""Notices whose audience is found in one pass; of those for thousands little more than goes out meanwhile."""


@dataclass(slots=True)
class Batch:
    """`letters` to send, (channel, chat) pairs that were `shown` something, and whether there is `more`."""

    letters: list[Prepared] = field(default_factory=list)
    shown: list[tuple[str, str]] = field(default_factory=list)
    more: bool = False
    nothing: Reply = field(default_factory=lambda: Reply(""))


def prepare(
    session: Session,
    *,
    desk: Desk,
    pulled: Collection[str],
    held: Collection[str],
    rooms: Mapping[str, int],
    now: datetime,
) -> Batch:
    """Finds audiences, claims what may go out now (at most `rooms` to each channel), makes the words."""
    batch = Batch(more=_address(session, desk=desk, now=now))
    claimed = claim_due(session, now=now, held=held, limit=_TOGETHER, rooms=rooms, pulled=pulled)
    for letter in claimed:
        prepared = _prepare_one(session, letter, desk=desk, now=now)
        if prepared is not None and letter.channel in pulled:
            batch.shown.append((prepared.channel, prepared.address))
            _show(session, letter, prepared, desk=desk, now=now)
        elif prepared is not None:
            batch.letters.append(prepared)
    batch.more = batch.more or len(batch.letters) < len(claimed)  # of a chat that is shown, the next one
    return batch


def _address(session: Session, *, desk: Desk, now: datetime) -> bool:
    """Turns notices for an audience into letters to chats; True if there are more waiting."""
    waiting = due_announcements(session, now=now, limit=_TOGETHER)
    for_thousands = due_announcements(session, now=now, limit=_BULK_TOGETHER, bulk=True)
    full = len(waiting) == _TOGETHER or len(for_thousands) == _BULK_TOGETHER
    waiting += for_thousands
    if not waiting:
        return False
    addressing, settled = Addressing(session, desk.house), []
    told: set[tuple[str | None, int | None, str, Recipient]] = set()
    for letter in waiting:
        try:
            found = addressing.recipients(letter.audience or "", letter.case_id)
        except Exception as error:
            _bury_failed(session, letter, error, now)
            if isinstance(error, SealError):
                came_back(session, letter.audience, house=desk.house, now=now)
            continue
        for recipient in found:
            words = (letter.notice, letter.case_id, letter.arguments, recipient)
            if words not in told:  # who belongs to two of the audiences hears it once
                told.add(words)
                _to(session, letter, recipient, desk)
        settled.append(letter.id or 0)
    settle_announcements(session, settled, now=now)
    return full


def _to(session: Session, letter: Letter, recipient: Recipient, desk: Desk) -> None:
    address_letter(
        session, letter, channel=recipient.channel, address=recipient.address, audience=recipient.audience,
        is_group=recipient.is_group, vault=desk.house.vault,
    )  # fmt: skip


def _prepare_one(session: Session, letter: Letter, *, desk: Desk, now: datetime) -> Prepared | None:
    """A letter with its words, or None where it has none any more or cannot be read: others go on."""
    morning = quiet_until(letter.notice, house=desk.house, now=now) or waits_until(
        letter.notice, letter.arguments, house=desk.house, now=now
    )
    if morning is not None:
        retry_later(session, letter.id or 0, due_at=morning, error="quiet hours")
        return None
    try:
        if not may_still_go_out(session, letter, house=desk.house):
            reply = None
        elif letter.notice is not None:
            reply = render(letter, session=session, desk=desk, words=words_for(FALLBACK), now=now)
        else:
            reply = open_reply(letter, vault=desk.house.vault) if _may_still(session, letter, desk) else None
        if reply is not None:
            return _prepared(session, letter, reply, desk)
    except Exception as error:
        _bury_failed(session, letter, error, now)
        return None
    mark_sent(session, letter.id or 0, keep=False, now=now)
    return None


def _may_still(session: Session, letter: Letter, desk: Desk) -> bool:
    """Whether the officer a case was written out for may see it now: much can happen during an outage."""
    case = session.get(Case, letter.case_id) if letter.case_id is not None else None
    kind, _, number = (letter.audience or "").partition(":")
    if case is None or kind != "member":
        return True
    member = session.get(Member, int(number))
    return member is not None and may_see(session, case, member, desk.house.hospital)


def _bury_failed(session: Session, letter: Letter, error: Exception, now: datetime) -> None:
    _log.error("letter failed", notice=letter.notice, error=type(error).__name__)
    bury(session, letter.id or 0, error=type(error).__name__, now=now)


def _prepared(session: Session, letter: Letter, reply: Reply, desk: Desk) -> Prepared:
    return Prepared(
        id=letter.id or 0, uid=letter.uid, unasked=letter.notice is not None,
        channel=letter.channel or "", chat=letter.chat or "",
        address=open_address(letter, vault=desk.house.vault), is_group=letter.is_group,
        audience=letter.audience or "", case_id=letter.case_id, attempts=letter.attempts, reply=reply,
        state=_state_shown(session, letter) if reply.card else "",
    )  # fmt: skip


def _state_shown(session: Session, letter: Letter) -> str:
    """A reply shows the case as it was when it was written, a notice as it is now."""
    return str(json.loads(letter.arguments).get("state", "")) or state_of(session, letter.case_id)


def _show(session: Session, letter: Letter, prepared: Prepared, *, desk: Desk, now: datetime) -> None:
    shown = show(session, letter, prepared.reply, vault=desk.house.vault, now=now)
    remember(session, prepared, prepared.reply.edits or str(shown), desk=desk, now=now)
