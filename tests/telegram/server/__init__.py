"""A Bot API server of our own: what a bot can see of Telegram, over a socket, with people to play."""

from tests.telegram.server.app import BotApiServer
from tests.telegram.server.cast import Group, User
from tests.telegram.server.place import Press
from tests.telegram.server.records import Button, Message, SentFile

__all__ = ["BotApiServer", "Button", "Group", "Message", "Press", "SentFile", "User"]
