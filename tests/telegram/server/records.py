"""What stands in a chat: messages, their buttons and files."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Button(NamedTuple):
    """An inline button: what it says and what it sends."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it stands on the server; `size` may claim more than `content` holds."""

    file_id: str
    kind: str
    name: str
    content: bytes
    media_type: str = "application/octet-stream"
    size: int = -1

    def to_json(self) -> Any:
        """In the shape of its kind; photos come in three sizes, the largest last."""
        base = {
            "file_id": self.file_id,
            "file_unique_id": f"u{self.file_id}",
            "file_size": len(self.content) if self.size < 0 else self.size,
        }
        if self.kind == "photo":
            small = {"file_id": f"{self.file_id}-small", "file_unique_id": "small", "file_size": 10}
            return [{**small, "width": 90, "height": 67}, {**base, "width": 1280, "height": 960}]
        named = {**base, "file_name": self.name, "mime_type": self.media_type}
        match self.kind:
            case "voice":
                return {**base, "duration": 3, "mime_type": self.media_type}
            case "audio":
                return {**named, "duration": 3}
            case "video":
                return {**named, "duration": 3, "width": 640, "height": 480}
            case "video_note":
                return {**base, "duration": 3, "length": 240}
            case "animation":
                return {**named, "duration": 3, "width": 320, "height": 240}
            case _:
                return named


@dataclass(slots=True)
class Message:
    """A message of the bot, with its edits applied; `history` holds the earlier texts."""

    chat_id: int
    message_id: int
    text: str
    buttons: list[list[Button]] = field(default_factory=list)
    file: SentFile | None = None
    protected: bool = False
    preview: bool = True
    history: list[str] = field(default_factory=list)
    deleted: bool = False
    editable: bool = True

    @property
    def labels(self) -> list[str]:
        """What the buttons say, row after row."""
        return [button.label for row in self.buttons for button in row]

    def button(self, label: str) -> Button:
        """The first button whose label contains `label`."""
        for row in self.buttons:
            for button in row:
                if label in button.label:
                    return button
        raise AssertionError(f"no button {label!r} among {self.labels}")

    def to_json(self, bot: dict[str, Any], chat: dict[str, Any]) -> dict[str, Any]:
        """As the Bot API returns it."""
        body: dict[str, Any] = {
            "message_id": self.message_id,
            "from": bot,
            "chat": chat,
            "date": 1_700_000_000,
        }
        if self.file:
            body[self.file.kind] = self.file.to_json()
        if self.text:
            body["caption" if self.file else "text"] = self.text
        if self.buttons:
            rows = [[{"text": b.label, "callback_data": b.data} for b in row] for row in self.buttons]
            body["reply_markup"] = {"inline_keyboard": rows}
        if self.protected:
            body["has_protected_content"] = True
        if self.history:
            body["edit_date"] = 1_700_000_001
        return body
