"""Brings updates to a webhook: in order within a chat, again until the answer is 2xx."""

import asyncio
import re
import time
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp

from tests.telegram.server.errors import bad_request
from tests.telegram.server.world import World

TAKES: dict[str, dict[str, str]] = {
    "setWebhook": {
        "url": "text!",
        "secret_token": "text",
        "allowed_updates": "json",
        "max_connections": "int",
        "drop_pending_updates": "bool",
    },
    "deleteWebhook": {"drop_pending_updates": "bool"},
    "getWebhookInfo": {},
}


@dataclass(slots=True)
class Hook:
    """Where to, and what became of it."""

    url: str
    secret: str | None
    max_connections: int = 40
    last_error: str | None = None


class Hooks:
    """The webhook of the bot. `retry_delay` is in seconds; Telegram's own starts at one."""

    def __init__(self, world: World, retry_delay: float) -> None:
        self._world = world
        self._retry_delay = retry_delay
        self._hook: Hook | None = None
        self._runner: asyncio.Task[None] | None = None

    def info(self) -> dict[str, Any]:
        """getWebhookInfo."""
        hook = self._hook
        info: dict[str, Any] = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._world.updates.pending),
        }
        if hook and hook.last_error:
            info |= {"last_error_date": int(time.time()), "last_error_message": hook.last_error}
        return info

    async def set(self, params: dict[str, Any]) -> bool:
        """setWebhook; an empty address removes it."""
        secret = params.get("secret_token")
        if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise bad_request("secret token contains unallowed characters")
        await self.delete(params)
        if params["url"]:
            self._world.updates.allow(params.get("allowed_updates"))
            self._world.updates.webhook_is_set = True
            self._hook = Hook(params["url"], secret, params.get("max_connections", 40))
            self._runner = asyncio.create_task(self._run(self._hook))
            self._world.bell.ring()
        return True

    async def delete(self, params: dict[str, Any]) -> bool:
        """deleteWebhook."""
        if params.get("drop_pending_updates"):
            self._world.updates.pending.clear()
        self._hook = None
        self._world.updates.webhook_is_set = False
        if self._runner:
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)
            self._runner = None
        self._world.bell.ring()
        return True

    async def _run(self, hook: Hook) -> None:
        in_hand: dict[object, asyncio.Task[None]] = {}
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
            while True:
                await self._world.bell.wait_for(lambda: self._ready(in_hand, hook), seconds=3600)
                for queue, update in self._ready(in_hand, hook).items():
                    task = group.create_task(self._bring(session, hook, queue, update))
                    in_hand[queue] = task
                    task.add_done_callback(partial(self._finish, in_hand, queue))

    def _finish(self, in_hand: dict[object, Any], queue: object, _: asyncio.Task[None]) -> None:
        del in_hand[queue]
        self._world.bell.ring()

    def _ready(self, in_hand: dict[object, Any], hook: Hook) -> dict[object, dict[str, Any]]:
        heads: dict[object, dict[str, Any]] = {}
        for update in self._world.updates.pending.values():
            heads.setdefault(_queue(update), update)
        ready = {queue: update for queue, update in heads.items() if queue not in in_hand}
        room = max(0, hook.max_connections - len(in_hand))
        return dict(list(ready.items())[:room])

    async def _bring(
        self, session: aiohttp.ClientSession, hook: Hook, queue: object, update: dict[str, Any]
    ) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            async with session.post(hook.url, json=update, headers=headers) as answer:
                if 200 <= answer.status <= 299:
                    self._world.updates.confirm(update["update_id"])
                    return
                hook.last_error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError):
            hook.last_error = "Connection failed"
        self._world.bell.ring()
        await asyncio.sleep(self._retry_delay)


def _queue(update: dict[str, Any]) -> object:
    """What Telegram keeps in order: a chat's messages, a person's presses."""
    kind = next(key for key in update if key != "update_id")
    if kind == "callback_query":
        return kind, update[kind]["from"]["id"]
    return "chat", update[kind]["chat"]["id"]
