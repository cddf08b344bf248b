"""Finds ratings given in numbers (5, 八分, 4.5星, 95/100, 满分10给7) and in rows of stars."""

import re
from collections.abc import Iterator

from nlp.marks import Mark, mark
from nlp.numerals import DIGITS, HAN, NUMERAL, number
from nlp.replies import Reply, stripped
from nlp.score_context import Place, full_marks, is_rating

_ENGLISH = r"(?<![a-z])(?:zero|one|two|three|four|five|ten)(?![a-z])"
_NUMBER = re.compile(f"{DIGITS}|{HAN}|{_ENGLISH}")
_UNIT = re.compile(
    r" ?(?:分半?|昏|[颗棵个]?(?:星星?半?|[⭐★🌟])|个?(?:大?拇指|赞)|朵小?红花|(?:star|point|mark)s?(?![a-z]))"
)
_OUT_OF = re.compile(rf"(?<![0-9./])({DIGITS}) ?分?(?:/|out of|over) ?(100|10|5)分?(?![0-9/])")
_DATED = re.compile("去|来|复查|出的?院|住的?院|入院|号|手术|开刀|拆线|预约|挂|做|那天|回院|拿")
_TEN = "(?<![0-9])(?:十|10|一百|100)"
_SIZES = (
    re.compile(rf"满分(?:是|为|按|算)?({NUMERAL})(?:分|星|昏)?"),
    re.compile(rf"总分(?:是|为|按|算)?({_TEN})分?(?=[^0-9]{{0,6}}(?:给|打|得|评))"),
    re.compile(r"总分(?:是|为|按|算)?([5五])分?(?=[^0-9]{0,6}(?:给|打|得|评))"),
    re.compile(rf"({NUMERAL}) ?(?:分|星)?(?:满分|分?制)"),
    re.compile(rf"({NUMERAL})分(?:的话|里面|里头|里|当中|中间|之中)"),
    re.compile(rf"({_TEN})分[, ]?我?(?:只|也|最多|顶多|就|才)?(?:能|可以)?(?:给|打|得|评)(?={NUMERAL})"),
)
_MINUS = re.compile(r"(?:扣掉?|减去?|少给?|少了?)([1-4一二两三四])(?:分|颗?星)")
_STARS = re.compile(r"[★⭐🌟✨]{1,10}|(?<![^\s,。!?])\*{2,5}(?!\w|\*)")
_SAME = re.compile(r"([1-5])\1{2,4}|(?:-|负)[0-9零一二三四五六七八九十百]{1,4}分?")
"""A key pressed again and again, or less than nothing."""
_CRYING = ("555", "5555")
_RANGE = re.compile(
    rf"^({DIGITS}|{HAN}) ?分?(?:-|~|到|至|或|或者) ?({DIGITS}|{HAN}) ?(?:分|颗?星)?(?:之间|吧|左右)?$"
)
_MOST = 100


def find_numbers(reply: Reply) -> list[Mark]:
    """Ratings in numbers, in order."""
    bare = reply.bare
    if not bare.strip("0"):
        return []
    same = _SAME.fullmatch(reply.text.strip(" 。.!,~"))
    if same and bare not in _CRYING:
        return [Mark(int(same[1] or 1), 0, len(reply.text))]
    if (between := _RANGE.match(bare)) and (middle := _middle(between)):
        return [Mark(_rescale(middle, _likely_size(middle)), 0, len(reply.text))]
    size = _size(reply.text)
    found = [one for start, clause in reply.placed for one in _in_clause(clause, start, size, bare)]
    if not found and (minus := _MINUS.search(reply.text)):
        found = [Mark(5 - int(number(minus[1]) or 0), *minus.span())]
    return found


def count_stars(reply: Reply) -> list[Mark]:
    """Ratings in rows of stars; empty stars count nothing."""
    return [Mark(min(5, len(row[0])), *row.span()) for row in _STARS.finditer(reply.text)]


def _in_clause(clause: str, start: int, size: float | None, bare: str) -> list[Mark]:
    parts = [
        _mark(_rescale(float(m[1]), float(m[2])), m.start(), m.end(), start, clause)
        for m in _OUT_OF.finditer(clause)
        if not _DATED.match(clause[m.end() :].lstrip(" "))
    ]
    if parts:
        return parts
    sizes = [m.span() for pattern in _SIZES for m in pattern.finditer(clause)]
    full = [m.span() for m in full_marks().finditer(clause) if not _inside(m.start(), sizes)]
    parts = [_mark(5, begin, end, start, clause) for begin, end in full]
    for place in _places(clause, sizes, opens=start == 0, only=stripped(clause) == bare):
        if is_rating(place):
            fitting = size if size and place.value <= size else _likely_size(place.value)
            parts.append(_mark(_rescale(place.value, fitting), place.start, place.end, start, clause))
    return parts


def _places(clause: str, sizes: list[tuple[int, int]], *, opens: bool, only: bool) -> Iterator[Place]:
    sum_at = clause.rfind("=") + 1
    cut = max([sum_at, *(end for _, end in sizes)])
    for match in _NUMBER.finditer(clause):
        value = number(match[0])
        if value is None or value > _MOST or match.start() < sum_at or _inside(match.start(), sizes):
            continue
        unit = _UNIT.match(clause, match.end())
        written = unit[0] if unit else ""
        span = match.start(), match.end() + len(written)
        value += 0.5 if written.endswith("半") else 0
        yield Place.of(clause, span, value, written, cut=cut, opens=opens, only=only)


def _inside(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(begin <= at < end for begin, end in spans)


def _mark(score: int, begin: int, end: int, start: int, clause: str) -> Mark:
    return mark(score, start + begin, start + end, before=_since_number(clause[:begin]), after=clause[end:])


def _since_number(before: str) -> str:
    """The words since the number before: 医生5护士5食堂3."""
    return re.split(r"[0-9]|[一二三四五]分", before[-40:])[-1]


def _middle(match: re.Match[str]) -> float | None:
    """3-4分: between two neighbouring marks."""
    low, high = number(match[1]), number(match[2])
    return (low + high) / 2 if low and high and high - low == 1 and high <= 10 else None


def _size(text: str) -> float | None:
    if "百分制" in text or "按百分" in text:
        return 100
    values = (number(match[1]) for pattern in _SIZES for match in pattern.finditer(text))
    return next((value for value in values if value in (5, 10, 100)), None)


def _likely_size(value: float) -> float:
    return 5 if value <= 5 else 10 if value <= 10 else 100


def _rescale(value: float, size: float) -> int:
    """To 1..5, halves rounded up: 9 of 10 is 5, 0 of anything is 1."""
    return max(1, min(5, int(value * 5 / size + 0.5)))
