"""Whether a visit may go on at once, or waits a little because many come, or guess, at a time."""

from dataclasses import dataclass

from bot.channels.web.body import Message
from bot.channels.web.channel import WebChannel
from bot.gate import MESSAGE, SESSION, Later, NoTicket
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


async def guess(channel: WebChannel, visit: Visit, message: Message) -> Wait | None:
    """None where a message is taken at once; when very many come, or codes are guessed, it waits."""
    level = await channel.entrance.level(message.choice or message.text)
    wait = _ticket(channel, message, MESSAGE, level) if level else None
    return None if wait and channel.entrance.cries(visit.sender, message.text) else wait


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
