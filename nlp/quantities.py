"""Reads how much people say, also where they leave it open: 两千五, 三五千, 一千多, 千把, 上万."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from nlp.large_numerals import ONES, UNITS, numeral

LONGEST = 20
"""Characters of a number that is read; longer runs are no sums."""
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_SHARED = re.compile(r"([百千万])儿?八([十百千])")
_PAIR = re.compile("([一二两三四五六七八])([二三四五六七八九])")
_UNIT = re.compile("[十百千万亿kw]")
_ROUGH = re.compile("[来把几数]|^[上好大小]")
_ROUGHLY = re.compile("[来把]|^[上好大小]")
_MORE = re.compile("[多余]")
_VAGUE = re.compile("[几数]")


class Quantity(NamedTuple):
    """What a number says: `low` and `high` are equal unless a range was meant, `high` None without an end."""

    low: Decimal
    high: Decimal | None
    about: bool = False


def quantity(written: str) -> Quantity | None:
    """The quantity in a run of digits and numerals in list form, or None where they are no number."""
    if not 0 < len(written) <= LONGEST:
        return None
    plain = written.replace(",", "").replace(" ", "").translate(_FORMAL)
    if shared := _SHARED.fullmatch(plain):
        return _up_to_one(*shared.groups())
    rough, more = _ROUGH.search(plain) is not None, _MORE.search(plain) is not None
    bare = _MORE.sub("", _ROUGHLY.sub("", plain))
    if rough and bare.startswith(("百", "千", "万")):
        bare = "一" + bare
    values = [value for one in _ends(bare) if (value := numeral(one)) is not None]
    if not values:
        return _side_by_side(bare)
    low, high = values[0], values[-1]
    if plain.startswith("上"):
        return Quantity(low, None, True)
    if more and low == high:
        return Quantity(low, low + _step(low), True)
    return Quantity(low, high, rough) if low <= high else None


def _up_to_one(unit: str, lower: str) -> Quantity | None:
    """千八百 lies between eight hundred and a thousand; 百八十, 万儿八千."""
    high = Decimal(UNITS[unit])
    return Quantity(high * 8 / 10, high, True) if UNITS[lower] * 10 == high else None


def _ends(bare: str) -> Iterator[str]:
    """The numeral itself, or the two ends it stands for: 三五千 is 三千 and 五千, 十几 is 十一 and 十九."""
    if vague := _VAGUE.search(bare):
        at = vague.start()
        ends = "一九" if bare[at - 1 : at] == "十" else "二九"
        yield from (bare[:at] + end + bare[at + 1 :] for end in ends)
    elif (pair := _PAIR.search(bare)) and _is_range(bare, *pair.groups()):
        yield from (bare[: pair.start()] + digit + bare[pair.end() :] for digit in pair.groups())
    else:
        yield bare


def _is_range(bare: str, first: str, second: str) -> bool:
    neighbours = ONES[second] == ONES[first] + 1 or (first, second) == ("三", "五")
    return neighbours and (len(bare) == len(first + second) or _UNIT.search(bare) is not None)


def _side_by_side(bare: str) -> Quantity | None:
    """Two amounts with nothing between them (三千五千), as where a dash was taken out."""
    for at in range(1, len(bare)):
        low, high = numeral(bare[:at]), numeral(bare[at:])
        if bare[at - 1] in UNITS and low is not None and high is not None and low < high:
            return Quantity(low, high)
    return None


def _step(value: Decimal) -> Decimal:
    """How far 多 may reach: 一千多 stays under two thousand, 1500多 under sixteen hundred."""
    whole, step = int(value), 1
    while whole and whole % (step * 10) == 0:
        step *= 10
    return Decimal(step)
