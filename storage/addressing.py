"""Tells whom a text speaks to from whom it speaks about."""

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

MARK = "\ue000"
"""Stands for each name found in a text, so that the patterns need not know the names."""

_STOP = "。!?;\n"
_REACH = 30
"""How many characters of the same sentence after a request may turn it into a complaint."""
_MOST_JOINED = 9
"""How many more names in a row are spoken to together; a longer row counts as spoken about."""


@lru_cache(maxsize=1)
def word_lists() -> dict[str, Any]:
    """The tables of storage/data/naming.toml."""
    return tomllib.loads(files("storage").joinpath("data/naming.toml").read_text("utf-8"))


def any_of(words: list[str]) -> str:
    """A pattern for one of these pieces."""
    return f"(?:{'|'.join(words)})"


def addressed(text: str) -> frozenset[int]:
    """The positions of those MARKs in `text` that are spoken to: asked, greeted, told, looked for.

    `text` is in list form. What could be either is not in the result: it counts as spoken about.
    """
    found: set[int] = set()
    for pattern in _patterns():
        for match in pattern.finditer(text):
            if not _complains(text, match.end()):
                start, end = match.span("who")
                found.update(place for place in range(start, end) if text[place] == MARK)
    return frozenset(found)


def _complains(text: str, end: int) -> bool:
    rest = re.split(f"[{_STOP}]", text[end : end + _REACH], maxsplit=1)[0]
    return _neglect().search(rest) is not None


@lru_cache(maxsize=1)
def _neglect() -> re.Pattern[str]:
    return re.compile(any_of(word_lists()["address"]["neglect"]))


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    one = {key: any_of(words) for key, words in word_lists()["address"].items() if isinstance(words, list)}
    title = any_of(word_lists()["person"]["titles"])
    joined = "(?:[、,/]|和|与|及|以及|跟|或者?|还有|的)?"
    # Without a limit a text of nothing but names takes time by the square of its length.
    who = rf"(?P<who>{MARK}(?:{joined}{MARK}){{0,{_MOST_JOINED}}})(?:{title}|{one['tail']}){{0,5}}"
    about = rf"(?:(?:对|就|把|将|针对|关于)(?:(?!被|受到)[^,{_STOP}]){{1,20}}?)?"
    act = rf"{one['soft']}{{0,6}}{about}{one['soft']}{{0,4}}{one['handle']}"
    ends = rf"(?=[,、{_STOP}]|吧|了?$)"
    forms = (
        rf"{one['ask']}{one['filler']}{{0,4}}{who}{act}",
        rf"{who}{one['could']}{act}",
        rf"{who}{one['briefly']}",
        rf"{one['towards']}{one['filler']}{{0,3}}{who}{one['how']}{{0,4}}{one['tell']}",
        rf"{one['tell_to']}(?:到|给|至){one['filler']}{{0,3}}{who}",
        rf"{one['seek']}{one['filler']}{{0,3}}{who}{ends}",
        rf"{one['pass_on']}{who}{one['soft']}{{0,3}}{one['pass_on_for']}",
        rf"{one['greet_before']}{one['filler']}{{0,3}}{who}",
        rf"{who},?{one['greet_after']}",
        rf"\A\s*{who}:\s*{one['begin']}",
        rf"{who}{one['reach']}{{0,3}}{one['where']}",
    )
    return tuple(re.compile(form) for form in forms)
