"""Somebody in the web chat, by the HTTP contract alone: says, presses, looks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp

Shown = dict[str, Any]


@dataclass
class WebPerson:
    """`screen` is everything shown so far, oldest first, edits applied."""

    client: aiohttp.ClientSession
    url: str
    session: str
    screen: dict[str, Shown] = field(default_factory=dict)
    newest: int = 0
    _sent: int = 0

    @classmethod
    @asynccontextmanager
    async def visiting(cls, url: str) -> AsyncIterator[Self]:
        """A new session, for as long as the context lasts."""
        async with aiohttp.ClientSession() as client:
            response = await client.post(f"{url}/api/chat/sessions")
            assert response.status == 201
            yield cls(client, url, str((await response.json())["session"]))

    @property
    def text(self) -> str:
        """All words on the screen."""
        return "\n".join(shown["text"] for shown in self.screen.values())

    async def says(self, text: str) -> str:
        """Types a message; the words of the answer."""
        return await self._send(text=text)

    async def presses(self, label: str) -> str:
        """Presses the newest button whose label begins so; the words of the answer."""
        for key, shown in reversed(self.screen.items()):
            for choice in shown["choices"]:
                if choice["label"].startswith(label):
                    return await self._send(choice=choice["value"], pressed=key)
        raise AssertionError(f"no button {label!r}")

    async def sees(self, words: str) -> Shown:
        """Waits, on the stream of what is pushed, until a message says `words`."""
        headers = self._headers | {"Accept": "text/event-stream"}
        url = f"{self.url}/api/chat/messages?after=0"
        async with self.client.get(url, headers=headers, timeout=aiohttp.ClientTimeout(5)) as stream:
            async for line in stream.content:
                await self.looks()
                if found := [shown for shown in self.screen.values() if words in shown["text"]]:
                    return found[-1]
                assert line is not None
        raise AssertionError(f"{words!r} did not come")

    async def looks(self) -> None:
        """Reads what came meanwhile."""
        url = f"{self.url}/api/chat/messages?after={self.newest}"
        async with self.client.get(url, headers=self._headers) as response:
            assert response.status == 200
            self._show((await response.json())["messages"])

    async def _send(self, **body: Any) -> str:
        self._sent += 1
        message = {"id": f"m{self._sent}", **body}
        url = f"{self.url}/api/chat/messages"
        async with self.client.post(url, json=message, headers=self._headers) as response:
            assert response.status == 200, await response.text()
            replies = (await response.json())["replies"]
        self._show(replies)
        return "\n".join(reply["text"] for reply in replies)

    def _show(self, messages: list[Shown]) -> None:
        for shown in messages:
            self.newest = max(self.newest, int(shown["id"]))
            place = shown.get("replaces") or shown["id"]
            self.screen.pop(str(place), None)
            self.screen[str(place)] = shown

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.session}"}
