"""Whether a visit may go on at once, or waits a little because many come, or guess, at a time."""

from dataclasses import dataclass

from bot.channels.web.body import Message
from bot.channels.web.channel import WebChannel
from bot.gate import GUESS, SESSION, Later, NoTicket
from bot.guessing import is_guess
from bot.web.plain.visits import Visit

_STEP = 5


@dataclass(frozen=True, slots=True)
class Wait:
    """How many seconds to wait, and what to come back with."""

    seconds: int
    ticket: str

    @property
    def step(self) -> int:
        """The seconds, rounded up to what the style sheet has a clock for."""
        return min(60, -(-self.seconds // _STEP) * _STEP)


def enter(channel: WebChannel, visit: Visit, message: Message) -> Wait | None:
    """None where a new visit is let in; urgent words never wait."""
    wait = _ticket(channel, message, SESSION)
    if wait is not None and message.text and channel.entrance.signals.urgent(visit.sender, message.text):
        return None
    return wait


async def guess(channel: WebChannel, message: Message) -> Wait | None:
    """None where a message may be looked at; one with a code waits while codes are being guessed."""
    if not message.text or not is_guess(message.text):
        return None
    level = await channel.entrance.signals.guess_level()
    return _ticket(channel, message, GUESS, level) if level else None


def _ticket(channel: WebChannel, message: Message, purpose: str, level: int = 0) -> Wait | None:
    gate, now = channel.entrance.gate, channel.now()
    if token := message.slips.get("ticket"):
        try:
            gate.take_ticket(token, purpose=purpose, now=now)
        except Later as later:
            return Wait(later.seconds, token)
        except NoTicket:
            pass
        else:
            return None
    ticket = gate.plain_ticket(purpose=purpose, level=level, now=now)
    return None if ticket is None else Wait(ticket.wait, ticket.token)
