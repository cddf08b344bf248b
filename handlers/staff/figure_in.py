"""Reads a figure as staff type it: 12, 1,234.5, 三十, 12%, 百分之十二, 负3; with the unit it has."""

import re
import unicodedata
from decimal import Decimal

from nlp.large_numerals import numeral

_LONGEST = 40
_MOST, _FINEST = Decimal(10) ** 15, 6
_PERCENT, _PERCENT_WORD = "%", "百分之"
_PERCENT_UNITS = ("%", "百分", "率")
_DIGITS = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)


def figure_in(text: str, unit: str = "") -> str | None:
    """The figure as it is shown, with its unit (12.5 万元, 12%), or None where the text is no such figure.

    A percentage counts only where the unit is one, or where there is none.
    """
    if len(text) > _LONGEST:
        return None
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).rstrip("。")
    bare_unit = re.sub(r"\s", "", unicodedata.normalize("NFKC", unit))
    plain = plain.removesuffix(bare_unit) if bare_unit and bare_unit != _PERCENT else plain
    negative = plain.startswith(("-", "负"))
    plain, is_percent = _without_percent(plain[1:] if negative else plain)
    in_percent = not bare_unit or any(one in bare_unit for one in _PERCENT_UNITS)
    value = _value(plain)
    if value is None or (is_percent and not in_percent):
        return None
    shown = f"{'-' if negative and value else ''}{value:f}"
    if is_percent or bare_unit == _PERCENT:
        return f"{shown}%"
    return f"{shown} {unit}".strip()


def _without_percent(plain: str) -> tuple[str, bool]:
    if plain.startswith(_PERCENT_WORD):
        return plain.removeprefix(_PERCENT_WORD), True
    return plain.removesuffix(_PERCENT), plain.endswith(_PERCENT)


def _value(plain: str) -> Decimal | None:
    if _DIGITS.fullmatch(plain) or _GROUPED.fullmatch(plain):
        value: Decimal | None = Decimal(plain.replace(",", ""))
    elif plain in ("零", "〇"):
        value = Decimal(0)
    else:
        value = numeral(plain)
    if value is None or not 0 <= value < _MOST:
        return None
    value = value.to_integral_value() if value == value.to_integral_value() else value.normalize()
    exponent = value.as_tuple().exponent
    return value if isinstance(exponent, int) and exponent >= -_FINEST else None
