"""One message and everything a conversation needs to answer it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.words import Words
from nlp.reading import Reader
from nlp.versions import lists_version
from storage.dialogues import Dialogue
from storage.house import House
from storage.members import Member, Right, may
from storage.messages import Choice, Inbound, Reply
from storage.roster import Roster

Rows = Sequence[Sequence[Choice]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What all conversations share: the house, the reader of messages and the staff's names.

    `lists` names the state of the word lists the reader knows. `page` is the public address of the web page,
    without a slash at the end; empty if it is not known.
    """

    house: House
    reader: Reader
    roster: Roster = field(default_factory=Roster)
    lists: str = field(default_factory=lists_version)
    page: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """`sender` and `chat` are keyed hashes; `dialogue` is changed in place and kept afterwards."""

    inbound: Inbound
    sender: str
    chat: str
    member: Member | None
    dialogue: Dialogue
    session: Session
    desk: Desk
    words: Words
    now: datetime

    @property
    def house(self) -> House:
        """The hospital's decisions, keys and calendar."""
        return self.desk.house

    @property
    def officer(self) -> Member:
        """The member of staff who wrote; only for conversations that need one."""
        assert self.member is not None
        return self.member

    @property
    def at_desk(self) -> bool:
        """Whether the officers' menu is for them; staff write here as anybody does."""
        return self.member is not None and may(self.member, Right.DESK)

    def reply(
        self, key: str, rows: Rows = (), /, *, edit: bool = False, toast: str | None = None, **values: Any
    ) -> Reply:
        """A reply in the words of `key`; with `edit` it takes the place of the pressed message."""
        choices = tuple(tuple(row) for row in rows)
        edits = self.inbound.pressed if edit else None
        return Reply(self.words(key, **values), choices, edits=edits, toast=toast)

    def button(self, name: str, value: str, **values: Any) -> Choice:
        """A button with the label `button.NAME`."""
        return Choice(self.words(f"button.{name}", **values), value)
