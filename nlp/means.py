"""Finds by what means something was handed over: 现金, 微信转账, 扫码, 购物卡, 信封."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from nlp.entity_words import any_of
from nlp.normalise import Normalised
from nlp.spans import Mention, original


class Way(StrEnum):
    """Kinds of means, in the order in which they are looked for."""

    WECHAT = "wechat"
    ALIPAY = "alipay"
    QR = "qr"
    BANK = "bank"
    CARD = "card"
    ENVELOPE = "envelope"
    CASH = "cash"
    GOODS = "goods"


@dataclass(frozen=True, slots=True)
class Means(Mention):
    """A means that the text names, and of which kind it is."""

    way: Way


_MEANS = re.compile("|".join(f"(?P<{way}>{any_of('means', way)})" for way in Way))


def find_means(form: Normalised, text: str) -> Iterator[Means]:
    """How it was handed over, in order."""
    for match in _MEANS.finditer(form.text):
        yield Means(*original(form, text, *match.span()), Way(str(match.lastgroup)))
