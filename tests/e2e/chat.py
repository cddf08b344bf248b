"""The other side of the web chat's contract: a client that repeats a message until it is answered."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import aiohttp

_PAUSE = 0.05
_PAGE = 100


@dataclass
class Answered:
    """Status and body of one attempt."""

    status: int
    body: dict[str, Any]

    @property
    def texts(self) -> list[str]:
        """The words of the replies."""
        return [reply["text"] for reply in self.body["replies"]]


@dataclass
class Chat:
    """One browser's session; `answers` holds the replies to its messages by their id."""

    client: aiohttp.ClientSession
    url: str
    session: str
    answers: dict[int, str] = field(default_factory=dict)
    attempts: int = 0

    @classmethod
    async def open(cls, client: aiohttp.ClientSession, url: str) -> "Chat":
        """A new session."""
        async with client.post(f"{url}/api/chat/sessions") as response:
            assert response.status == 201, await response.text()
            return cls(client, url, str((await response.json())["session"]))

    async def try_to_say(self, message_id: str, text: str) -> Answered:
        """One attempt; raises aiohttp.ClientError where nobody answers."""
        self.attempts += 1
        url, body = f"{self.url}/api/chat/messages", {"id": message_id, "text": text}
        async with self.client.post(url, json=body, headers=self._headers) as response:
            return Answered(response.status, await response.json())

    async def say(self, message_id: str, text: str, *, up: asyncio.Event | None = None) -> list[str]:
        """Sends the same message until it is answered with 200; waits for `up` before each attempt."""
        while True:
            if up is not None:
                await up.wait()
            try:
                answered = await self.try_to_say(message_id, text)
            except (aiohttp.ClientError, ConnectionError):
                await asyncio.sleep(_PAUSE)  # as long as a page waits at least
                continue
            if answered.status == 200:
                break
            await asyncio.sleep(_PAUSE)
        self.answers |= {int(reply["id"]): reply["text"] for reply in answered.body["replies"]}
        return answered.texts

    async def read(self) -> dict[int, str]:
        """All that was ever shown here, by id; an id that comes twice fails."""
        shown: dict[int, str] = {}
        while True:
            after = max(shown, default=0)
            url = f"{self.url}/api/chat/messages?after={after}"
            async with self.client.get(url, headers=self._headers) as response:
                assert response.status == 200, await response.text()
                page = (await response.json())["messages"]
            ids = [int(message["id"]) for message in page]
            assert len(set(ids)) == len(ids)
            assert not shown.keys() & set(ids)
            shown |= {int(message["id"]): message["text"] for message in page}
            if len(page) < _PAGE:
                return shown

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.session}"}
