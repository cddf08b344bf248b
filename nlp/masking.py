"""Hides phone, identity and bank card numbers in a text that is shown to more than one office."""

import re
from collections.abc import Iterator

from nlp.normalise import Normalised, normalise

MASK = "•"

_SPELLED = "〇零一二三四五六七八九幺"
_DIGIT = rf"[\d{_SPELLED}]"
_TIGHT = r"[ \-()]"
_GAP = r"[ \-()._,/·—–~*]"
_RUN = re.compile(rf"(?<!字)(?<!字[a-z]){_DIGIT}(?:{_GAP}{{0,3}}{_DIGIT}){{6,36}}(?:{_TIGHT}{{0,2}}x)?")
_LETTERED = re.compile(r"(?<![a-z0-9字])[a-z][ \-]?(?:\d{8,9}|\d{6}\([\da]\))(?!\d)")
_MOBILE = re.compile(r"(?:86|0086)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}|[2-8]\d{6,7}|400\d{7}|800\d{7}")
_SPELLED_LANDLINE = re.compile(r"0\d{9,11}|[48]00\d{7}")
_IDENTITY = re.compile(r"\d{17}[\dx]|\d{15}")
_CARD = re.compile(r"\d{16,19}")
_DAY = r"(?:19|20)\d{2}[ \-./]?(?:0?[1-9]|1[0-2])[ \-./]?(?:[0-2]?\d|3[01])"
_DATES = re.compile(rf"{_DAY}(?:[ \-~—]{{1,3}}{_DAY})?")
_RANGE = re.compile(r"[1-9]\d{1,6}0[\-~—][1-9]\d{1,6}0")
_MONEY = re.compile(" ?[元块万千圆]")
_TO_DIGITS = str.maketrans(_SPELLED, "00123456789" + "1")
_LONGER_THAN_ANY = 10
"""Digits beyond which an unknown number is two known ones, written one after the other."""


def mask(text: str) -> str:
    """The text with the middle of such numbers replaced by •, of the same length as before.

    Mobile and landline phones, identity numbers (15, 18 digits or X; a letter and 8 or 9 digits), bank
    cards (16 to 19), also with spaces, dots or dashes between, full width or in words (一三八…). The first
    three and last two digits stay of long numbers so that an officer can tell two apart; a landline
    loses all but the last two. Amounts, dates and shorter numbers stay.
    """
    form = normalise(text)
    pieces = list(text)
    for start, end, keep in _numbers(form.text):
        _hide(pieces, form, start, end, keep)
    return "".join(pieces)


def _numbers(plain: str) -> Iterator[tuple[int, int, int]]:
    """Where such numbers stand, and how many of their first digits may stay."""
    for match in _LETTERED.finditer(plain):
        if not _DATES.fullmatch(match.group()[1:]):
            yield *match.span(), 1
    for match in _RUN.finditer(plain):
        keep = _kept(match.group(), money=_MONEY.match(plain, match.end()) is not None)
        if keep is not None:
            yield *match.span(), keep


def _kept(written: str, *, money: bool) -> int | None:
    """How many leading digits may stay, or None where the number is not one to hide."""
    if _DATES.fullmatch(written):
        return None
    digits = re.sub(_GAP, "", written).translate(_TO_DIGITS)
    if _MOBILE.fullmatch(digits) or _IDENTITY.fullmatch(digits) or _CARD.fullmatch(digits):
        return 3
    loose = re.sub(_TIGHT, "", written)
    if re.search(_GAP, loose) or (money and not re.search(r"\d{9}", digits)) or _RANGE.fullmatch(written):
        return None
    landline = _LANDLINE if loose.isascii() else _SPELLED_LANDLINE
    if landline.fullmatch(digits.removesuffix("x")):
        return 0
    return 0 if len(digits) > _LONGER_THAN_ANY else None


def _hide(pieces: list[str], form: Normalised, start: int, end: int, keep: int) -> None:
    shown = re.compile(rf"{_DIGIT}|x(?=$)")
    places = [start + match.start() for match in shown.finditer(form.text[start:end])]
    for place in places[keep:-2]:
        for at in range(*form.span(place, place + 1)):
            pieces[at] = MASK
