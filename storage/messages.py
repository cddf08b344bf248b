"""The plain values that travel between a messenger and a conversation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a channel received it: the sender's name for it and its bytes, not yet checked."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was checked, cleaned and sealed on disk under `uid`; `size` in bytes.

    `name` is ours, made from the kind and not from the sender's name; `warning` is set where
    metadata could not be removed. `ours`: the house made it from counts; a picture is shown at once then,
    and may be passed on.
    """

    uid: str
    name: str
    media_type: str
    size: int
    warning: bool = False
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message from a person, free of any messenger.

    `sender` and `chat` are the channel's own names for the person and for where an answer goes;
    they are stored only as keyed hashes or sealed. `event_id` is unique within the channel.
    `pressed` is the channel's reference of the message whose button was pressed.
    `refused` holds a reason (see FileRefused) for each file that was not kept. Where a messenger brings
    pictures that were sent together as several messages, `album` is the same in each of them.
    """

    channel: str
    sender: str
    chat: str
    event_id: str
    text: str = ""
    choice: str | None = None
    files: tuple[StoredFile, ...] = ()
    refused: tuple[str, ...] = ()
    in_group: bool = False
    pressed: str | None = None
    language: str = "zh"
    album: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it says (short) and what it sends back (at most 64 bytes)."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a person.

    `edits` is the channel's reference of an earlier message that this one replaces.
    `card` is the number of the case whose card this is: delivery remembers where it stands, so that
    it can be edited when the case moves; `opened` where that card shows what was written.
    `about` is the number of a case that a message without a card is about: who may not know of that case
    any more when it is sent, or asked for again, does not get it.
    `toast` answers a pressed button in passing where the channel can show that; elsewhere it is not
    shown. `keep` asks the web page to stay signed in.
    """

    text: str
    choices: tuple[tuple[Choice, ...], ...] = ()
    files: tuple[StoredFile, ...] = ()
    edits: str | None = None
    card: str | None = None
    opened: bool = False
    toast: str | None = None
    keep: bool = False
    about: str | None = None
