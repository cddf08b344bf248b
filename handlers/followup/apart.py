"""Keeps the chat of a discharged patient apart from the report they made."""

from handlers.turn import Turn
from storage.cases import Case
from storage.followup.talking import is_known_chat
from storage.followup.unlinked import is_unlinked


def would_tell_whose(turn: Turn, case: Case) -> bool:
    """Whether an address kept for this report would lead to the stay of whoever made it after discharge."""
    return is_unlinked(case.received_at, turn.house) and is_known_chat(turn.session, turn.chat)
