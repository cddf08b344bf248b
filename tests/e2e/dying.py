"""A bot that dies again and again while it tells many people on Telegram the same thing."""

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path

from tests.e2e.evidence import letters
from tests.e2e.processes import serving
from tests.e2e.test_kill import ALL_ANSWERED_SECONDS, kill_with_answers_at_the_door
from tests.telegram.server import BotApiServer, User

_MOMENTS = (0.0, 0.3, 1.0, 2.5)
"""Seconds after the start at which it is killed, at the soonest."""


async def told_through_deaths(
    data: Path, server: BotApiServer, people: Sequence[User], chance: random.Random
) -> tuple[list[list[str]], int]:
    """Starts and kills it until everybody was told: the texts of each, and how many were in flight at deaths.

    They all wrote to the bot some time ago. The last death comes with answers of the server at the door.
    """
    for person in people:
        person.chat.closed = None
    environment, in_flight = {"TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_BASE": server.base}, 0
    for moment in _MOMENTS:
        async with serving(data, environment=environment) as bot:
            await asyncio.sleep(moment + chance.uniform(0, 0.3))  # nothing waits for it
            await bot.kill()
        in_flight += letters(data).get("claimed", 0)
    async with serving(data, environment=environment) as bot:
        await kill_with_answers_at_the_door(bot, server)
    in_flight += letters(data).get("claimed", 0)
    assert any(not server.sent(person) for person in people), "all was over before the last death"
    async with serving(data, environment=environment) as bot:
        await server.wait_for(lambda: all(map(server.sent, people)), ALL_ANSWERED_SECONDS)
        assert await bot.stop() == 0
    assert set(letters(data)) == {"sent"}
    return [[message.text for message in server.sent(person)] for person in people], in_flight
