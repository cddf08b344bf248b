"""Telegram as a channel: python-telegram-bot's types and client, our own taking and sending."""

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.webhook import Webhook

__all__ = ["TelegramChannel", "Webhook"]
