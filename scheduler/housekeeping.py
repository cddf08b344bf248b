"""Forgets what has had its time: dialogues, old events, shown letters, addresses of closed cases."""

from datetime import datetime

from sqlmodel import Session

from storage.blocks import end_blocks
from storage.dialogues import forget_dialogues
from storage.inbox import forget_events
from storage.receipts import forget_guesses
from storage.sender_tags import forget_old_tags
from storage.sending import forget_letters
from storage.subscriptions import purge_addresses


def forget_the_old(session: Session, *, now: datetime) -> dict[str, int]:
    """Deletes what nobody needs any more; returns how many of each kind."""
    return {
        "dialogues": forget_dialogues(session, now=now),
        "letters": forget_letters(session, now=now),
        "events": forget_events(session, now=now),
        "guesses": forget_guesses(session, now=now),
        "tags": forget_old_tags(session, now=now),
        "blocks": end_blocks(session, now=now),
        "addresses": purge_addresses(session, now=now),
    }
