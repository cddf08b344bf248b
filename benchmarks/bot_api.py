"""The test Bot API server in a process of its own, with Telegram's limits on: tells when messages came."""

import asyncio
import json
import sys
import time

from tests.telegram.server import BotApiServer

FIRST_CHAT = 9_000_000
"""The chats are numbered from here."""


async def _serve(chats: int) -> None:
    came: list[float] = []

    def clock() -> float:
        came.append(time.monotonic())
        return came[-1]

    async with BotApiServer(limits=True, clock=clock) as server:
        for number in range(chats):
            server.user(user_id=FIRST_CHAT + number).chat.closed = None
        print(json.dumps({"base": server.base, "token": server.token}), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        refused = server.limits.refused if server.limits else 0
        print(json.dumps({"came": came, "refused": refused}), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
