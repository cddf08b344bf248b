"""Hides phone, identity and bank card numbers in a text that is shown to more than one office."""

import re

from nlp.normalise import Normalised, normalise

MASK = "•"

_RUN = re.compile(r"\d(?:[ \-]{0,2}\d){6,24}[ \-]{0,2}x?")
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}|[2-8]\d{6,7}|400\d{7}|800\d{7}")
_IDENTITY = re.compile(r"\d{17}[\dx]|\d{15}")
_CARD = re.compile(r"\d{16,19}")
_DATE = re.compile(r"(?:19|20)\d{2}[ \-]?(?:0?[1-9]|1[0-2])[ \-]?(?:[0-2]?\d|3[01])")


def mask(text: str) -> str:
    """The text with the middle of such numbers replaced by •, of the same length as before.

    Mobile and landline phones, identity numbers (15, 18 digits or X), bank cards (16 to 19). The
    first three and last two digits stay of long numbers so that an officer can tell two apart; a
    landline loses all but the last two. Amounts, dates and shorter numbers stay.
    """
    form = normalise(text)
    pieces = list(text)
    for match in _RUN.finditer(form.text):
        keep = _kept(match.group())
        if keep is not None:
            _hide(pieces, form, match.start(), match.end(), keep)
    return "".join(pieces)


def _kept(written: str) -> int | None:
    """How many leading digits may stay, or None where the number is not one to hide."""
    if _DATE.fullmatch(written.strip()):
        return None
    digits = re.sub(r"[ \-]", "", written)
    if _MOBILE.fullmatch(digits) or _IDENTITY.fullmatch(digits) or _CARD.fullmatch(digits):
        return 3
    if _LANDLINE.fullmatch(digits.removesuffix("x")):
        return 0
    # Longer than anything known: two numbers written one after the other.
    return 0 if len(digits) > 10 else None


def _hide(pieces: list[str], form: Normalised, start: int, end: int, keep: int) -> None:
    places = [i for i in range(start, end) if form.text[i].isdigit() or form.text[i] == "x"]
    for place in places[keep:-2]:
        for at in range(*form.span(place, place + 1)):
            pieces[at] = MASK
