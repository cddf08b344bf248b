"""Reads the numbers people write: digits, halves, Chinese numerals in both forms."""

import re

DIGITS = r"[0-9]{1,4}(?:\.[0-9]{1,2})?"
HAN = "[零〇一二三四五六七八九十百两俩壹贰叁肆伍陆柒捌玖拾点]{1,6}"
NUMERAL = f"(?:{DIGITS}|{HAN})"
"""A bounded expression for one number, without groups; not every run it matches is a number."""

_ONES = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
_WORDS = {"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
_DIGITS = re.compile(DIGITS)


def number(written: str) -> float | None:
    """The value of a numeral (4.5, 九十五, 四点五, 肆, 三四, five), or None where it is no number."""
    if _DIGITS.fullmatch(written):
        return float(written)
    if written in _WORDS:
        return float(_WORDS[written])
    whole, point, tenth = written.translate(_FORMAL).partition("点")
    value = _whole(whole)
    if not point or value is None:
        return value
    return value + _ONES[tenth] / 10 if tenth in _ONES else None


def _whole(written: str) -> float | None:
    if written in ("一百", "百"):
        return 100
    tens, ten, ones = written.partition("十")
    if not ten:
        return _ONES.get(written) if len(written) != 2 else _between(written)
    first = _ONES.get(tens) if tens else 1
    last = _ONES.get(ones) if ones else 0
    return None if first is None or last is None else 10 * first + last


def _between(written: str) -> float | None:
    """Two neighbours name what lies between them (三四分)."""
    low, high = (_ONES.get(char, -9) for char in written)
    return low + 0.5 if high == low + 1 and low > 0 else None
