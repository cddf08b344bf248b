"""Somebody of the hospital at a phone, who talks to the whole bot."""

from dataclasses import dataclass
from typing import Any

from handlers.converse import converse
from tests.factories import Talker


@dataclass
class Colleague(Talker):
    """Presses and types; `replies` holds the answer to the last one."""

    def says(self, text: str = "", **what: Any) -> "Colleague":
        """Types something, perhaps with files."""
        self.replies = converse(self.turn(text=text, **what))
        return self._checked()

    def chooses(self, value: str, **what: Any) -> "Colleague":
        """Presses a button by what it sends back."""
        assert len(value.encode()) <= 64
        self.replies = converse(self.turn(**{"choice": value, "pressed": "message-1"} | what))
        return self._checked()

    def presses(self, label: str, **what: Any) -> "Colleague":
        """Presses a button that was shown last."""
        return self.chooses(self.value(label), **what)

    @property
    def toast(self) -> str:
        """What was said in passing."""
        return "".join(reply.toast or "" for reply in self.replies)

    def _checked(self) -> "Colleague":
        for reply in self.replies:
            assert all(len(one.value.encode()) <= 64 and one.label for row in reply.choices for one in row)
        return self
