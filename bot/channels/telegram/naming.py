"""Asks Telegram what the bot is called."""

import asyncio

from telegram.error import TelegramError

from bot.channels.telegram.api import make_api

PATIENCE_SECONDS = 8.0


async def ask_name(token: str, base: str) -> str:
    """The name that stands in links to the bot; empty where Telegram refuses or does not answer soon."""
    api = make_api(token, base)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await api.connect()
            return (await api.get_me()).username or ""
    except (TelegramError, TimeoutError):
        return ""
    finally:
        await api.hang_up()
