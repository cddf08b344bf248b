"""The way to one channel: its pace, and how many letters may be under way."""

import asyncio
from dataclasses import dataclass, field

from bot.channels.base import Channel, Outgoing
from bot.pacing import Pacer
from storage.errors import DeliveryError

_IN_HAND = 3
"""Letters in hand for each that may be under way."""


@dataclass(slots=True)
class Route:
    """A channel with its pace; `lines` are as many as may be under way, `in_hand` letters wait for one."""

    channel: Channel
    pacer: Pacer = field(init=False)
    lines: asyncio.Semaphore = field(init=False)
    in_hand: int = 0

    def __post_init__(self) -> None:
        self.pacer = Pacer(self.channel.limits)
        self.lines = asyncio.Semaphore(self.channel.limits.at_once)

    def room(self, moment: float) -> int:
        """How many letters to claim: where a channel is slow they wait in the outbox, not here."""
        spare = _IN_HAND * self.channel.limits.at_once - self.in_hand
        return max(0, min(self.pacer.to_claim(moment), spare))

    async def send(self, outgoing: Outgoing, slot: float) -> str | None:
        """Sends at the moment that is laid out for it, or as soon after it as the pace allows."""
        loop = asyncio.get_running_loop()
        self.in_hand += 1
        try:
            await asyncio.sleep(max(0.0, slot - loop.time()))
            async with self.lines:
                wait = self.pacer.leaves(loop.time())
                while wait > 0:
                    await asyncio.sleep(wait)
                    wait = self.pacer.leaves(loop.time())
                return await self.channel.send(outgoing)
        finally:
            self.in_hand -= 1

    def hold(self, chat: str, error: DeliveryError, now: float) -> None:
        """The messenger said to wait: with this chat, or with everything."""
        if error.retry_after is not None and error.whole:
            self.pacer.rest(now + error.retry_after)
        elif error.retry_after is not None:
            self.pacer.hold(chat, now + error.retry_after)
