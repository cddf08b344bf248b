"""Tells whether a number in a clause is a rating or a time, a price, a place, a share that was taken off."""

import re
from dataclasses import dataclass
from functools import lru_cache

from nlp.replies import stripped
from nlp.wording import ordered, table

_AROUND = 24
"""Characters before and after a number that are looked at."""
_PARTICLES = "[啊吧了呀呢哈啦哦喔噢哟嘛嘞咯咧滴的哒呗哩喽罢]"
_VERDICT = r"\+|不?及格|勉强及格|满意|优秀|良好|还行|一般|不错"
_CLOSING = f"{_VERDICT}|谢谢|thanks|thx|好了|得了|算了|就行|走起|奉上|拿去|please|哈哈"
_ENDING = re.compile(rf"{_PARTICLES}{{0,4}}(?!\w)")
_TAIL = re.compile(rf"(?:{_PARTICLES}|{_CLOSING}){{0,6}}[ )\]】]{{0,3}}$")
_SHARE = re.compile("扣(?!.?(?:分|星))")
"""一分扣电梯一分扣食堂: what the points were lost on."""
_BEGGED = re.compile("(?:能|可以|可不可以|有没有|没有|让|准)我?(?:打|给|选|评)?$")
"""能打0分吗: a zero that is wished for."""
_ALLOWED = ("行吗", "行不", "可以吗", "成吗", "中不", "行么", "可不可以")
_PRAISES = 3
"""One 赞 is praise, five are a rating."""
_OLD = 10
_AGED = re.compile(
    "(?:妈|爸|奶奶|爷爷|外婆|姥姥|外公|姥爷|老伴|岁数|年纪|今年|老人家?|婆婆|公公|娘|爹|我|母亲|父亲|他|她|阿婆|阿公)"
    "(?:今年|已经|已|都|快|也|马上){0,3}$"
)
"""我妈85了: an age."""
_DEGREES = (10, 12, 100)
"""十分满意, 十二分满意: a degree and no sum."""


@dataclass(frozen=True, slots=True)
class Place:
    """A number at start..end of a clause: the words before it, its unit, the words after both.

    `first`: the reply opens with it, in digits; `only`: its clause is the whole reply.
    """

    value: float
    start: int
    end: int
    before: str
    after: str
    unit: str
    first: bool
    only: bool

    @staticmethod
    def of(
        clause: str, span: tuple[int, int], value: float, unit: str, *, cut: int, opens: bool, only: bool
    ) -> "Place":
        """The place of span in a clause; what stands before `cut` belongs to something else."""
        start, end = span
        before = clause[max(min(cut, start), start - _AROUND) : start]
        first = opens and start == 0 and clause[0].isascii()
        return Place(value, start, end, before, clause[end : end + _AROUND], unit, first, only)


def is_rating(place: Place) -> bool:
    """Whether the number rates something."""
    lists = _lists()
    sure = place.before.endswith(lists["before_all"]) or any(w in place.after for w in lists["after_all"])
    if not sure and _is_denied(place):
        return False
    return sure or (_with_unit(place) if place.unit else _bare(place))


def full_marks() -> re.Pattern[str]:
    """Full marks in words (满分), where they are given and not explained."""
    words = "|".join(ordered(_lists()["full"]))
    return re.compile(
        rf"(?<!不是)(?<!没有)(?<!没)(?<!几分)(?<!从不给)(?:{words})(?!是|多少|几|就|的话|里|[0-9十五一])"
    )


def _is_denied(place: Place) -> bool:
    lists = _lists()
    if place.value <= 1 and (_BEGGED.search(place.before) or place.after.startswith(_ALLOWED)):
        return False
    if place.before.endswith(lists["not_after"]) or place.after.startswith(lists["not_reached"]):
        return True
    if place.value > _OLD and not place.unit and place.after.startswith("了") and _AGED.search(place.before):
        return True
    if place.value == 1 and _SHARE.match(place.after):
        return True
    if place.only and place.after.strip(" ?吗嘛") == "":
        return "吗" in place.after
    return any(word in place.after for word in lists["asked"])


def _with_unit(place: Place) -> bool:
    if place.after.startswith(_lists()["not_before_points"]):
        return False
    if place.value < _PRAISES and place.unit.endswith(("赞", "拇指", "红花")):
        return False
    if place.unit.strip() == "分" and place.value in _DEGREES and not _ENDING.match(place.after):
        return False
    return not place.before.endswith(("点", ":", "时")) and not place.before[-1:].isdigit()


def _bare(place: Place) -> bool:
    lists = _lists()
    if place.value > 10 and place.value != int(place.value):
        return False
    after = place.after.strip(" .。!?,~、;:%" if place.only else " .。!?,~、;:")
    aspect = place.before.rstrip(" :的给打是").endswith(_aspects())
    if _TAIL.match(after) or (aspect and after.startswith(_aspects())):
        before = stripped(place.before)
        return aspect or before.endswith(lists["give"]) or _lead().fullmatch(before) is not None
    return _opens(place, after)


def _opens(place: Place, after: str) -> bool:
    """Whether a reply opens with a rating: "5谢谢", "4 good", but not "5楼"."""
    if not place.first or after.startswith(_lists()["measures"]) or place.value > 10 or not place.value:
        return False
    digit = place.value <= 5 and place.value == int(place.value)
    return digit or place.after[:1] in tuple(",.!-:~)")


@lru_cache(maxsize=1)
def _lists() -> dict[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in table("reply_scores.toml")["numbers"].items()}


@lru_cache(maxsize=1)
def _aspects() -> tuple[str, ...]:
    return tuple(table("reply_scores.toml")["around"]["aspects"])


@lru_cache(maxsize=1)
def _lead() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in ordered(_lists()["lead"]))
    return re.compile(rf"(?:(?:{words}) ?){{0,6}}")
