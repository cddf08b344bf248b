"""The web chat: its HTTP contract and the channel behind it."""

from bot.channels.web.channel import OpenFile, WebChannel
from bot.channels.web.limits import Rates
from bot.channels.web.stream import ReadAfter

__all__ = ["OpenFile", "Rates", "ReadAfter", "WebChannel"]
