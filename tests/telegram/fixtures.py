"""Fixtures for whoever speaks with our Bot API server: a module takes them by `server = fixtures.server`."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.telegram.client import BareBot
from tests.telegram.rig import Application
from tests.telegram.server import BotApiServer


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    """A running Bot API server whose webhook retries hardly wait."""
    async with BotApiServer(webhook_retry_delay=0.01) as server:
        yield server


@pytest.fixture
def application(server: BotApiServer) -> Application:
    """An application that takes notes of what comes."""
    return Application(server)


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[BareBot]:
    """A bare bot of the server."""
    async with aiohttp.ClientSession() as session:
        yield BareBot(server, session)
