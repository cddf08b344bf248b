"""Whether the service is well, and its figures, for those who run it."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from bot.web.origin import from_loopback, host_of, is_bare, is_forwarded

Health = Callable[[], Awaitable[Sequence[str]]]
"""Says what is wrong, one short line each; nothing means all is well."""

Metrics = Callable[[], bytes]
"""The figures in Prometheus' text format."""

_PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8"


def status_routes(*, health: Health, metrics: Metrics, metrics_public: bool) -> list[web.RouteDef]:
    """`GET /healthz` for everybody; `GET /metrics` for this machine, unless made public."""

    async def healthz(_request: web.Request) -> web.Response:
        problems = list(await health())
        if problems:
            return web.json_response({"status": "unwell", "problems": problems}, status=503)
        return web.json_response({"status": "ok"})

    async def figures(request: web.Request) -> web.Response:
        if not (metrics_public or _from_this_machine(request)):
            raise web.HTTPNotFound
        return web.Response(body=metrics(), headers={"Content-Type": _PROMETHEUS_TEXT})

    return [web.get("/healthz", healthz), web.get("/metrics", figures)]


def _from_this_machine(request: web.Request) -> bool:
    """A proxy on this machine also connects from loopback, so what it forwards does not count.

    Nor does a name: a page that rebinds its own to this machine asks with that name in the Host header.
    """
    host = host_of(request)
    if is_forwarded(request.headers) or host is None or not is_bare(host):
        return False
    return from_loopback(request)
