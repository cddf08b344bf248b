"""What an error of the Bot API means for delivery."""

import re
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    RetryAfter,
    TelegramError,
)

from storage.errors import DeliveryError

_NOBODY_THERE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated")
_PLAIN_WORDS = re.compile(r"[A-Za-z ,.:'_/-]{1,120}")


def as_delivery_error(error: TelegramError) -> DeliveryError:
    """Permanent where the person or group is out of reach for good; for all else delivery tries again
    and gives up in its own time, so that a fault of ours never switches an address off."""
    why = _name(error)
    match error:
        case RetryAfter():
            return DeliveryError(why, retry_after=seconds_of(error))
        case ChatMigrated():
            return DeliveryError(why, moved_to=str(error.new_chat_id))
        case Forbidden():
            return DeliveryError(why, permanent=True)
        case BadRequest():
            nobody = any(words in error.message.lower() for words in _NOBODY_THERE)
            return DeliveryError(why, permanent=nobody)
        case _:
            return DeliveryError(why)


def seconds_of(error: RetryAfter) -> float:
    """How long the server asks to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _name(error: TelegramError) -> str:
    # The server's own sentence helps, but only where it can hold no id and nothing a person wrote.
    name = f"telegram: {type(error).__name__}"
    if isinstance(error, BadRequest | Forbidden) and _PLAIN_WORDS.fullmatch(error.message):
        return f"{name}: {error.message}"
    return name
