"""The server as tests hold it: started, steered and looked into."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.telegram.server import hooks
from tests.telegram.server.cast import Group, User
from tests.telegram.server.errors import ApiError
from tests.telegram.server.faults import Faults, Gate
from tests.telegram.server.front import Front
from tests.telegram.server.limits import Clock, RateLimits
from tests.telegram.server.records import Message
from tests.telegram.server.world import World

T = TypeVar("T")


class BotApiServer:
    """`async with BotApiServer() as server:` listens on a free port of the loopback.

    The bot is pointed at `server.base` with `server.token`. With `limits` the rate limits are enforced, by
    the seconds that `clock` tells.
    """

    def __init__(
        self,
        *,
        token: str = "7000001:TEST-token-of-our-own-server_0000000",
        username: str = "lianxin_test_bot",
        limits: bool = False,
        burst: int = 1,
        clock: Clock = time.monotonic,
        webhook_retry_delay: float = 0.05,
    ) -> None:
        self.token = token
        self.username = username
        self.world = World(username)
        self.limits = RateLimits(clock, burst=burst) if limits else None
        self.faults = Faults(self.world.bell)
        self.base = ""
        self._hooks = hooks.Hooks(self.world, webhook_retry_delay)
        self._front = Front(self.world, token, self.faults, self.limits, self._hooks)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self._front.application(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.world.updates.closed = True
        self.faults.open_all()
        await self._hooks.delete({})
        self.world.bell.ring()
        if self._runner:
            await self._runner.cleanup()

    def user(
        self, name: str = "张阿姨", *, language: str | None = "zh-hans", user_id: int | None = None
    ) -> User:
        """A new person who has not written to the bot yet."""
        return User(self.world, name, language, user_id)

    def group(self, title: str = "纪检办工作群") -> Group:
        """A new group in which the bot is a member that reads everything."""
        return Group.create(self.world, title)

    def sent(self, chat: "User | Group | int") -> list[Message]:
        """What the bot said there, edits applied, in order."""
        chat_id = chat if isinstance(chat, int) else chat.chat_id
        return [message for message in self.world.chats[chat_id].messages if not message.deleted]

    @property
    def unconfirmed(self) -> list[int]:
        """The ids of the updates that the bot has not confirmed."""
        return list(self.world.updates.pending)

    @property
    def webhook_info(self) -> dict[str, Any]:
        """What getWebhookInfo says."""
        return self._hooks.info()

    def called(self, method: str) -> list[dict[str, Any]]:
        """The parameters of each call of the method so far."""
        return [call.params for call in self._front.calls if call.method == method]

    async def wait_for(self, look: Callable[[], T], seconds: float = 5) -> T:
        """What `look` returns as soon as it is true; it is asked again after every change."""
        return await self.world.bell.wait_for(look, seconds)

    async def all_confirmed(self, seconds: float = 5) -> None:
        """Returns when the bot has confirmed every update."""
        await self.wait_for(lambda: not self.unconfirmed, seconds)

    def fail(self, method: str, status: int = 500, *, times: int = 1, **parameters: Any) -> None:
        """The next calls of the method ("file": downloads) get this status, such as 429, retry_after=3."""
        self.faults.fail(method, ApiError(status, f"Injected {status}", **parameters), times)

    def drop(self, method: str, *, times: int = 1, after: bool = False) -> None:
        """The connection of the next calls is cut, before or `after` they had their effect."""
        self.faults.drop(method, times, after=after)

    def hold(self, method: str) -> Gate:
        """The calls of the method wait until the gate is released."""
        return self.faults.hold(method)
