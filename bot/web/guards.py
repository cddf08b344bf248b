"""What stands around every route: short answers to errors, and headers that keep a page closed."""

import logging

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.channels.web.errors import Refusal, answer
from storage.errors import StorageFull

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob: data:; media-src blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

log = logging.getLogger("lianxin.web")


@web.middleware
async def kind_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns whatever went wrong into a short answer; logs the kind of error and the route's template."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return answer(refusal)
    except web.HTTPNotFound:
        return answer(Refusal("not_found"))
    except web.HTTPMethodNotAllowed as wrong:
        response = answer(Refusal("wrong_method"))
        response.headers["Allow"] = wrong.headers.get("Allow", "")
        return response
    except web.HTTPRequestEntityTooLarge:
        return answer(Refusal("too_large"))
    except (web.HTTPException, ConnectionError):
        raise
    except StorageFull:
        log.error("%s %s: storage takes nothing", request.method, _template(request))
        return answer(Refusal("full", retry_after=20))
    except Exception as error:
        # The message and traceback of an error may quote what a person wrote: its type must do.
        log.error("%s %s failed: %s", request.method, _template(request), type(error).__name__)
        return answer(Refusal("internal"))


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Adds the headers of a closed page wherever a route did not set its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "lianxin"


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
