"""Understands ways to be reached: mobile numbers of mainland China, chats of a messenger."""

import re

from bot.sheets_in.cells import BadCell, text_of
from bot.sheets_in.tables import Cell
from storage.followup.rows import SMS

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_BEFORE = re.compile(r"(?:\+?86|0086|0)(?=1[3-9][0-9]{9}$)")
_SIGNS = re.compile(r"[\s()\u2010-\u2015\u2212.·-]+")
_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]{1,3}", re.I)
_WHOLE = re.compile(r"([0-9]{11,13})\.0{1,3}")
_SEVERAL = re.compile(
    r"(?<![0-9])1[3-9][0-9]{9}(?![0-9]).*(?<![0-9])(?:1[3-9][0-9]{9}|0[0-9]{9,11})(?![0-9])", re.S
)
_LANDLINE = re.compile(
    r"(?:(?:\+?86|0086)?0?[1-9][0-9]{1,2})?[2-8][0-9]{6,7}(?:(?:转|[xX#*]|ext)+[0-9]{1,6})?"
)
_FOREIGN = re.compile(r"(?:\+|00)[1-9][0-9]{6,14}")
_CHAT = re.compile(r"telegram: *([1-9][0-9]{2,18})", re.I)


def read_contact(cell: Cell) -> tuple[str, str]:
    """Channel and address; both empty for an empty cell. Raises BadCell.

    What can get no SMS is told, and its row is taken without it.
    """
    text = text_of(cell)
    if not text or text in ("-", "/", "无", "0"):
        return "", ""
    if chat := _CHAT.fullmatch(text):
        return "telegram", chat[1]
    if _ROUNDED.fullmatch(text) or (isinstance(cell, float) and not cell.is_integer()):
        raise BadCell("mobile_rounded")
    if _SEVERAL.search(text):
        raise BadCell("mobile_several")
    if whole := _WHOLE.fullmatch(text):
        text = whole[1]
    return SMS, _mobile(_SIGNS.sub("", text))


def _mobile(digits: str) -> str:
    number = _BEFORE.sub("", digits)
    if _MOBILE.fullmatch(number):
        return number
    if _LANDLINE.fullmatch(digits) and not digits.startswith("1"):
        raise BadCell("mobile_landline", taken=True)
    if _FOREIGN.fullmatch(digits):
        raise BadCell("mobile_foreign", taken=True)
    raise BadCell("mobile_form")
