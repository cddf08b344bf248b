"""Reads an answer to one question of a survey on the scale of that question."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nlp.money_answers import read_asked
from nlp.numerals import DIGITS, number
from nlp.replies import Reply, stripped
from nlp.scores import find_score
from nlp.wording import compiled, table

SCALES = frozenset({"rating", "often", "asked", "likely", "words"})
"""The scales that questions may have (storage/data/questions.toml)."""
_NUMBER = re.compile(rf"(?<![0-9.]){DIGITS}(?![0-9])|[零〇一二三四五六七八九十两]{{1,2}}")
_BEFORE = re.compile(
    r"(?:^|我|俺|给|打|选|填|评|按|是|就|大概|最多|顶多|至少|分数|答案|答|个|必须|那|嗯|的|妥妥|推荐|愿意|会|"
    r":|,| |第|还是)$"
)
_AFTER = re.compile(r" ?(?:分|颗?星|号|/10|/4)?[啊吧了呀呢哈啦哦喔嘛咯的]{0,3}(?:$|[ ,。!~;.、)])")
_BETWEEN = re.compile(r"^\D{0,3}([0-9]{1,2}) ?(?:-|~|到|至|或|或者|、) ?([0-9]{1,2})分?\D{0,3}$")
_OF_FIVE = {5: 4, 4: 3, 3: 3, 2: 2, 1: 1}
"""A worded rating of five, on the four steps from never to always."""
_AGAIN = re.compile(r"(.{1,4}?)[ ,。!]?(?:\1[ ,。!]?){1,8}")
_NODS = frozenset({"好的", "好的谢谢", "嗯", "嗯嗯", "收到", "谢谢"})
"""Said to the letter, not to its question."""
_ALL = re.compile("(?:什么|啥)[都也]不(?:知道|晓得|清楚)")
_TURNED = re.compile("(?:没|没有|不|唔|冇|未)[听太怎么大很够是]{0,2}$")
_SPAN = {"often": (1, 4), "likely": (0, 10)}
_SOMETIMES = 2
_SPLIT = re.compile("(?<=[没不未无冇唔沒]) (?=[有收要给过讲说会曾人推清送])")
"""没 有: the blank parts no clauses."""
_SPELLED = 8
"""Longest answer in characters that may have been spelled with blanks (没 有)."""
_CLOSE = 2
"""Two values no further apart than this are one opinion."""


@dataclass(frozen=True, slots=True)
class ScaleAnswer:
    """An answer as a value of its scale; None where it is doubtful or says nothing about it.

    `declined`: the person would rather not answer, or cannot tell; then there is no value.
    """

    value: int | None = None
    declined: bool = False


def read_scale(text: str, scale_name: str) -> ScaleAnswer:
    """Reads an answer on a scale.

    "rating" 1 to 5, "often" 1 (never) to 4 (always), "asked" 0 (no) or 1 (yes), "likely" 0 to 10; "words" has
    no value, only whether there was nothing to say. Which line of a numbered list a bare digit names is
    known to who wrote the list: as an answer to "asked" 1, 2 and 3 mean nothing here. Never raises for any
    text; ValueError for an unknown scale.
    """
    if scale_name not in SCALES:
        raise ValueError(f"no scale is called {scale_name!r}")
    reply = _once(Reply.of(text))
    if scale_name in _SPAN and _will_not(reply, scale_name):
        return ScaleAnswer(declined=True)
    value = None if reply.bare in _NODS else _value(reply, scale_name)
    if value is None and len(reply.joined) < min(_SPELLED, len(reply.bare)):
        value = _value(Reply(reply.joined), scale_name)
    return ScaleAnswer(value, value is None and _declines(reply, scale_name))


def _once(reply: Reply) -> Reply:
    """没得没得, 10分10分: said twice is said once; 没 有 is one word."""
    again = _AGAIN.fullmatch(reply.bare)
    return Reply(_SPLIT.sub("", again[1] if again and not again[1].isdigit() else reply.text))


def _will_not(reply: Reply, scale: str) -> bool:
    """Whether a refusal stands there that a word of the scale could be heard in (不好说, 不清楚讲没讲)."""
    unknown = scale == "often" and _pattern("declined", "unknown").search(_ALL.sub("", reply.text))
    return bool(unknown) or any(_refuses(stripped(clause)) for clause in reply.clauses)


def _value(reply: Reply, scale: str) -> int | None:
    match scale:
        case "rating":
            score = find_score(reply)
            return score if score is not None else _whole(reply, scale)
        case "asked":
            return read_asked(reply)
        case "often" | "likely":
            number_given = _number(reply, scale)
            return number_given if number_given is not None else _worded(reply, scale)
        case _:
            return None


def _declines(reply: Reply, scale: str) -> bool:
    said = [stripped(clause) for clause in reply.clauses]
    if scale == "words":
        return bool(said) and all(
            _pattern("words", "nothing").fullmatch(one) or _refuses(one) for one in said
        )
    unsure = _pattern("declined", "unknown").search(reply.text) is not None
    return (
        unsure or _pattern("declined", "anywhere").search(reply.text) is not None or any(map(_refuses, said))
    )


def _refuses(clause: str) -> bool:
    return _pattern("declined", "whole").fullmatch(clause) is not None


def _number(reply: Reply, scale: str) -> int | None:
    low, high = _SPAN[scale]
    between = _BETWEEN.match(reply.bare)
    if between:
        first, last = int(between[1]), int(between[2])
        return int((first + last) / 2 + 0.5) if low <= first < last <= high and last - first == 1 else None
    found = {value for value in _numbers(reply) if low <= value <= high}
    return found.pop() if len(found) == 1 else None


def _numbers(reply: Reply) -> Iterator[int]:
    """Numbers that stand where an answer stands; of 9.5 the half is rounded up."""
    for clause in reply.clauses:
        for match in _NUMBER.finditer(clause):
            value = number(match[0])
            after = _AFTER.match(clause, match.end())
            if value is not None and after and _BEFORE.search(stripped(clause[: match.start()])):
                yield int(value + 0.5)


def _worded(reply: Reply, scale: str) -> int | None:
    values: list[int] = []
    for clause in reply.clauses:
        said = stripped(clause)
        value = _whole_clause(said, scale)
        values += [value] if value is not None else _anywhere(clause, scale)
    if scale == "often":
        return _of_steps(values, reply)
    return None if not values or max(values) - min(values) > _CLOSE else round(sum(values) / len(values))


def _of_steps(values: list[int], reply: Reply) -> int | None:
    """讲是讲了，听不懂: the lower step is what the answer is about; 白天好，夜里没人讲 is sometimes."""
    if values:
        return min(values) if max(values) - min(values) <= _CLOSE else _SOMETIMES
    score = None if any(_numbers(reply)) else find_score(reply)
    return None if score is None else _OF_FIVE[score]


def _whole(reply: Reply, scale: str) -> int | None:
    return _whole_clause(reply.bare, scale)


def _whole_clause(said: str, scale: str) -> int | None:
    return next(
        (value for value, pattern in reversed(_steps(scale, "whole")) if pattern.fullmatch(said)), None
    )


def _anywhere(clause: str, scale: str) -> list[int]:
    """The values that the clause words, the longest words at a place first."""
    spans = [(*m.span(), value) for value, p in _steps(scale, "anywhere") for m in p.finditer(clause)]
    kept: list[tuple[int, int, int]] = []
    for begin, end, value in sorted(spans, key=lambda span: (span[0], -span[1], span[2])):
        if not kept or begin >= kept[-1][1]:
            kept.append((begin, end, value))
    return [
        _SOMETIMES if scale == "often" and value > _SOMETIMES and _TURNED.search(clause[:begin]) else value
        for begin, _, value in kept
    ]


@lru_cache(maxsize=8)
def _steps(scale: str, group: str) -> list[tuple[int, re.Pattern[str]]]:
    book = table("survey_scales.toml")
    return [(int(value), compiled(rows, book["classes"])) for value, rows in book[scale][group].items()]


@lru_cache(maxsize=8)
def _pattern(group: str, name: str) -> re.Pattern[str]:
    book = table("survey_scales.toml")
    return compiled(book[group][name], book["classes"])
