"""What every channel adapter offers, and what it is given."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from storage.messages import Inbound, Reply, Upload


@dataclass(frozen=True, slots=True)
class Limits:
    """The channel's allowed rate: messages per second overall and per chat, per minute in a group.

    `at_once` is how many may be under way at a time.
    """

    per_second: float
    per_chat_second: float
    per_group_minute: float
    at_once: int = 30


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply with the id under which it is kept; ids grow with time within a chat."""

    id: int
    reply: Reply


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an inbound message, after it was committed.

    `repeated` is true where the event had been handled before; `replies` are then the same as the
    first time as long as they are kept.
    """

    replies: tuple[Sent, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to be shown in `chat`; `id` is the outbox row, the same on every attempt.

    `uid` belongs to that row alone, also where a backup was put back and ids begin anew. `unasked`: it
    answers nothing that was written, the person did not expect it.
    """

    id: int
    chat: str
    reply: Reply
    uid: str = ""
    unasked: bool = False


Receive = Callable[[Inbound, Sequence[Upload]], Awaitable[Answer]]
ReadFile = Callable[[str], Awaitable[bytes]]
"""Opens the stored file with this uid; raises LianxinError if it is gone."""


class Channel(Protocol):
    """A messenger. `name` is stable: it is part of the keyed hashes.

    A channel that is `pulled` needs no sending: people fetch their replies, `send` only says that
    there is something new.
    """

    name: str
    pulled: bool
    limits: Limits

    async def start(self, receive: Receive) -> None:
        """Begins to take messages; each is confirmed to the messenger only after `receive` returned."""

    async def stop(self) -> None:
        """Stops taking messages and waits for those in hand."""

    async def send(self, outgoing: Outgoing) -> str | None:
        """Shows the message and returns the channel's reference of it, for later edits.

        Raises DeliveryError.
        """
