"""A chat as a test sees it: what the bot said there, and how something is said to the bot."""

import re
from dataclasses import dataclass
from typing import Any

from tests.telegram.server.records import Message
from tests.telegram.server.world import Chat, Query, World

_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]+)?")
DATE = 1_700_000_000


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed."""

    world: World
    query: Query
    update_id: int | None

    @property
    def toast(self) -> str | None:
        """What the bot answered in passing."""
        return self.query.toast

    async def answered(self, seconds: float = 5) -> str | None:
        """Waits until the bot answered the press, and returns the toast."""
        await self.world.bell.wait_for(lambda: self.query.answered, seconds)
        return self.query.toast


class Place:
    """A chat in which somebody writes and the bot answers."""

    def __init__(self, world: World, chat: Chat) -> None:
        self.world = world
        self.chat = chat

    @property
    def chat_id(self) -> int:
        """The id the bot knows it by."""
        return self.chat.id

    @property
    def messages(self) -> list[Message]:
        """What the bot said here, edits applied."""
        return [message for message in self.chat.messages if not message.deleted]

    @property
    def last(self) -> Message:
        """The last thing the bot said here."""
        return self.messages[-1]

    async def sees(self, words: str, seconds: float = 5) -> Message:
        """Waits until a message of the bot says `words`; the newest such message."""

        def look() -> Message | None:
            found = [message for message in self.messages if words in message.text]
            return found[-1] if found else None

        message = await self.world.bell.wait_for(look, seconds)
        assert message is not None
        return message

    async def next_message(self, after: int, seconds: float = 5) -> Message:
        """Waits until the bot has said more than `after` messages here; the newest."""
        await self.world.bell.wait_for(lambda: len(self.messages) > after, seconds)
        return self.last

    def forget(self, message: Message) -> None:
        """The message is deleted from the chat."""
        message.deleted = True

    def _push_message(
        self, sender: dict[str, Any], body: dict[str, Any], kind: str = "message"
    ) -> int | None:
        message = {
            "message_id": next(self.chat.message_ids),
            "date": DATE,
            "chat": self.chat.to_json(),
            "from": sender,
            **body,
        }
        return self.world.updates.push(kind, message)

    def _press(self, sender: dict[str, Any], message: Message, label: str) -> Press:
        return self._press_value(sender, message, message.button(label).data)

    def _press_value(self, sender: dict[str, Any], message: Message, data: str) -> Press:
        query = Query(str(10**15 + self.world.number()))
        self.world.queries[query.id] = query
        update_id = self.world.updates.push(
            "callback_query",
            {
                "id": query.id,
                "from": sender,
                "message": message.to_json(self.world.bot, self.chat.to_json()),
                "chat_instance": str(self.chat.id),
                "data": data,
            },
        )
        return Press(self.world, query, update_id)

    def _membership(self, sender: dict[str, Any], status: str) -> int | None:
        member: dict[str, Any] = {"user": self.world.bot, "status": status}
        if status == "kicked":
            member["until_date"] = 0
        before = {"user": self.world.bot, "status": "member"}
        body = {
            "chat": self.chat.to_json(),
            "from": sender,
            "date": DATE,
            "old_chat_member": before,
            "new_chat_member": member,
        }
        return self.world.updates.push("my_chat_member", body)


def with_commands(text: str) -> dict[str, Any]:
    """A text body with the entities of the commands in it, counted in UTF-16 units."""
    entities = [
        {
            "type": "bot_command",
            "offset": len(text[: found.start()].encode("utf-16-le", "surrogatepass")) // 2,
            "length": found.end() - found.start(),
        }
        for found in _COMMAND.finditer(text)
    ]
    return {"text": text, "entities": entities} if entities else {"text": text}
