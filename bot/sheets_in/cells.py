"""Understands single cells: numbers, names of places, words with a meaning, however people write them."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from bot.sheets_in.headings import folded
from bot.sheets_in.tables import Cell

_AS_FORMULA = re.compile(r'="(.*)"', re.S)
_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]{1,3}", re.I)
_WHOLE = re.compile(r"([0-9]{1,20})\.0{1,3}")
_NUMBER = re.compile(r"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff/_.#()*+-]{0,39}")
_IDENTITY = re.compile(r"[1-9][0-9]{16}[0-9Xx]")
_PLACE = re.compile(r"[^\W_][^\x00-\x1f\x7f<>=]{0,29}")
_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_LONG_DIGITS = re.compile(r"[0-9]{7}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_EXACT = 10**15
_LONGEST = 500
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


class BadCell(Exception):
    """A cell that is not right; `kind` is a key of [problems]. `taken`: its row goes in without it.

    `values` are words of ours that stand in the sentence, never those of the cell.
    """

    def __init__(self, kind: str, *, taken: bool = False, **values: str) -> None:
        super().__init__(kind)
        self.kind, self.taken, self.values = kind, taken, values


def text_of(cell: Cell) -> str:
    """A cell as text, without the tricks that keep Excel from changing it; whole numbers without a point.

    Raises BadCell for a formula that failed, and for what is no text at all.
    """
    match cell:
        case None:
            return ""
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer() and abs(cell) < _EXACT:
            return str(int(cell))
        case int() | float():
            return str(cell)
        case str():
            return _plain(cell)
        case date():  # a datetime is one, too
            return cell.isoformat()
    raise BadCell("cell_form")


def _plain(cell: str) -> str:
    if len(cell) > _LONGEST:
        raise BadCell("cell_form")
    text = unicodedata.normalize("NFKC", cell).strip().strip("\u200b\ufeff")
    if found := _AS_FORMULA.fullmatch(text):
        text = found[1].strip()
    if text in _ERRORS:
        raise BadCell("cell_error")
    return text.lstrip("'").strip()


def read_number(cell: Cell) -> str:
    """A discharge number. Raises BadCell."""
    if isinstance(cell, float) and abs(cell) >= _EXACT:
        raise BadCell("number_rounded")
    text = "".join(text_of(cell).split())
    if not text:
        raise BadCell("number_missing")
    if _ROUNDED.fullmatch(text):
        raise BadCell("number_rounded")
    if whole := _WHOLE.fullmatch(text):
        text = whole[1]
    if _is_identity(text):
        raise BadCell("number_identity")
    if not _NUMBER.fullmatch(text) or isinstance(cell, date | bool):
        raise BadCell("number_form")
    return text


def read_place(cell: Cell, field: str) -> str:
    """A department or ward. Raises BadCell.

    It will stand in clear and in tables, so nothing is taken that looks like a telephone or identity number,
    begins a formula, or looks like another name by signs that nobody sees.
    """
    text = _GAP.sub("", " ".join(text_of(cell).split()))
    text = "".join(sign for sign in text if sign.isprintable())
    if text and (not _PLACE.fullmatch(text) or _LONG_DIGITS.search(text) or isinstance(cell, date)):
        raise BadCell(f"{field}_form")
    return text


def known_word(cell: Cell, meanings: Mapping[str, str], field: str) -> str | None:
    """What a cell means by a table of words (see `by_word`); None where it is empty. Raises BadCell."""
    text = text_of(cell)
    if not text:
        return None
    found = meanings.get(text.casefold()) or meanings.get(folded(text))
    if found is None:
        raise BadCell(f"{field}_form")
    return found


def by_word(table: Mapping[str, list[str]]) -> Mapping[str, str]:
    """What a value means, by its folded form; signs stand for themselves."""
    return {
        form: meant
        for meant, words in table.items()
        for word in words
        for form in (word, folded(word))
        if form
    }


def _is_identity(text: str) -> bool:
    """Whether the check digit of an identity number fits (GB 11643-1999)."""
    if not _IDENTITY.fullmatch(text):
        return False
    rest = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False)) % 11
    return "10X98765432"[rest] == text[-1].upper()
