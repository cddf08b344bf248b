"""One rating found in a reply, and what the words next to it say of it."""

import re
from dataclasses import dataclass
from functools import lru_cache

from nlp.wording import compiled, table

_PAST = ("上次", "上回", "前次", "前年", "去年", "别家", "别的医院", "隔壁", "不然", "否则", "上一条")


_AROUND = 40
"""Characters before and after a rating that are looked at."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A rating 1 to 5 at start..end of the reply's text.

    `aspect`: of a single thing (the food); `overall`: of the whole stay; `elsewhere`: of another time or
    house, by somebody else, or only thought of; `past`: so far off that it never counts; `weak`: told of a
    thing in a word that alone is no rating of the stay.
    """

    score: int
    start: int
    end: int
    aspect: bool = False
    overall: bool = False
    elsewhere: bool = False
    past: bool = False
    weak: bool = False


@lru_cache(maxsize=1)
def words_around() -> dict[str, re.Pattern[str]]:
    """One expression for each group of words that tell what a rating is about."""
    groups = table("reply_scores.toml")["around"]
    return {name: compiled(("|".join(words).replace(" ", "_"),), {}) for name, words in groups.items()}


def mark(score: int, start: int, end: int, *, before: str, after: str) -> Mark:
    """A mark from what stands before and after it, both within its clause."""
    around = words_around()
    before, after = before[-_AROUND:], after[:_AROUND]
    given_to = after.startswith(("给", "是给", "送给", "归", "留给")) and around["aspects"].search(after[:8])
    overall = bool(around["overall"].search(before))
    return Mark(
        score,
        start,
        end,
        aspect=bool(given_to) or (not overall and bool(around["aspects"].search(before))),
        overall=overall,
        elsewhere=bool(around["elsewhere"].search(before)) or after.startswith(("收回", "作废", "不算")),
        past=any(word in before for word in _PAST),
    )
