"""Makes the pages without scripts from their templates; every value is escaped."""

import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.web.headers import PLAIN_HEADERS

if TYPE_CHECKING:
    from jinja2 import Environment


class Pages:
    """The pages of one hospital; `most_bytes` is what one form with its files may hold.

    A line that is one of `calls` can be pressed to call that number.
    """

    def __init__(
        self, *, hospital_name: str, most_bytes: int, language: str = "zh", calls: Collection[str] = ()
    ) -> None:
        text = resources.files(__package__).joinpath(f"words.{language}.toml").read_text("utf-8")
        self.words: Mapping[str, Any] = tomllib.loads(text) | {"calls": frozenset(calls)}
        self.numbers = sorted(calls, key=lambda number: (len(number), number))
        size = f"{most_bytes // 2**20 - 1} MB"
        self._same = {"words": self.words, "hospital_name": hospital_name, "size": size}

    def show(self, template: str, status: int = 200, **values: Any) -> web.Response:
        """The page made from `templates/<template>.html`."""
        text = _environment().get_template(f"{template}.html").render(self._same | values)
        return web.Response(
            text=text, status=status, content_type="text/html", charset="utf-8", headers=PLAIN_HEADERS
        )


@cache
def _environment() -> "Environment":
    # Only here: a start need not wait for what nobody may ever look at.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader(__package__ or ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        auto_reload=False,
    )
