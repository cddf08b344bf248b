"""What stands around every route: whose request it is, and short answers to errors."""

import logging
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from aiohttp.web_protocol import RequestPayloadError

from bot.channels.web.errors import Refusal, answer
from bot.web.headers import close
from bot.web.origin import check_sender, check_target
from storage.errors import StorageFull

log = logging.getLogger("lianxin.web")


Explain = Callable[[web.Request, Refusal], web.Response | None]
"""Words a refusal as the page that is asked for would; None where it is no page."""


def kind_errors(explain: Explain, *, hosts: frozenset[str] = frozenset()) -> Middleware:
    """Looks at whose request it is, and turns whatever goes wrong into a short answer.

    `hosts` are the names this server is known by (see origin.check_target).
    """

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            check_target(request, hosts)
            check_sender(request)
            return await handler(request)
        except (web.HTTPMove, ConnectionError):
            raise
        except Exception as error:
            refusal = refusal_for(error, request)
        response = explain(request, refusal) or answer(refusal)
        if refusal.code == "wrong_method":
            response.headers["Allow"] = ",".join(sorted(_allowed(request)))
        return response

    return guard


def refusal_for(error: Exception, request: web.Request) -> Refusal:
    """What is said about an error; what is nobody's fault but ours is logged by its kind and route."""
    match error:
        case Refusal():
            return error
        case web.HTTPNotFound():
            return Refusal("not_found")
        case web.HTTPMethodNotAllowed():
            return Refusal("wrong_method")
        case web.HTTPRequestEntityTooLarge():
            return Refusal("too_large")
        case web.HTTPClientError() | RequestPayloadError():
            return Refusal("malformed")
        case StorageFull():
            log.error("%s %s: storage takes nothing", request.method, _template(request))
            return Refusal("full", retry_after=20)
    # The message and traceback of an error may quote what a person wrote: its type must do.
    log.error("%s %s failed: %s", request.method, _template(request), type(error).__name__)
    return Refusal("internal")


def bare_answer(status: int) -> web.Response:
    """The answer to what is no HTTP at all."""
    response = answer(Refusal("malformed" if status < 500 else "internal"))
    close(response)
    return response


class TypesOnly(logging.Filter):
    """Takes addresses, messages and tracebacks out of what the HTTP protocol logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[0] if record.exc_info else None
        record.msg, record.args = f"http: {error.__name__ if error else 'a connection ended badly'}", ()
        record.exc_info = record.exc_text = record.stack_info = None
        return True


def protocol_log() -> logging.Logger:
    """The logger for aiohttp's own protocol, which would otherwise name the peer's address."""
    logger = logging.getLogger("lianxin.web.protocol")
    if not any(isinstance(known, TypesOnly) for known in logger.filters):
        logger.addFilter(TypesOnly())
    return logger


def _template(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "?"


def _allowed(request: web.Request) -> set[str]:
    found = request.match_info.http_exception
    return found.allowed_methods if isinstance(found, web.HTTPMethodNotAllowed) else set()
