"""Puts the routes of the page, the web channel and the others into one HTTP application."""

from collections.abc import Iterable

from aiohttp import web

from bot.channels.web.api import routes
from bot.channels.web.channel import WebChannel
from bot.web.guards import add_headers, kind_errors, protocol_log
from bot.web.pages import page_routes
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
) -> web.Application:
    """The application with the page, the API, `/healthz`, `/metrics` and `extra_routes` (webhooks)."""
    app = web.Application(middlewares=[kind_errors])
    app.on_response_prepare.append(add_headers)
    app.add_routes(
        page_routes(hospital_name=hospital_name, max_upload_bytes=channel.max_upload_bytes, language=language)
    )
    app.add_routes(routes(channel))
    app.add_routes(status_routes(health=health, metrics=metrics, metrics_public=metrics_public))
    app.add_routes(extra_routes)
    return app


def make_runner(app: web.Application) -> web.AppRunner:
    """A runner that logs no requests and no addresses, and lets slow or idle connections go.

    Request bodies are not decompressed: a small upload could otherwise unfold without end.
    """
    return web.AppRunner(
        app,
        access_log=None,
        logger=protocol_log(),
        keepalive_timeout=IDLE_SECONDS,
        lingering_time=LINGER_SECONDS,
        auto_decompress=False,
        handler_cancellation=False,
        shutdown_timeout=10.0,
    )
