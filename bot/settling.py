"""Settles what became of letters: it arrived, it was given up, the chat is gone or has another name."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.prepared import Prepared
from handlers.turn import Desk
from storage.audiences import switch_off
from storage.cards import card_state, find_card, redraw_card, remember_card
from storage.cases import Case
from storage.duties.cards import follow_group, note_posted
from storage.errors import DeliveryError
from storage.followup.delivering import arrived, came_back, chat_is_gone
from storage.identity import chat_hash, sender_hash
from storage.sending import bury, drop_waiting, mark_sent, reseal_address, retry_later
from storage.subscriptions import drop_chat

MOST_ATTEMPTS = 12
_LONGEST_WAIT = timedelta(minutes=15)


def state_of(session: Session, case_id: int | None) -> str:
    """What a card of this case shows now."""
    return card_state(session.get(Case, case_id) if case_id is not None else None)


def note_sent(
    session: Session, letter: Prepared, reference: str | None, *, desk: Desk, now: datetime
) -> None:
    """The channel showed the letter as message `reference`."""
    mark_sent(session, letter.id, keep=False, now=now)
    arrived(session, letter.audience)
    if reference is not None:
        remember(session, letter, reference, desk=desk, now=now)


def remember(session: Session, letter: Prepared, reference: str, *, desk: Desk, now: datetime) -> None:
    """Keeps where a card stands; a card that was edited stays whose it was."""
    note_posted(session, letter.audience, reference)
    if letter.reply.card is None or letter.case_id is None:
        return
    audience = letter.audience
    if audience.startswith("card:"):
        card = find_card(session, int(audience.removeprefix("card:")))
        audience = card.audience if card else ""
    if audience:
        remember_card(
            session, letter.case_id, chat=letter.chat, channel=letter.channel, address=letter.address,
            is_group=letter.is_group, audience=audience, reference=reference, opened=letter.reply.opened,
            vault=desk.house.vault, now=now,
        )  # fmt: skip
        if state_of(session, letter.case_id) != letter.state:
            redraw_card(session, letter.case_id, chat=letter.chat, now=now)


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 2 s, 4 s, 8 s … at most 15 minutes."""
    return min(timedelta(seconds=2 ** min(attempts, 12)), _LONGEST_WAIT)


def note_failure(
    session: Session, letter: Prepared, error: DeliveryError, *, is_off: bool, desk: Desk, now: datetime
) -> None:
    """The letter did not arrive: another address, given up, or again later; `is_off`: no such channel."""
    reason = str(error)[:80]
    if error.moved_to is not None:
        readdress(session, letter, error.moved_to, desk=desk, now=now)
    elif error.permanent:
        give_up(session, letter, error=reason, for_good=True, desk=desk, now=now)
        give_up_chat(session, letter, desk=desk, now=now)
    elif letter.attempts >= MOST_ATTEMPTS and error.retry_after is None:
        give_up(session, letter, error=reason, for_good=is_off, desk=desk, now=now)
    else:
        wait = backoff(letter.attempts)
        if error.retry_after is not None:
            wait = timedelta(seconds=error.retry_after)
        retry_later(session, letter.id, due_at=now + wait, error=reason)


def give_up(
    session: Session, letter: Prepared, *, error: str, for_good: bool, desk: Desk, now: datetime
) -> None:
    """The letter is dead; who is asked by it is reached elsewhere, or later if not `for_good`."""
    bury(session, letter.id, error=error, now=now)
    came_back(session, letter.audience, chat=letter.chat, for_good=for_good, house=desk.house, now=now)


def give_up_chat(session: Session, letter: Prepared, *, desk: Desk, now: datetime) -> None:
    """The chat is gone (blocked, left, deleted): nothing is sent there until somebody joins again."""
    vault = desk.house.vault
    switch_off(session, letter.chat, sender=sender_hash(vault, letter.channel, letter.address), now=now)
    drop_chat(session, letter.chat, vault=vault)
    drop_waiting(session, letter.chat, error="chat is gone", now=now)
    chat_is_gone(session, letter.chat, house=desk.house, now=now)


def readdress(session: Session, letter: Prepared, address: str, *, desk: Desk, now: datetime) -> None:
    """A group became another chat: it keeps its office, and what waits goes to the new address."""
    vault = desk.house.vault
    follow_group(session, channel=letter.channel, before=letter.address, after=address, vault=vault)
    reseal_address(
        session,
        letter.chat,
        chat_hash(vault, letter.channel, address),
        address,
        also=letter.id,
        vault=vault,
        now=now,
    )
