"""A bare bot: calls the server's methods and keeps the whole answer."""

from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.telegram.server import BotApiServer


@dataclass(frozen=True, slots=True)
class BareBot:
    """`await bot("sendMessage", chat_id=…, text=…)` returns the answer's JSON."""

    server: BotApiServer
    session: aiohttp.ClientSession

    async def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        url = f"{self.server.base}/bot{self.server.token}/{method}"
        async with self.session.post(url, json=params) as answer:
            body = await answer.json()
            assert body["ok"] == (answer.status == 200)
            assert isinstance(body, dict)
            return body

    async def refused(self, method: str, **params: Any) -> tuple[int, str]:
        """The error code and description of a call that has to fail."""
        body = await self(method, **params)
        assert not body["ok"], body
        return body["error_code"], body["description"]
