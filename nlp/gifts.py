"""Finds things that are handed over by the piece: 三条烟, 两瓶茅台, 一张购物卡, 一沓现金."""

import re
from collections.abc import Iterator

from nlp.entity_words import any_of, words
from nlp.normalise import Normalised
from nlp.spans import Mention, original

_COUNT = "(?:[0-9]{1,4}|[一二两三四五六七八九十几半]{1,3}|好几|整)"
_MEASURE = "[条瓶箱盒包张斤只个沓叠袋提套件部台双支份筐桶罐捆]"
_BEHIND = "(?:[条瓶箱盒包张斤只沓叠袋提套部](?![,.]?[0-9千万])|个(?![月人w点小]))"
"""Measures behind the thing (茅台两瓶); what looks like one may begin a sum or a time (红包3个月前)."""
_THINGS = any_of("gifts", "things")
_FIRST = "".join(sorted({word[0] for word in words("gifts", "things")}))
_THING = re.compile(
    rf"(?=[0-9一二两三四五六七八九十几半好整{_FIRST}])"
    rf"(?:{_COUNT} ?{_MEASURE}{any_of('gifts', 'made_of')}?{_THINGS}"
    rf"|{_THINGS}(?![百千万]) ?{_COUNT} ?{_BEHIND}"
    rf"|{_COUNT} ?[沓叠捆袋]的?(?:现金|现钞|钱(?!包)|钞票|百元|票子)"
    r"|[一几两三] ?[沓叠](?![纸单报病资材药检化袋]))"
)


def find_gifts(form: Normalised, text: str) -> Iterator[Mention]:
    """The counted things, in order; what they are worth the text does not tell."""
    for match in _THING.finditer(form.text):
        yield Mention(*original(form, text, *match.span()))
