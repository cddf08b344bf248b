"""Whether the service is well, and its figures, for those who run it."""

import ipaddress
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

Health = Callable[[], Awaitable[Sequence[str]]]
"""Says what is wrong, one short line each; nothing means all is well."""

Metrics = Callable[[], bytes]
"""The figures in Prometheus' text format."""

_PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8"
_PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


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
    """A proxy on this machine also connects from loopback, so what it forwards does not count."""
    if any(name in request.headers for name in _PROXY_HEADERS):
        return False
    peer = request.transport.get_extra_info("peername") if request.transport is not None else None
    if not isinstance(peer, tuple):
        return False
    address = ipaddress.ip_address(str(peer[0]).partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
