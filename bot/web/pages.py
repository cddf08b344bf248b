"""The chat page, once for everybody and once for discharged patients, and the files it needs, from memory."""

import hashlib
import html
import json
import re
import tomllib
from collections.abc import Collection
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from aiohttp import hdrs, web

MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}

SURVEY = "survey"
_REFRESH = '<noscript><meta http-equiv="refresh" content="0; url=/plain"></noscript>'
"""Not for discharged patients: they have to read first that their twelve digits are asked for there."""
_PLAIN_TICKET = "/plain#ticket-code"
"""The page without scripts, at the field for the twelve digits."""
_PLACE = re.compile(r"\{\{ (\w+) \}\}")


def page_routes(
    *,
    hospital_name: str,
    max_upload_bytes: int,
    leave_to: str = "/tips",
    language: str = "zh",
    calls: Collection[str] = (),
) -> list[web.RouteDef]:
    """Routes for the page at `/`, for discharged patients at `/f`, and for its files below `/static/`.

    Leaving quickly leads to `leave_to`. A line that is one of `calls` can be pressed to call that number.
    """
    pages = {
        path: render(
            hospital_name=hospital_name,
            max_upload_bytes=max_upload_bytes,
            leave_to=leave_to,
            language=language,
            calls=calls,
            purpose=purpose,
        )
        for path, purpose in (("/", ""), ("/f", SURVEY))
    }

    async def show_page(request: web.Request) -> web.Response:
        return web.Response(text=pages[request.path], content_type="text/html", charset="utf-8")

    async def no_icon(_request: web.Request) -> web.Response:
        return web.Response(status=204)

    files = [_file_route(entry) for entry in _static().iterdir() if _suffix(entry.name) in MEDIA_TYPES]
    shown = [web.get(path, show_page) for path in pages]
    return [*shown, web.get("/favicon.ico", no_icon), *files]


def render(
    *,
    hospital_name: str,
    max_upload_bytes: int,
    language: str,
    leave_to: str = "/tips",
    calls: Collection[str] = (),
    purpose: str = "",
) -> str:
    """index.html with the words of `pages/<language>.toml` in their places, escaped for HTML.

    `purpose` SURVEY makes it the page of discharged patients, which says some things otherwise. The words
    that scripts need stand in the page as a block of JSON, which browsers never run.
    """
    package = resources.files(__package__)
    words = tomllib.loads(package.joinpath("pages", f"{language}.toml").read_text("utf-8"))
    script = words["script"] | {
        "max_upload_bytes": max_upload_bytes,
        "leave_to": leave_to,
        "calls": sorted(calls),
        "purpose": purpose,
    }
    said = words["page"] | (words[purpose] if purpose else {})
    places = {name: html.escape(text) for name, text in said.items()}
    places["refresh"] = "" if purpose else _REFRESH
    places["plain"] = _PLAIN_TICKET if purpose else "/plain"
    places["hospital_name"] = html.escape(hospital_name)
    places["script_words"] = json.dumps(script, ensure_ascii=False).replace("<", "\\u003c")
    template = _static().joinpath("index.html").read_text("utf-8")
    return _PLACE.sub(lambda match: places[match[1]], template)


def _file_route(entry: Traversable) -> web.RouteDef:
    content = entry.read_bytes()
    etag = hashlib.sha256(content).hexdigest()[:20]

    async def hand_out(request: web.Request) -> web.Response:
        # "no-cache" lets the browser keep the file but ask each time: an update is seen at once.
        headers = {hdrs.ETAG: f'"{etag}"', hdrs.CACHE_CONTROL: "no-cache"}
        if any(known.value == etag for known in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        media_type = MEDIA_TYPES[_suffix(entry.name)]
        return web.Response(body=content, content_type=media_type, charset="utf-8", headers=headers)

    return web.get(f"/static/{entry.name}", hand_out)


def _static() -> Traversable:
    return resources.files(__package__).joinpath("static")


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix
