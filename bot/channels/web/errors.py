"""What the web channel answers when it cannot do what was asked: a code, a status, kind words."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from aiohttp import web

STATUS = {
    "malformed": 400,
    "bad_id": 400,
    "no_content": 400,
    "two_contents": 400,
    "bad_text": 400,
    "bad_choice": 400,
    "bad_after": 400,
    "bad_session": 401,
    "other_site": 403,
    "not_found": 404,
    "wrong_method": 405,
    "too_slow": 408,
    "stale_form": 409,
    "too_large": 413,
    "text_too_long": 413,
    "too_many_files": 413,
    "wrong_type": 415,
    "wrong_host": 421,
    "too_fast": 429,
    "work": 429,
    "crowded": 429,
    "too_many_pages": 429,
    "internal": 500,
    "closing": 503,
    "full": 503,
}
"""HTTP status for every code; the words for each stand in errors.<language>.toml."""


class Refusal(Exception):
    """The request was not carried out; `code` is a key of STATUS, `retry_after` is in seconds.

    `work` is what the page is to compute before it tries again: a challenge and its bits (bot/gate.py).
    """

    def __init__(
        self, code: str, *, retry_after: int | None = None, work: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        self.work = work


@cache
def wording(language: str = "zh") -> dict[str, str]:
    """The words for each code in this language."""
    text = resources.files(__package__).joinpath(f"errors.{language}.toml").read_text("utf-8")
    return dict(tomllib.loads(text))


def answer(refusal: Refusal) -> web.Response:
    """The refusal as `{"error": {"code", "message"}}` with its status."""
    headers = {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(max(1, refusal.retry_after))
    if refusal.code == "bad_session":
        headers["WWW-Authenticate"] = "Bearer"
    body: dict[str, object] = {"error": {"code": refusal.code, "message": wording()[refusal.code]}}
    if refusal.work is not None:
        body["work"] = refusal.work
    return web.json_response(body, status=STATUS[refusal.code], headers=headers)
