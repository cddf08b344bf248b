"""Letters shown once more: one that does not open any more is told as such, and hides none of the others."""

import structlog

from bot.channels.base import Sent
from handlers.words import FALLBACK, words_for
from storage.errors import SealError
from storage.letters import Letter, open_reply
from storage.messages import Reply
from storage.vault import Vault

_log = structlog.get_logger("reopening")


def reopened(letter: Letter, *, vault: Vault) -> Sent:
    """What was shown; in place of words that do not open, a sentence that says so."""
    try:
        return Sent(letter.id or 0, open_reply(letter, vault=vault))
    except SealError as error:
        _log.error("letter does not open", letter=letter.id, error=type(error).__name__)
        return Sent(letter.id or 0, Reply(words_for(FALLBACK)("menu.unopened")))
