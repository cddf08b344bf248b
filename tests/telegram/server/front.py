"""HTTP in front of the world: tokens, shapes, faults, and answers in the Bot API's envelope."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.telegram.server import hooks, methods
from tests.telegram.server.errors import ApiError
from tests.telegram.server.faults import Dropped, Faults
from tests.telegram.server.limits import RateLimits
from tests.telegram.server.params import check_shape, read_params
from tests.telegram.server.world import World

_GET_UPDATES = {"offset": "int", "limit": "int", "timeout": "int", "allowed_updates": "json"}
_TAKES = {"getMe": {}, "getUpdates": _GET_UPDATES, **methods.TAKES, **hooks.TAKES}
_BODY_BYTES = 80 * 1000 * 1000


@dataclass(frozen=True, slots=True)
class Call:
    """A call the bot made."""

    method: str
    params: dict[str, Any]


class Front:
    """The handlers of the two addresses of the Bot API: methods and file downloads."""

    def __init__(
        self, world: World, token: str, faults: Faults, limits: RateLimits | None, own_hooks: hooks.Hooks
    ) -> None:
        self.world = world
        self.token = token
        self.faults = faults
        self.calls: list[Call] = []
        self._methods = methods.Methods(world, limits)
        self._hooks = own_hooks

    def application(self) -> web.Application:
        """The web application."""
        app = web.Application(client_max_size=_BODY_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/documents/{file_id}", self._download)
        return app

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            result = await self._call(request)
        except ApiError as error:
            return _refusal(error)
        except web.HTTPRequestEntityTooLarge:
            return _refusal(ApiError(413, "Request Entity Too Large"))
        except Dropped:
            return _cut(request)
        return web.json_response({"ok": True, "result": result})

    async def _call(self, request: web.Request) -> Any:
        self._check_token(request)
        method = request.match_info["method"]
        if method not in _TAKES:
            raise ApiError(404, "Not Found")
        params = check_shape(await read_params(request), _TAKES[method])
        self.calls.append(Call(method, params))
        self.world.bell.ring()
        await self.faults.before(method)
        result = await self._carry_out(method, params)
        self.faults.after(method)
        return result

    async def _carry_out(self, method: str, params: dict[str, Any]) -> Any:
        match method:
            case "getMe":
                return {**self.world.bot, "can_join_groups": True, "can_read_all_group_messages": True}
            case "getUpdates":
                self.world.updates.allow(params.get("allowed_updates"))
                limit = min(max(params.get("limit", 100), 1), 100)
                return await self.world.updates.poll(params.get("offset", 0), limit, params.get("timeout", 0))
            case "setWebhook":
                return await self._hooks.set(params)
            case "deleteWebhook":
                return await self._hooks.delete(params)
            case "getWebhookInfo":
                return self._hooks.info()
            case _:
                return self._methods.call(method, params)

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request)
            await self.faults.before("file")
            file = self.world.files.get(request.match_info["file_id"])
            if file is None:
                raise ApiError(404, "Not Found")
        except ApiError as error:
            return _refusal(error)
        except Dropped:
            return _cut(request)
        return web.Response(body=file.content)

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if token != self.token:
            known_shape = token.split(":")[0].isdecimal() and ":" in token
            raise ApiError(401, "Unauthorized") if known_shape else ApiError(404, "Not Found")


def _refusal(error: ApiError) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": error.status, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return web.json_response(body, status=error.status)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
