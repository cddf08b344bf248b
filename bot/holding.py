"""What is held back while somebody floods or guesses: answers to codes come later, the same words once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.budgets import Restraint, Urgency
from bot.figures import Figures
from bot.guessing import Guessing, is_guess
from storage.messages import Inbound, Reply


@dataclass(frozen=True, slots=True)
class Held:
    """For one message: its answers go out after `wait`, and only news where its sender writes `much`."""

    wait: timedelta = timedelta(0)
    much: bool = False


class Holding:
    """`pulled` names the channels whose answers are fetched: there the message itself is held back.

    Where answers are sent, the message is taken at once and the answer waits in the outbox: nobody stands
    behind it. With neither part nothing is held back.
    """

    def __init__(
        self,
        guessing: Guessing | None = None,
        restraint: Restraint | None = None,
        urgency: Urgency | None = None,
        *,
        figures: Figures,
        pulled: Collection[str] = (),
    ) -> None:
        self._guessing, self._restraint, self._urgency = guessing, restraint, urgency
        self._figures, self._pulled = figures, pulled

    async def receive(self, inbound: Inbound) -> Held:
        """What to do about this message; waits here where the channel's answers are fetched."""
        held = Held(much=self._writes_much(inbound))
        channel = inbound.channel
        said = inbound.choice or inbound.text
        if self._guessing is None or not await self._guessing.level(channel) or not is_guess(said):
            return held
        if channel in self._pulled:
            waited = await self._guessing.hold_back(channel)
        else:
            held = replace(held, wait=await self._guessing.delay(channel))
            waited = bool(held.wait)
        if waited:
            self._figures.held_back.labels(channel, "delayed").inc()
        return held

    def news(self, held: Held, inbound: Inbound, replies: Sequence[Reply]) -> list[Reply]:
        """The answers that are to be given: a sender who writes much reads the same words once a minute."""
        if not held.much or self._restraint is None:
            return list(replies)
        who, is_news = _who(inbound), self._restraint.is_news
        kept = [reply for reply in replies if reply.files or not reply.text or is_news(who, reply.text)]
        for _ in range(len(replies) - len(kept)):
            self._figures.held_back.labels(inbound.channel, "spared").inc()
        return kept

    def note(self, held: Held, inbound: Inbound, replies: Sequence[Reply]) -> None:
        """Remembers what was answered, after it was committed."""
        if held.much and self._restraint is not None:
            self._restraint.note(_who(inbound), [reply.text for reply in replies if reply.text])

    def _writes_much(self, inbound: Inbound) -> bool:
        if self._restraint is None or inbound.channel in self._pulled:
            return False
        if not self._restraint.counts_over(_who(inbound)):
            return False
        return self._urgency is None or not self._urgency.passes(_who(inbound), inbound.text)


def _who(inbound: Inbound) -> str:
    return f"{inbound.channel} {inbound.sender} {inbound.chat}"
