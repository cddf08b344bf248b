"""Finds the rating in a reply: digits, sums out of ten or a hundred, stars, numerals and worded ratings."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "伍": 5, "〇": 0, "俩": 2}
_NUMERAL = r"(?:[0-9]{1,3}(?:\.[0-9])?|[零一二两三四五六七八九十百伍]{1,4}|一百)"
_OUT_OF = re.compile(r"([0-9]{1,3}(?:\.[0-9])?) ?(?:/|out of) ?(5|10|100)(?![0-9])")
_POINTS = re.compile(rf"(?<![0-9第.])({_NUMERAL}) ?(分(?![钟之给都制百]|会)|颗星|星|stars?|points?)")
_THUMBS = re.compile(r"(?:👍|⭐|🌟|★) ?[x×*] ?([1-5])(?![0-9])")
_LEADING = re.compile(
    r"^ ?([0-9]{1,3})(?=$|[ ,。.!?;\-~、:]+)(?!\.[0-9])(?! ?(?:号|楼|月|日|天|点|次|床|人|个|-[0-9]))"
)
_GIVEN = re.compile(r"(?:给个|给|打|必须|最多|最高|评|算|,|!|。|吧) ?([0-9]{1,3})(?=$|[ ,。.!?啊吧了呀呢]+)")
_SCALE = re.compile(r"(?:满分|总分) ?(?:是|为)? ?(10|十|100|一百|5|五)分?")
_STARS = re.compile(r"[★⭐🌟]+")


@dataclass(frozen=True, slots=True)
class Found:
    """A rating 1 to 5 and where it stands in the normalised text."""

    score: int
    start: int
    end: int


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The word groups of rating.toml."""
    return tomllib.loads(files("nlp").joinpath("data/rating.toml").read_text("utf-8"))


def find_score(text: str) -> int | None:
    """The rating in a normalised reply, 1 to 5; None where there is none or the parts were rated apart."""
    numbers = _numbers(text)
    for found in (numbers, _worded(text)):
        scores = {one.score for one in found}
        if len(scores) == 1:
            return scores.pop()
        if scores:
            return _overall(text, found)
    return None


def _numbers(text: str) -> list[Found]:
    scale = _scale(text)
    found = [Found(_rescale(float(m[1]), int(m[2])), *m.span()) for m in _OUT_OF.finditer(text)]
    found += [Found(int(m[1]), *m.span()) for m in _THUMBS.finditer(text)]
    found += [Found(min(5, len(m[0])), *m.span()) for m in _STARS.finditer(text)]
    for pattern in (_POINTS, _LEADING, _GIVEN):
        for match in pattern.finditer(text):
            value = _value(match[1])
            if value is not None and value <= 100 and not _is_no_rating(text, match):
                found.append(Found(_rescale(value, _size(value, scale)), *match.span()))
    if text.strip() in ("伍", "五"):
        found.append(Found(5, 0, len(text)))
    return _widest(found)


def _is_no_rating(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start(1) - 2) : match.start(1)].replace("最多", "")
    after = text[match.end() : match.end() + 2]
    if any(before.endswith(word) for word in words()["overall"]["not_after"]):
        return True
    if any(scale.start() <= match.start(1) < scale.end() for scale in _SCALE.finditer(text)):
        return True
    # "5分?给你5分你敢要吗": asked back, not given.
    return after.startswith(("?", "你敢", "怕"))


def _scale(text: str) -> int | None:
    if "百分制" in text:
        return 100
    match = _SCALE.search(text)
    return {"10": 10, "十": 10, "100": 100, "一百": 100, "5": 5, "五": 5}[match[1]] if match else None


def _size(value: float, scale: int | None) -> int:
    return scale if scale and value <= scale else 5 if value <= 5 else 10 if value <= 10 else 100


def _rescale(value: float, size: int) -> int:
    """To 1..5, halves rounded up: 9 of 10 is 5, 0 of anything is 1."""
    return max(1, min(5, int(value * 5 / size + 0.5)))


def _value(numeral: str) -> float | None:
    if numeral[0].isascii():
        return float(numeral)
    if numeral in ("一百", "百"):
        return 100
    tens, ten, ones = numeral.partition("十")
    if ten:
        first = _DIGITS.get(tens, 1 if not tens else -1)
        last = _DIGITS.get(ones, 0 if not ones else -1)
        return 10 * first + last if first >= 0 and last >= 0 else None
    return _DIGITS.get(numeral)


def _worded(text: str) -> list[Found]:
    found: list[Found] = []
    for match in _word_pattern().finditer(text):
        score = _scores()[match[0]]
        if score and not text[match.end() :].startswith("?"):
            found.append(Found(score, *match.span()))
    return found


@lru_cache(maxsize=1)
def _scores() -> dict[str, int]:
    return {word: int(score) for score, group in words()["words"].items() for word in group}


@lru_cache(maxsize=1)
def _word_pattern() -> re.Pattern[str]:
    ordered = sorted(_scores(), key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in ordered))


def _overall(text: str, found: list[Found]) -> int | None:
    for one in found:
        before = text[max(0, one.start - 6) : one.start + 2]
        if any(word in before for word in words()["overall"]["words"]):
            return one.score
    return None


def _widest(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start, -f.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept
