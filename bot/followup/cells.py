"""Understands the cells that only a table of discharges has: consent, language, standing, which stay."""

import re
from collections.abc import Mapping
from functools import lru_cache

from bot.followup.wording import wording
from bot.sheets_in.cells import BadCell, by_word, known_word, text_of
from bot.sheets_in.tables import Cell
from storage.followup.discharges import Standing


def read_visit(cell: Cell) -> str:
    """Which stay of a patient it is; empty where nothing is said. Raises BadCell."""
    text = text_of(cell)
    if text and not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= 999):
        raise BadCell("visit_form")
    return text and str(int(text))


def read_consent(cell: Cell) -> bool | None:
    """Yes, no, or nothing said. Raises BadCell."""
    found = _known(cell, "consent")
    return None if found is None else found == "yes"


def read_language(cell: Cell) -> str | None:
    """The code of a language. Raises BadCell."""
    text = text_of(cell).casefold()
    return text if re.fullmatch(r"[a-z]{2,3}", text) and text != "cn" else _known(cell, "language")


def read_standing(cell: Cell) -> Standing | None:
    """Whether the patient is to be asked at all. Raises BadCell."""
    found = _known(cell, "standing")
    return None if found is None else Standing(found)


def _known(cell: Cell, field: str) -> str | None:
    return known_word(cell, _values(field), field)


@lru_cache(maxsize=8)
def _values(field: str) -> Mapping[str, str]:
    return by_word(wording()[field])
