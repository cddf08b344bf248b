"""What a request of the web chat has to pass: budgets, and work for a session or a message when it is busy.

What a flood can take: no memory for a session (its token is signed, not stored); 64 bytes for each proof
until it is over (bot/gate.py); counts of 50,000 senders for a minute (bot/budgets.py); 1,000 open streams,
256 MB of uploads, 256 answers that wait (bot/guessing.py). On disk a message leaves some 4 KB and its event
100 bytes for 7 days, a wrong code 160 bytes for 25 minutes at most, a dialogue 500 bytes for 30 minutes.
Above 1,200 messages a minute every message costs work: to fill 100 GB takes 25 million proofs of 2^16 to
2^20 hashes each.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.budgets import FAIR
from bot.channels.web.errors import Refusal
from bot.channels.web.limits import Budgets
from bot.gate import MESSAGE, Gate, Later, WorkAsked
from bot.guessing import is_guess
from bot.meters import Meter
from bot.tidy import tidy_text

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
        self._taken = Meter()

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

    def taken(self) -> None:
        """Counts a message that is handed on, from whatever page."""
        self._taken.add(self._now())

    async def level(self, text: str | None) -> int:
        """How hard it is to be taken now: 0 in calm times, more while very many messages come, or, for one
        with a code in it, while codes are being guessed.
        """
        if not self._budgets.limited:
            return 0
        rush = (self._taken.count(self._now()) // self._budgets.busy).bit_length()
        guessed = await self.signals.guess_level()
        return max(rush, guessed) if guessed and text and _may_hold_code(text) else rush

    async def work(self, sender: str, text: str | None, proof: str | None) -> None:
        """A message at a time when that is not calm is taken with work only, or with urgent words."""
        level = await self.level(text)
        if not level:
            return
        try:
            self.gate.work(proof, MESSAGE, to=sender, level=level - 1, now=self._now())
        except WorkAsked as asked:
            if proof is None and self.cries(sender, text):
                return
            raise self._work(asked) from None

    def cries(self, sender: str, text: str | None) -> bool:
        """Whether this is to be taken at any time for its urgent words; not with a code in it."""
        if not text or _may_hold_code(text) or not self.signals.urgent(sender, text):
            return False
        self.signals.count("urgent")
        return True

    def _work(self, asked: WorkAsked) -> Refusal:
        self.signals.count("work")
        work = {"challenge": asked.challenge, "bits": asked.bits}
        return Refusal("work", retry_after=_WITHOUT_WORK, work=work)

    def _refused(self, code: str, wait: int) -> Refusal:
        self.signals.count("refused")
        return Refusal(code, retry_after=wait)


def _may_hold_code(text: str) -> bool:
    """As the conversation will see it: spaces ahead of a code hide nothing."""
    return is_guess(tidy_text(text))
