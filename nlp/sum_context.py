"""Tells a sum from other numbers by what stands around it: doses, rooms, telephone services, idioms."""

import re

from nlp.entity_words import any_of, words

_NO_SUM_BEFORE = re.compile(f" ?{any_of('sums', 'no_sum_before')}")
_GIVING = re.compile(f"{any_of('sums', 'giving')}[^，。！？、,.!?;:；：0-9\n]{{0,5}}$")
_NO_GIVING = re.compile("时间|电话|手机|号|密码|分机|病历|房间|[到在第床楼室编码挂院房版去住约a-z]$")
_MONEY_AFTER = re.compile(f" ?的?(?:微信)?{any_of('sums', 'money')}")
_SERVICES = frozenset(words("sums", "services"))
_IDIOMS = frozenset({"二百五"})
_SHARE = re.compile("[返抽提佣扣润]|分成|分账|好处|给主任|给医生|给他|拿")
_BEFORE, _AFTER = 8, 8


def counts_something_else(text: str, end: int) -> bool:
    """Whether a measure word follows: 500毫升, 两千人, 38度5, 302房."""
    return _NO_SUM_BEFORE.match(text, end) is not None


def is_handed_over(text: str, start: int, end: int) -> bool:
    """Whether bare digits are given, taken or called a red packet, and are no telephone service (120)."""
    if text[start:end] in _SERVICES:
        return False
    before = text[max(0, start - _BEFORE) : start]
    given = _GIVING.search(before) is not None and _NO_GIVING.search(before) is None
    return given or _MONEY_AFTER.match(text, end) is not None


def is_idiom(written: str) -> bool:
    """Whether the number is a figure of speech."""
    return written in _IDIOMS


def is_shared(text: str, start: int, end: int) -> bool:
    """Whether a percentage is somebody's share and not a dose or a likelihood."""
    return _SHARE.search(text, max(0, start - _BEFORE), min(len(text), end + _AFTER)) is not None
