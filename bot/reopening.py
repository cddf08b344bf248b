"""Letters shown once more: one that does not open any more is told as such, and hides none of the others."""

from collections.abc import Iterable

import structlog
from sqlmodel import Session

from bot.channels.base import Sent
from handlers.telling import may_read_again
from handlers.words import FALLBACK, words_for
from storage.errors import SealError
from storage.house import House
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


def still_readable(letters: Iterable[Letter], session: Session, *, house: House) -> list[Sent]:
    """What was shown in a chat, without what a member may not know any more."""
    found = [(letter, reopened(letter, vault=house.vault)) for letter in letters]
    return [sent for letter, sent in found if may_read_again(letter, sent.reply, session, house.hospital)]
