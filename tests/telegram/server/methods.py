"""The methods of the Bot API that write: messages, edits, files, answers to presses."""

from collections.abc import Mapping
from typing import Any

from tests.telegram.server.errors import ApiError, bad_request
from tests.telegram.server.limits import RateLimits
from tests.telegram.server.params import Part
from tests.telegram.server.records import Button, Message, SentFile
from tests.telegram.server.world import Chat, World

MESSAGE_UNITS = 4096
CAPTION_UNITS = 1024
CALLBACK_BYTES = 64
DOWNLOAD_BYTES = 20 * 1024 * 1024
UPLOAD_BYTES = 50 * 1000 * 1000
PHOTO_BYTES = 10 * 1000 * 1000

_SEND = {
    "chat_id": "int!",
    "reply_markup": "json",
    "protect_content": "bool",
    "disable_notification": "bool",
}
_CAPTION = {"caption": "text"}
TAKES: dict[str, dict[str, str]] = {
    "sendMessage": {**_SEND, "text": "text!", "link_preview_options": "json"},
    "sendDocument": {**_SEND, **_CAPTION, "document": "file!", "disable_content_type_detection": "bool"},
    "sendPhoto": {**_SEND, **_CAPTION, "photo": "file!"},
    "sendVoice": {**_SEND, **_CAPTION, "voice": "file!"},
    "editMessageText": {
        "chat_id": "int!",
        "message_id": "int!",
        "text": "text!",
        "reply_markup": "json",
        "link_preview_options": "json",
    },
    "editMessageReplyMarkup": {"chat_id": "int!", "message_id": "int!", "reply_markup": "json"},
    "answerCallbackQuery": {"callback_query_id": "text!", "text": "text", "show_alert": "bool"},
    "getFile": {"file_id": "text!"},
}
_UPLOADS = {"sendDocument": "document", "sendPhoto": "photo", "sendVoice": "voice"}


class Methods:
    """Carries out a call whose parameters have the right shape; raises ApiError."""

    def __init__(self, world: World, limits: RateLimits | None) -> None:
        self._world = world
        self.limits = limits

    def call(self, method: str, params: Mapping[str, Any]) -> Any:
        """The `result` of the answer."""
        match method:
            case "sendMessage":
                return self._send(params, _text(params["text"], MESSAGE_UNITS), None)
            case "sendDocument" | "sendPhoto" | "sendVoice":
                return self._send_file(_UPLOADS[method], params)
            case "editMessageText" | "editMessageReplyMarkup":
                return self._edit(params)
            case "answerCallbackQuery":
                return self._answer(params)
            case "getFile":
                return self._get_file(params["file_id"])
            case _:
                raise ApiError(404, "Not Found")

    def _send(self, params: Mapping[str, Any], text: str, file: SentFile | None) -> dict[str, Any]:
        buttons = _buttons(params.get("reply_markup"))
        chat = self._chat(params)
        message = Message(
            chat.id,
            next(chat.message_ids),
            text,
            buttons,
            file,
            protected=params.get("protect_content", False),
            preview=not (params.get("link_preview_options") or {}).get("is_disabled", False),
        )
        chat.messages.append(message)
        self._world.bell.ring()
        return message.to_json(self._world.bot, chat.to_json())

    def _send_file(self, kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
        part: Part = params[kind]
        if not part.content:
            raise bad_request("file must be non-empty")
        if len(part.content) > UPLOAD_BYTES:
            raise ApiError(413, "Request Entity Too Large")
        if kind == "photo" and not part.content.startswith((b"\xff\xd8\xff", b"\x89PNG")):
            raise bad_request("IMAGE_PROCESS_FAILED")
        caption = _text(params["caption"], CAPTION_UNITS) if params.get("caption") else ""
        file = self._world.keep_file(kind, part.name, part.content, part.media_type)
        return self._send(params, caption, file)

    def _edit(self, params: Mapping[str, Any]) -> dict[str, Any]:
        text = _text(params["text"], MESSAGE_UNITS) if "text" in params else None
        buttons = _buttons(params.get("reply_markup"))
        chat = self._chat(params)
        message = self._world.message(chat, params["message_id"])
        if text is None:
            text = message.text
        elif message.file:
            raise bad_request("there is no text in the message to edit")
        if (text, buttons) == (message.text, message.buttons):
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly "
                "the same as a current content and reply markup of the message"
            )
        message.history.append(message.text)
        message.text, message.buttons = text, buttons
        self._world.bell.ring()
        return message.to_json(self._world.bot, chat.to_json())

    def _chat(self, params: Mapping[str, Any]) -> Chat:
        chat = self._world.chat_for_writing(params["chat_id"])
        if self.limits:
            self.limits.check(chat.id, is_group=chat.is_group)
        return chat

    def _answer(self, params: Mapping[str, Any]) -> bool:
        query = self._world.queries.get(params["callback_query_id"])
        if query is None or query.answered:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        if len(params.get("text", "")) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        query.answered, query.toast = True, params.get("text")
        self._world.bell.ring()
        return True

    def _get_file(self, file_id: str) -> dict[str, Any]:
        file = self._world.files.get(file_id)
        if file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        size = len(file.content) if file.size < 0 else file.size
        if size > DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_size": size,
            "file_path": f"documents/{file_id}",
        }


def _text(text: str, limit: int) -> str:
    text = text.strip()
    if not text:
        raise bad_request("message text is empty")
    if len(text.encode("utf-16-le")) // 2 > limit:
        raise bad_request("message is too long")
    return text


def _buttons(markup: Any) -> list[list[Button]]:
    if markup is None:
        return []
    try:
        rows = [[Button(b["text"], b["callback_data"]) for b in row] for row in markup["inline_keyboard"]]
    except (KeyError, TypeError):
        raise bad_request("object expected as reply markup") from None
    for button in (button for row in rows for button in row):
        if not button.label.strip():
            raise bad_request("inline keyboard button text is empty")
        if not 1 <= len(button.data.encode()) <= CALLBACK_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    return rows
