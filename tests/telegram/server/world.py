"""Who is there and what was said: the state behind the methods."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from tests.telegram.server.bell import Bell
from tests.telegram.server.errors import ApiError, bad_request
from tests.telegram.server.records import Message, SentFile
from tests.telegram.server.updates import Updates

NOT_STARTED = "bot can't initiate conversation with a user"
BLOCKED = "bot was blocked by the user"


@dataclass(slots=True)
class Chat:
    """A private chat or group; `closed` says why the bot may not write there."""

    id: int
    type: str
    title: str
    closed: str | None = None
    migrated_to: int | None = None
    messages: list[Message] = field(default_factory=list)
    message_ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def is_group(self) -> bool:
        """Whether the limits for groups hold here."""
        return self.type in ("group", "supergroup")

    def to_json(self) -> dict[str, Any]:
        """As it stands in messages."""
        name = "first_name" if self.type == "private" else "title"
        return {"id": self.id, "type": self.type, name: self.title}


@dataclass(slots=True)
class Query:
    """A pressed button on its way: `toast` is set when the bot answered."""

    id: str
    answered: bool = False
    toast: str | None = None


class World:
    """Everything the server knows."""

    def __init__(self, username: str) -> None:
        self.bot = {"id": 7_000_001, "is_bot": True, "first_name": "Lianxin", "username": username}
        self.bell = Bell()
        self.updates = Updates(self.bell)
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, SentFile] = {}
        self.queries: dict[str, Query] = {}
        self._numbers = itertools.count(1)

    def number(self) -> int:
        """A number not given before, for names and ids."""
        return next(self._numbers)

    def chat_for_writing(self, chat_id: int) -> Chat:
        """The chat, if the bot may write there; raises ApiError as Telegram does."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to:
            raise bad_request(
                "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
            )
        if chat.closed:
            raise ApiError(403, f"Forbidden: {chat.closed}")
        return chat

    def message(self, chat: Chat, message_id: int) -> Message:
        """A message of the bot that can still be edited; raises ApiError."""
        for message in chat.messages:
            if message.message_id == message_id and not message.deleted:
                if not message.editable:
                    raise bad_request("message can't be edited")
                return message
        raise bad_request("message to edit not found")

    def keep_file(self, kind: str, name: str, content: bytes, media_type: str, size: int = -1) -> SentFile:
        """Gives the file an id under which it can be fetched."""
        file = SentFile(f"file{self.number()}", kind, name, content, media_type, size)
        self.files[file.file_id] = file
        return file
