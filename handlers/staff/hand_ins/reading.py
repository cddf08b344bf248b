"""Reads what staff write of an envelope: 两千块, 2000, 一张500元购物卡, 两条烟; and the day they got it."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from handlers.staff.day_in import day_in
from handlers.words import Words
from nlp.dates import find_dates
from nlp.large_numerals import numeral
from nlp.normalise import normalise
from nlp.sums import YUAN, Sum, find_sums

MOST_YUAN = Decimal(10) ** 9
_BARE = re.compile(r"[¥￥]?(\d{1,9}|\d{1,3}(?:,\d{3})+)(\.\d{1,2})?(?:元|块|块钱|圆)?整?", re.ASCII)


@dataclass(frozen=True, slots=True)
class What:
    """`yuan` is None where nobody said what it comes to; `unclear`: more than one sum, or not one in yuan."""

    yuan: Decimal | None
    thing: bool
    unclear: bool = False


def what_in(text: str, words: Words) -> What | None:
    """What was given up, as far as it can be told; None where the words name nothing."""
    if not any(map(str.isalnum, text)):
        return None
    bare = amount_in(text)
    if bare is not None:
        return What(bare, thing=False)
    form = normalise(text)
    sums = list(find_sums(form, text))
    thing = _names_a_thing(text, sums, words)
    if not sums:
        return What(None, thing=True) if thing and not text.strip().isdigit() else None
    sure = [one.low for one in sums if one.currency == YUAN and one.low == one.high]
    if len(sums) == 1 and sure and sure[0] < MOST_YUAN:
        return What(sure[0], thing)
    return What(None, thing, unclear=True)


def amount_in(text: str) -> Decimal | None:
    """An amount in yuan where the words are nothing else: 2000, 2,000元, 两千, 一千二百块; else None."""
    plain = re.sub(r"\s", "", normalise(text).text).rstrip("。.")
    if found := _BARE.fullmatch(plain):
        value = Decimal(found[1].replace(",", "") + (found[2] or ""))
    elif (spelled := numeral(re.sub("(?:块钱|块|元|圆)$", "", plain))) is not None:
        value = spelled
    else:
        sums = list(find_sums(normalise(plain), plain))
        if len(sums) != 1 or sums[0].text != plain or sums[0].currency != YUAN or sums[0].low != sums[0].high:
            return None
        value = sums[0].low
    return value if 0 < value < MOST_YUAN else None


def received_in(text: str, today: date) -> date | None:
    """The one day that is meant, or None; without a year the last such day."""
    found = day_in(text, today, ahead=False)
    if found is not None:
        return found
    days = {one.first for one in find_dates(normalise(text), text, today) if one.first == one.last}
    return days.pop() if len(days) == 1 else None


def _names_a_thing(text: str, sums: list[Sum], words: Words) -> bool:
    """Whether letters are left that are no sum and no word around money."""
    rest = text
    for one in sums:
        rest = rest.replace(one.text, "", 1)
    for word in sorted(words("hand_in.words_money").split(), key=len, reverse=True):
        rest = rest.replace(word, "")
    return any(letter.isalpha() for letter in rest)
