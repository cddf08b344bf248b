"""Works out one number of any size as people write sums: 2500, 3千5, 一万二, 三百零五, 1.5w."""

import re
from decimal import Decimal

ONES = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
UNITS = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?|[零〇一二两俩三四五六七八九十百千万亿kw]")
_MYRIAD = 10_000


def numeral(plain: str) -> Decimal | None:
    """The value of a numeral in list form, or None where it is none; 一万二 is 12,000, 六八八八 is 6,888."""
    tokens = _TOKEN.findall(plain)
    if not tokens or "".join(tokens) != plain:
        return None
    if len(tokens) > 1 and all(token in ONES for token in tokens):
        return _spelled(tokens)
    value = _Counting().count(tokens)
    return value if value is None or value != value.to_integral_value() else Decimal(int(value))


def _spelled(tokens: list[str]) -> Decimal | None:
    """Digits read out one by one; two of them are no number."""
    if len(tokens) < 3 or tokens[0] in "零〇":
        return None
    return Decimal("".join(str(ONES[token]) for token in tokens))


class _Counting:
    """Adds up a numeral from left to right; its units must become smaller."""

    def __init__(self) -> None:
        self.total = self.section = Decimal(0)
        self.current: Decimal | None = None
        self.unit, self.zero = 0, False
        self.under, self.large_under = _MYRIAD, 10**9
        """Below what the next unit must be: within its ten thousand, and from ten thousand on."""

    def count(self, tokens: list[str]) -> Decimal | None:
        last = len(tokens) - 1
        for place, piece in enumerate(tokens):
            if not (self._unit(UNITS[piece]) if piece in UNITS else self._digit(piece, place == last)):
                return None
        return self.total + self.section + (self.current or 0)

    def _digit(self, char: str, last: bool) -> bool:
        if char in "零〇":
            self.zero = True
            return self.unit > 0 and not last
        if self.current is not None:
            return False
        value = Decimal(ONES[char]) if char in ONES else Decimal(char)
        shorthand = last and self.unit > 10 and not self.zero and value < 10 and value == int(value)
        self.current = value * (self.unit // 10) if shorthand else value
        return True

    def _unit(self, unit: int) -> bool:
        fits = self._large(unit) if unit >= _MYRIAD else self._small(unit)
        self.current, self.unit, self.zero = None, unit, False
        return fits

    def _large(self, unit: int) -> bool:
        before = self.section + (self.current or 0)
        if not before or unit >= self.large_under:
            return False
        self.total += before * unit
        self.section, self.under, self.large_under = Decimal(0), _MYRIAD, unit
        return True

    def _small(self, unit: int) -> bool:
        if unit >= self.under or (self.current is None and unit != 10):
            return False
        self.section += (Decimal(1) if self.current is None else self.current) * unit
        self.under = unit
        return True
