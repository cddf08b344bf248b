"""Finds where something happened: 三楼护士站, 地下二层停车场, 12床, 微信上."""

import re
from collections.abc import Iterator

from nlp.entity_words import any_of
from nlp.normalise import Normalised
from nlp.spans import Mention, original

_N = "(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})"
_BELOW = rf"(?:地下|负) ?{_N} ?(?:楼|层)|(?<![a-z0-9素])b[1-4](?:楼|层)?(?![a-z0-9区])"
_FLOOR = rf"(?<![0-9第新])(?:{_N}(?:号|栋|幢)(?:楼|院)?)?{_N}(?:楼|层)(?![次级面出林])|{_N}号楼"
_ROOM = (
    r"[0-9]{3,4}(?:室|房间|房|病房|诊室|办公室)"
    rf"|{_N} ?号?(?:诊室|窗口|诊间|手术间|手术室|病房|病室)"
)
_BED = rf"(?<![0-9第张])加?{_N}(?:-[0-9]{{1,2}})? ?号?床(?![位单头垫被旁以铺上])|加床|隔壁床"
_INSIDE, _OUTSIDE, _ONLINE = (any_of("places", name) for name in ("inside", "outside", "online"))
_BESIDE = "(?:门口|外面|旁边|隔壁|对面|拐角|里面|角落)?"
_PLACE = re.compile(
    rf"{_ROOM}|{_BED}|(?:{_BELOW}|{_FLOOR})(?:的?(?:{_INSIDE}|{_OUTSIDE}))?{_BESIDE}"
    rf"|{_OUTSIDE}(?:的?{_OUTSIDE})?{_BESIDE}|{_INSIDE}{_BESIDE}|{_ONLINE}"
)


def find_places(form: Normalised, text: str) -> Iterator[Mention]:
    """Floors, rooms, beds and spots inside and around the house, in order."""
    for match in _PLACE.finditer(form.text):
        yield Mention(*original(form, text, *match.span()))
