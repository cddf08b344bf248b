"""Makes the Telegram channel of the running application, where there is a token for it."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from bot.chat_changes import ChatChanges
from bot.reading_room import ReadingRoom
from bot.settings import Settings
from storage.database import Database
from storage.house import House

if TYPE_CHECKING:
    from bot.channels.telegram.channel import TelegramChannel


def make_telegram(
    settings: Settings,
    *,
    house: House,
    database: Database,
    reading_room: ReadingRoom,
    clock: Callable[[], datetime],
) -> "TelegramChannel | None":
    """The channel, not started; None without a token."""
    token = settings.telegram_bot_token
    if token is None:
        return None
    # Only here: a start without Telegram is half a second quicker for it.
    from bot.channels.telegram.channel import TelegramChannel
    from bot.channels.telegram.webhook import Webhook

    secret, url = settings.telegram_webhook_secret, settings.telegram_webhook_url
    changes = ChatChanges(TelegramChannel.name, database, house.vault, clock)
    return TelegramChannel(
        token.get_secret_value(),
        read_file=reading_room.read_file,
        api_base=settings.telegram_api_base,
        webhook=Webhook(url, secret.get_secret_value()) if url and secret else None,
        on_moved=changes.moved,
        on_gone=changes.gone,
    )
