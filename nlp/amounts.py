"""A quick look for sums and counted gifts in every message; what they come to is worked out in sums."""

import re

from nlp.normalise import Normalised

_NUMERALS = "0-9一二两三四五六七八九十百千万几半"
_COUNT = r"(?:[0-9]{1,9}(?:[.,][0-9]{1,3})?|[一二两三四五六七八九十百千万几半]{1,9}|好几)"
_THINGS = (
    "烟|中华|茅台|五粮液|红酒|白酒|酒|茶叶|水果|牛奶|鸡蛋|大闸蟹|海参|"
    "购物卡|加油卡|油卡|超市卡|卡|礼盒|红包|信封"
)
_FIRST = "".join({word[0] for word in _THINGS.split("|")})
# The pattern is many; a look at the first character spares trying them all at every place.
_AMOUNT = re.compile(
    rf"(?=[{_NUMERALS}好¥￥${_FIRST}])(?:[¥￥$]{{1}} ?{_COUNT}"
    rf"|{_COUNT} ?(?:块钱|元钱|美元|元|块|万|千|百|w(?![a-z])|k(?![a-z])|个w|rmb|人民币|大洋|个点|%)"
    rf"|{_COUNT} ?(?:条|瓶|箱|盒|包|张|斤|只|个|沓|叠)(?:{_THINGS})"
    rf"|(?:{_THINGS}) ?{_COUNT} ?(?:条|瓶|箱|盒|包|张|斤|只|个)"
    r"|[一二两三四五六七八九][千百万][一二两三四五六七八九]?"
    r"|(?<=[收给塞送要交付转拿掏花了])(?:[1-9][0-9]{2,6})(?![0-9年月日号床楼室:]))"
)


def amount_spans(form: Normalised) -> list[tuple[int, int]]:
    """Where sums and counted gifts stand in a normalised text."""
    return [match.span() for match in _AMOUNT.finditer(form.text)]
