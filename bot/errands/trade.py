"""What every kind of errand needs and knows: how it is done, and who may have what it makes."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Session

from bot.satisfaction import Run
from handlers.words import Words
from storage.errands import Errand, ErrandKind
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.house import House
from storage.messages import Reply, StoredFile

Draw = Callable[[dict[str, Any]], Awaitable[bytes]]
Keep = Callable[[bytes, str, str], Awaitable[StoredFile]]


@dataclass(frozen=True, slots=True)
class Trade(ABC):
    """`keep(content, name, end)` seals a file under a name with the ending png, xlsx or docx."""

    kinds: ClassVar[tuple[ErrandKind, ...]] = ()
    """The errands it does."""

    run: Run
    house: House
    words: Words
    draw: Draw
    keep: Keep
    clock: Callable[[], datetime]

    @abstractmethod
    async def do(self, errand: Errand) -> Reply | None:
        """The message with its file; None where nothing is to be said (any more). Raises PictureFailed."""

    @abstractmethod
    def failed(self, errand: Errand) -> Reply:
        """What is said when it was given up."""

    @abstractmethod
    def may_have(self, session: Session, errand: Errand) -> bool:
        """Whether whoever asked is still here and may still have what is made: asked again as it is sent."""

    def matter(self, session: Session, errand: Errand) -> str:
        """What a file tells of, where that is not figures for all who see some."""
        return ""

    def note(self, session: Session, errand: Errand, *, now: datetime) -> None:
        """Says in the trail that a file was made, and for whom."""
        what, to = errand.kind.value, errand.member_id
        record_event(session, SYSTEM, EventName.FIGURES_EXPORTED, now=now, what=what, to=to)
