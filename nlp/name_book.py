"""Reads how people of the hospital are named (nlp/data/names.toml)."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class NameBook:
    """What is known of names: which characters are none, and the pattern of all that may be somebody.

    `not_after` and `only_after` tell by surname behind which characters it is none, or one at all.
    """

    surnames: frozenset[str]
    not_after: dict[str, str]
    only_after: dict[str, str]
    no_given: frozenset[str]
    no_names: tuple[str, ...]
    pattern: re.Pattern[str]


@lru_cache(maxsize=1)
def name_book() -> NameBook:
    """The book, read once per process."""
    data = tomllib.loads(files("nlp").joinpath("data", "names.toml").read_text("utf-8"))
    singles = "".join(data["surnames"].split())
    words = data["words"]
    family = f"(?:{'|'.join(data['compound'])}|[{singles}])"
    titles, roles = (_longest_of(words[kind]) for kind in ("titles", "roles"))
    first = {char for word in (*words["roles"], *data["compound"]) for char in word[:1]} | set(singles)
    return NameBook(
        surnames=frozenset((*singles, *data["compound"])),
        not_after=data["not_after"],
        only_after=data["only_after"],
        no_given=frozenset(words["no_given"]),
        no_names=tuple(words["no_names"]),
        pattern=_pattern(family, titles, roles, first),
    )


def _longest_of(words: list[str]) -> str:
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"


def _pattern(family: str, titles: str, roles: str, first: set[str]) -> re.Pattern[str]:
    return re.compile(
        rf"(?=[老小姓叫d{''.join(sorted(first))}])"
        rf"(?:(?<![百我贵])(?<!本人)姓(?P<called>{family})的?(?:[这那]?[个位])?(?P<calling>{titles})?"
        rf"|叫做?(?P<full>{family}[一-龥]{{1,2}})的[这那一]?个?(?P<doing>{titles})"
        rf"|(?P<someone>{family})某{{1,2}}(?![省市县区镇乡村些种个地样年月日])人?(?P<somewhat>{titles})?"
        rf"|(?P<clan>{family})姓(?P<clansman>{titles})"
        rf"|[老小]?(?P<surname>{family})(?P<given>[一-龥]{{0,2}}?)(?P<title>{titles})"
        rf"|(?<![a-z])(?:dr|doctor)(?:\.|(?![a-z])) ?(?P<latin>[a-z]{{2,15}}|{family})"
        rf"|(?P<role>{roles})(?![站台节鞋办值休班长]))"
    )
