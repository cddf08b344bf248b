"""The people and groups that tests play."""

from typing import Any, Self

from tests.telegram.server.place import DATE, Place, Press, with_commands
from tests.telegram.server.records import Message, SentFile
from tests.telegram.server.world import BLOCKED, NOT_STARTED, Chat, World


class User(Place):
    """A person with a private chat with the bot; writing opens it. Each verb returns the update's id, which
    is None when the bot did not ask for that kind of update."""

    def __init__(self, world: World, name: str, language: str | None, user_id: int | None = None) -> None:
        self.id = user_id or 500_000 + world.number()
        self.name = name
        self.language = language
        self.more: dict[str, str] = {}
        super().__init__(world, Chat(self.id, "private", name, closed=NOT_STARTED))
        world.chats[self.id] = self.chat

    @property
    def card(self) -> dict[str, Any]:
        """As `from` in updates."""
        card = {"id": self.id, "is_bot": False, "first_name": self.name, **self.more}
        return card | {"language_code": self.language} if self.language else card

    async def write(self, text: str) -> int | None:
        """A text, with the entities of its commands."""
        return self._say(with_commands(text))

    async def ask(self, text: str, seconds: float = 5) -> Message:
        """Writes, and waits for the next message of the bot."""
        seen = len(self.messages)
        await self.write(text)
        return await self.next_message(seen, seconds)

    async def edit(self, text: str) -> int | None:
        """Changes words already sent."""
        return self._push_message(self.card, {**with_commands(text), "edit_date": DATE + 1}, "edited_message")

    async def send_photo(self, content: bytes, caption: str = "", *, album: str | None = None) -> int | None:
        """A photo, alone or as one of the album with this name."""
        body = self._file("photo", "photo.jpg", content, "image/jpeg", caption)
        return self._say({**body, "media_group_id": album} if album else body)

    async def send_voice(self, content: bytes) -> int | None:
        """A voice message."""
        return self._say(self._file("voice", "voice.ogg", content, "audio/ogg"))

    async def send_video(self, name: str, content: bytes, caption: str = "") -> int | None:
        """A video."""
        return self._say(self._file("video", name, content, "video/mp4", caption))

    async def send_document(
        self,
        name: str,
        content: bytes,
        caption: str = "",
        *,
        media_type: str = "application/pdf",
        size: int = -1,
    ) -> int | None:
        """A file; `size` claims more bytes than are kept, so that a large file costs nothing."""
        return self._say(self._file("document", name, content, media_type, caption, size))

    async def send_sticker(self) -> int | None:
        """A sticker."""
        sticker = {
            "file_id": "sticker",
            "file_unique_id": "sticker",
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
        }
        return self._say({"sticker": sticker})

    async def send_contact(self, phone: str, name: str) -> int | None:
        """A contact card."""
        return self._say({"contact": {"phone_number": phone, "first_name": name}})

    async def send_location(self) -> int | None:
        """A place on the map."""
        return self._say({"location": {"latitude": 31.2, "longitude": 121.4}})

    async def press(self, message: Message, label: str) -> Press:
        """Presses the button whose label contains `label`."""
        return self._press(self.card, message, label)

    async def press_value(self, message: Message, data: str) -> Press:
        """Sends a button's value that may no longer or never stand there."""
        return self._press_value(self.card, message, data)

    async def block(self) -> int | None:
        """Blocks the bot."""
        self.chat.closed = BLOCKED
        return self._membership(self.card, "kicked")

    def _say(self, body: dict[str, Any]) -> int | None:
        self.chat.closed = None
        return self._push_message(self.card, body)

    def _file(
        self, kind: str, name: str, content: bytes, media_type: str, caption: str = "", size: int = -1
    ) -> dict[str, Any]:
        file: SentFile = self.world.keep_file(kind, name, content, media_type, size)
        return {kind: file.to_json()} | ({"caption": caption} if caption else {})


class Group(Place):
    """A group with the bot in it."""

    @classmethod
    def create(cls, world: World, title: str) -> Self:
        """A basic group, which may become a supergroup."""
        chat = Chat(-4_000_000 - world.number(), "group", title)
        world.chats[chat.id] = chat
        return cls(world, chat)

    async def write(self, user: User, text: str) -> int | None:
        """A text by a member."""
        return self._push_message(user.card, with_commands(text))

    async def press(self, user: User, message: Message, label: str) -> Press:
        """A member presses the button whose label contains `label`."""
        return self._press(user.card, message, label)

    async def remove_bot(self, user: User) -> int | None:
        """A member puts the bot out."""
        self.chat.closed = f"bot was kicked from the {self.chat.type} chat"
        return self._membership(user.card, "kicked")

    async def migrate(self) -> "Group":
        """The group becomes a supergroup with another id; both sides tell the bot."""
        new = Chat(-1_000_000_000_000 - self.world.number(), "supergroup", self.chat.title)
        self.world.chats[new.id] = new
        self.chat.migrated_to = new.id
        supergroup = Group(self.world, new)
        anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
        self._push_message(anonymous, {"migrate_to_chat_id": new.id})
        supergroup._push_message(
            anonymous, {"migrate_from_chat_id": self.chat.id, "sender_chat": new.to_json()}
        )
        return supergroup
