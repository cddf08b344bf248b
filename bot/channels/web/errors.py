"""What the web channel answers when it cannot do what was asked: a code, a status, kind words."""

import tomllib
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
    "not_found": 404,
    "wrong_method": 405,
    "too_slow": 408,
    "too_large": 413,
    "text_too_long": 413,
    "too_many_files": 413,
    "wrong_type": 415,
    "too_fast": 429,
    "crowded": 429,
    "too_many_pages": 429,
    "internal": 500,
    "closing": 503,
    "full": 503,
}
"""HTTP status for every code; the words for each stand in errors.<language>.toml."""


class Refusal(Exception):
    """The request was not carried out; `code` is a key of STATUS, `retry_after` is in seconds."""

    def __init__(self, code: str, *, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


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
    body = {"error": {"code": refusal.code, "message": wording()[refusal.code]}}
    return web.json_response(body, status=STATUS[refusal.code], headers=headers)
