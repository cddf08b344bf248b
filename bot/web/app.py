"""Puts the routes of the page, the web channel and the others into one HTTP application."""

from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.web.api import routes
from bot.channels.web.channel import WebChannel
from bot.web.connections import mark_requests
from bot.web.door import Door, room
from bot.web.guards import bare_answer, kind_errors, protocol_log
from bot.web.headers import add_headers
from bot.web.pages import page_routes
from bot.web.plain.desk import PlainDesk
from bot.web.plain.pages import Pages
from bot.web.runner import GuardedRunner
from bot.web.status import Health, Metrics, status_routes

IDLE_SECONDS = 75.0
"""A connection that sends no complete request head for this long is closed."""

LINGER_SECONDS = 30.0
"""How long the rest of a refused upload is read, so that the sender sees the answer."""


def make_app(
    channel: WebChannel,
    *,
    hospital_name: str,
    health: Health,
    metrics: Metrics,
    metrics_public: bool = False,
    extra_routes: Iterable[web.AbstractRouteDef] = (),
    language: str = "zh",
    exit_url: str = "",
    public_url: str | None = None,
    more_hosts: Iterable[str] = (),
    calls: Collection[str] = (),
) -> web.Application:
    """The application with the pages, the API, `/healthz`, `/metrics` and `extra_routes` (webhooks).

    `exit_url` is where people are after leaving quickly (a page about washing hands, if empty).
    `public_url` is where people find the page; if given, only its host and `more_hosts` are answered.
    `calls` are numbers that can be pressed to call them.
    """
    address = urlsplit(public_url) if public_url else None
    hosts = frozenset(filter(None, [address.hostname, *more_hosts])) if address else frozenset[str]()
    leave_to, most = exit_url or "/tips", channel.max_upload_bytes
    pages = Pages(hospital_name=hospital_name, most_bytes=most, language=language, calls=calls)
    scheme = address.scheme if address else None
    desk = PlainDesk(channel, pages, exit_address=leave_to, public_scheme=scheme)
    app = web.Application(middlewares=[mark_requests, kind_errors(desk.explain, hosts=hosts)])
    # Streams stay open: half of the places at the port is for those who write.
    channel.streams.overall = min(channel.streams.overall, room() // 2)
    app.on_response_prepare.append(add_headers)
    app.add_routes(
        page_routes(
            hospital_name=hospital_name,
            max_upload_bytes=most,
            leave_to=leave_to,
            language=language,
            calls=calls,
        )
    )
    app.add_routes(desk.routes())
    app.add_routes(routes(channel))
    app.add_routes(status_routes(health=health, metrics=metrics, metrics_public=metrics_public))
    app.add_routes(extra_routes)
    return app


def make_runner(app: web.Application, door: Door | None = None) -> web.AppRunner:
    """A runner that logs no requests and no addresses, and lets slow or idle connections go.

    Request bodies are not decompressed: a small upload could otherwise unfold without end.
    """
    return GuardedRunner(
        app,
        door or Door(bare_answer),
        access_log=None,
        logger=protocol_log(),
        keepalive_timeout=IDLE_SECONDS,
        lingering_time=LINGER_SECONDS,
        auto_decompress=False,
        shutdown_timeout=10.0,
    )
