"""From an update of Telegram to what it means for us; nothing is fetched and nothing is sent here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from telegram import (
    Audio,
    CallbackQuery,
    ChatMemberUpdated,
    Document,
    Message,
    PhotoSize,
    Update,
    Video,
    VideoNote,
    Voice,
)
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.telegram.text import clean
from storage.messages import Inbound

CHANNEL = "telegram"
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]

_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_COMMAND = re.compile(r"(/[A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?=\s|$)")
_GROUP_ANONYMOUS_BOT = 1087968824
"""The one user under which every anonymous administrator of every group writes."""


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that can be fetched; `size` in bytes where the server told it."""

    file_id: str
    name: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """A message or a pressed button, still without its files; `query` is the button's press to answer."""

    inbound: Inbound
    files: tuple[FileRef, ...] = ()
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """The group `old` goes on as `new`."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The bot was blocked by this person or put out of this group."""

    chat: str


@dataclass(frozen=True, slots=True)
class Unkept:
    """Something we do not take, and say so: `words` is a key of wording.toml."""

    chat: str
    words: str
    language: str


Event = Said | Moved | Gone | Unkept | None


def read_update(update: Update, username: str) -> Event:
    """None where the update is nobody's word to us: chatter of a group, another bot's command."""
    if update.callback_query:
        return _pressed(update.update_id, update.callback_query)
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    if update.edited_message:
        return _edited(update.edited_message)
    if update.message:
        return _moved(update.message) or _said(update.update_id, update.message, username)
    return None


def _said(update_id: int, message: Message, username: str) -> Event:
    if message.chat.type in _GROUPS:
        return _said_in_group(update_id, message, username)
    if message.chat.type != ChatType.PRIVATE or message.from_user is None:
        return None
    if message.contact:
        return _unkept(message, "contact")
    if message.location and not message.venue:
        return _unkept(message, "location")
    text = _without_our_name(_text(message), username)
    return Said(_inbound(update_id, message, text or ""), tuple(_files(message)))


def _said_in_group(update_id: int, message: Message, username: str) -> Event:
    text = message.text or ""
    command = _without_our_name(clean(text), username) if text.startswith("/") else None
    if command is None or not _COMMAND.match(command):
        return None
    return Said(_inbound(update_id, message, command))


def _without_our_name(text: str, username: str) -> str | None:
    """`/bind@our_bot X` as `/bind X`; None for a command to another bot; other text as it is."""
    command = _COMMAND.match(text)
    if command is None or command[2] is None:
        return text
    return command[1] + text[command.end() :] if command[2].lower() == username.lower() else None


def _inbound(update_id: int, message: Message, text: str) -> Inbound:
    return Inbound(
        channel=CHANNEL,
        sender=_sender(message),
        chat=_id(message.chat.id),
        event_id=str(update_id),
        text=text,
        in_group=message.chat.type in _GROUPS,
        language=_language(message.from_user.language_code if message.from_user else None),
        album=message.media_group_id,
    )


def _sender(message: Message) -> str:
    # Anonymous administrators share one user id: told apart by the group they write for.
    user = message.from_user
    if user is None or (user.id == _GROUP_ANONYMOUS_BOT and message.sender_chat):
        return _id(message.sender_chat.id if message.sender_chat else message.chat.id)
    return _id(user.id)


def _text(message: Message) -> str:
    if message.venue:
        return clean(f"{message.venue.title} {message.venue.address}".strip())
    return clean(message.text or message.caption or "")


def _files(message: Message) -> Iterator[FileRef]:
    if message.photo:
        largest = max(message.photo, key=lambda photo: photo.width * photo.height)
        yield FileRef(largest.file_id, "photo.jpg", _size(largest))
    if message.voice:
        yield FileRef(message.voice.file_id, "voice.ogg", _size(message.voice))
    if message.video_note:
        yield FileRef(message.video_note.file_id, "video.mp4", _size(message.video_note))
    named = (
        (message.audio, "audio.mp3"),
        (message.video, "video.mp4"),
        # An animation comes with a document that says the same.
        (message.document, "document"),
    )
    for file, fallback in named:
        if file:
            yield FileRef(file.file_id, clean(file.file_name or fallback), _size(file))


def _pressed(update_id: int, query: CallbackQuery) -> Event:
    message = query.message
    if message is None or query.data is None:
        return None
    inbound = Inbound(
        channel=CHANNEL,
        sender=_id(query.from_user.id),
        chat=_id(message.chat.id),
        event_id=str(update_id),
        choice=clean(query.data),
        in_group=message.chat.type in _GROUPS,
        pressed=str(message.message_id),
        language=_language(query.from_user.language_code),
    )
    return Said(inbound, query=query.id)


def _membership(change: ChatMemberUpdated) -> Event:
    out = change.new_chat_member.status in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
    return Gone(_id(change.chat.id)) if out else None


def _moved(message: Message) -> Event:
    if message.migrate_to_chat_id:
        return Moved(_id(message.chat.id), _id(message.migrate_to_chat_id))
    if message.migrate_from_chat_id:
        return Moved(_id(message.migrate_from_chat_id), _id(message.chat.id))
    return None


def _edited(message: Message) -> Event:
    # A live location comes as an endless row of edits; only changed words deserve a word.
    words = message.text or message.caption
    return _unkept(message, "edited") if words and message.chat.type == ChatType.PRIVATE else None


def _unkept(message: Message, words: str) -> Unkept:
    language = _language(message.from_user.language_code if message.from_user else None)
    return Unkept(_id(message.chat.id), words, language)


def _size(file: PhotoSize | Voice | VideoNote | Audio | Video | Document) -> int | None:
    return file.file_size if isinstance(file.file_size, int) else None


def _id(value: object) -> str:
    """The library checks no types; who has no number is nobody who could be answered."""
    if type(value) is not int:
        raise TypeError("not an id")
    return str(value)


def _language(code: str | None) -> str:
    return "zh" if code is None or code.lower().startswith("zh") else "en"
