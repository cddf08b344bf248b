"""What a request of the web chat has to pass: budgets, and work for a session or a code when it is busy."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.budgets import FAIR
from bot.channels.web.errors import Refusal
from bot.channels.web.limits import Budgets
from bot.gate import GUESS, Gate, Later, WorkAsked
from bot.guessing import is_guess

WORK_HEADER = "Lianxin-Work"
"""Carries the proof, "challenge.answer" (see bot/gate.py)."""

_SOON = 5
_WITHOUT_WORK = 30
"""Seconds after which a program that cannot work may find it calm again."""


async def _calm() -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Signals:
    """What the rest of the house tells: how hard codes are guessed (0 to 6), whether a sender's words are
    urgent enough to pass, whether the database has too much to do; and `count` hears what was held back.
    """

    guess_level: Callable[[], Awaitable[int]] = _calm
    urgent: Callable[[str, str], bool] = lambda _sender, _text: False
    strained: Callable[[], bool] = lambda: False
    count: Callable[[str], None] = lambda _how: None


class Entrance:
    """Lets requests in, or raises Refusal with what to do instead."""

    def __init__(
        self, gate: Gate, budgets: Budgets, signals: Signals, *, now: Callable[[], datetime]
    ) -> None:
        self.gate, self._budgets, self.signals, self._now = gate, budgets, signals, now

    def session(self, proof: str | None) -> None:
        """One new session."""
        try:
            self.gate.session(proof, now=self._now())
        except WorkAsked as asked:
            raise self._work(asked) from None
        except Later as later:
            raise self._refused("crowded", later.seconds) from None

    def read(self, sender: str) -> None:
        """One reading call."""
        if wait := self._budgets.read(sender):
            raise self._refused("too_fast", wait)

    def message(self, sender: str) -> int:
        """Counts one message; seconds to wait where it is beyond the budget, see `let_through`."""
        wait, spent = self._budgets.message(sender)
        return _SOON if not wait and spent > FAIR and self.signals.strained() else wait

    def let_through(self, sender: str, text: str | None, wait: int) -> None:
        """A message that would have to wait passes where its words are urgent."""
        if not wait:
            return
        if text and self.signals.urgent(sender, text):
            self.signals.count("urgent")
            return
        raise self._refused("too_fast", wait)

    async def guess(self, sender: str, text: str | None, proof: str | None) -> None:
        """A message with a code in it, while codes are being guessed, is taken with work only."""
        if not self._budgets.limited or not text or not is_guess(text):
            return
        if level := await self.signals.guess_level():
            try:
                self.gate.work(proof, GUESS, to=sender, level=level - 1, now=self._now())
            except WorkAsked as asked:
                raise self._work(asked) from None

    def _work(self, asked: WorkAsked) -> Refusal:
        self.signals.count("work")
        work = {"challenge": asked.challenge, "bits": asked.bits}
        return Refusal("work", retry_after=_WITHOUT_WORK, work=work)

    def _refused(self, code: str, wait: int) -> Refusal:
        self.signals.count("refused")
        return Refusal(code, retry_after=wait)
