"""Finds sums of money, with what they come to: 两千块, 三五千, 2k, ¥2,000, 五百美金; and shares (5个点)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nlp.normalise import Normalised
from nlp.quantities import Quantity, quantity
from nlp.spans import Mention, original
from nlp.sum_context import counts_something_else, is_handed_over, is_idiom, is_shared

YUAN = "CNY"
_CURRENCIES = {
    "USD": "us$ usd 美元 美金 刀", "HKD": "hk$ hkd 港币 港元 港纸", "TWD": "nt$ ntd nt twd 新台币 台币",
    "EUR": "€ 欧元", "GBP": "£ 英镑", "JPY": "日元 日币", "KRW": "韩元", "THB": "泰铢", "$": "$",
}  # fmt: skip
_CODES = {word: code for code, words in _CURRENCIES.items() for word in words.split()}

_ONE = "0-9一二两俩三四五六七八九十壹贰叁肆伍陆柒捌玖拾"
_RUN = (
    rf"(?:[{_ONE}]|好?几(?=[十百千万])|大几(?=[百千万])|(?<![次人总分天少])数(?=[百千万])|(?<![早晚马以])上(?=[百千万])"
    rf"|[百千万](?=把|儿?八[十百千]))"
    rf"(?:[{_ONE}零〇百千万亿几佰仟]|[kw](?![a-z])|[.,](?=[0-9])|[多余](?!次)|来(?=[万亿块元])|把(?=[块万元钱])|儿(?=八)){{0,24}}"
)
_SIGN = r"nt\$|us\$|hk\$|ntd|twd|usd|hkd|rmb|cny|[¥$€£]|新?台币|美金|美元|港币|人民币"
_UNIT = (
    "块钱|块|元(?![旦宵素月])(?:钱|整)?|圆整?|大洋|rmb|cny|人民币"
    "|美元|美金|刀(?![口子片])|usd|港币|港元|港纸|hkd|新?台币|ntd|nt(?![a-z])|twd|欧元|英镑|日元|日币|韩元|泰铢|个w(?![a-z])"
)
_SUM = re.compile(
    rf"(?=[{_ONE}好几大数上百千万nuhtrc¥$€£新台美港人])(?:(?P<sign>{_SIGN}) ?)?(?<![第.0-9])"
    rf"(?P<low>{_RUN})(?: ?[-~—–至到] ?(?P<high>{_RUN}))? ?(?P<unit>{_UNIT})?"
)
_SHARE = re.compile(
    rf"百分之{_RUN}|(?<![0-9.]){_RUN}(?: ?[-~—至到] ?{_RUN})?"
    r" ?(?:个点(?![滴名钟])|%|成(?![功立为果员绩年本都人]))"
)
_MULTIPLIER = re.compile("[百千万亿佰仟kw]")
_COINS = re.compile("([0-9一二三四五六七八九])(?:[毛角]|(?![0-9零一二三四五六七八九十百千万年月号个]))")
_DIGITS = re.compile("[1-9][0-9]{2,5}|[1-9][0-9]{0,2},[0-9]{3}")
_TOGETHER = 10
"""Yuan below which 块 without 钱 is more likely a piece of something, or 一块 for together."""
_PIECES, _PIECE = 100, re.compile("[肉板钢骨糖砖布石疤斑瘀淤青皮纱膏玉息牌]|红(?!包)|手表|电池")


@dataclass(frozen=True, slots=True)
class Sum(Mention):
    """An amount in `currency` (ISO code, or $ where it may be any dollar); `high` is None without an end."""

    low: Decimal
    high: Decimal | None
    about: bool = False
    currency: str = YUAN

    @property
    def in_yuan(self) -> tuple[Decimal, Decimal | None] | None:
        """The lower and upper end in yuan, or None for another currency: rates are nobody's guess."""
        return (self.low, self.high) if self.currency == YUAN else None


def find_sums(form: Normalised, text: str) -> Iterator[Sum]:
    """The sums of money, in order; what counts days, doses, rooms or people is none."""
    for match in _SUM.finditer(form.text):
        if (read := _read(form.text, match)) is not None:
            amount, end, currency = read
            yield Sum(*original(form, text, match.start(), end), *amount, currency)


def find_shares(form: Normalised, text: str) -> Iterator[Mention]:
    """Shares of something: 5个点, 返10%, 抽三成."""
    for match in _SHARE.finditer(form.text):
        if "个点" in match.group() or is_shared(form.text, *match.span()):
            yield Mention(*original(form, text, *match.span()))


def _read(text: str, match: re.Match[str]) -> tuple[Quantity, int, str] | None:
    sign, low, high, unit = match.group("sign", "low", "high", "unit")
    amount, end = _between(low, high), match.end() if unit else match.end("high" if high else "low")
    if amount is None and high:
        amount, end, unit = quantity(low), match.end("low"), None
    if amount is None or (not sign and not unit and not _is_sum(text, match.start("low"), end, low)):
        return None
    if unit == "个w":
        amount = _times(amount, 10_000)
    elif unit == "刀" and amount.low < _TOGETHER:
        return None
    elif unit == "块":
        amount, end = _with_coins(amount, text, end)
        if end == match.end() and _is_piece(amount, text, end):
            return None
    if amount.low <= 0 or (not unit and sign and counts_something_else(text, end)):
        return None
    return amount, end, _CODES.get(sign or "", _CODES.get(unit or "", YUAN))


def _is_sum(text: str, start: int, end: int, low: str) -> bool:
    """Whether a number without sign or currency is a sum."""
    if counts_something_else(text, end) or is_idiom(text[start:end]):
        return False
    if _MULTIPLIER.search(low) or _MULTIPLIER.search(text, start, end):
        return text[start - 1 : start] not in tuple("abcdefghijklmnopqrstuvwxyz")
    return _DIGITS.fullmatch(low) is not None and is_handed_over(text, start, end)


def _between(low: str, high: str | None) -> Quantity | None:
    if not high:
        return quantity(low)
    last = quantity(high)
    first = quantity(low if _MULTIPLIER.search(low) else low + "".join(_MULTIPLIER.findall(high)[-1:]))
    if first is None or last is None or last.high is None or not first.low < last.high:
        return None
    return Quantity(first.low, last.high, first.about or last.about)


def _with_coins(amount: Quantity, text: str, end: int) -> tuple[Quantity, int]:
    """三块五 is 3.5."""
    coins = _COINS.match(text, end)
    extra = quantity(coins.group(1)) if coins else None
    if coins is None or extra is None or amount.low != amount.high:
        return amount, end
    value = amount.low + extra.low / 10
    return Quantity(value, value), coins.end()


def _is_piece(amount: Quantity, text: str, end: int) -> bool:
    return amount.low < _TOGETHER or (amount.low < _PIECES and _PIECE.match(text, end) is not None)


def _times(amount: Quantity, by: int) -> Quantity:
    return Quantity(amount.low * by, amount.high and amount.high * by, amount.about)
