"""The command `lianxin`; nothing heavy is imported before a command needs it."""

from bot.cli.entry import main

__all__ = ["main"]
