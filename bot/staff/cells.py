"""Understands the cells of a table of staff: number, name, office, role, groups, whether they have left."""

import difflib
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from bot.sheets_in.cells import BadCell, by_word, known_word, read_number, read_place, text_of
from bot.sheets_in.days import read_day
from bot.sheets_in.tables import Cell
from bot.sheets_in.wording import Wording
from storage.hospital import Hospital
from storage.rights import Role

WORDING = Wording("roster.toml")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[·•.’' -]){0,29}")
_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_PARTS = re.compile(r"[、,，;；/|\s]+")
_MOST_GROUPS = 20


def read_staff_number(cell: Cell) -> str:
    """A staff number; letters count alike in both cases. Raises BadCell."""
    number = read_number(cell).upper()
    if _MOBILE.fullmatch(number):
        raise BadCell("number_mobile")
    return number


def read_name(cell: Cell) -> str:
    """A name on one line, without the spaces that tables put into short ones. Raises BadCell."""
    name = _GAP.sub("", " ".join(text_of(cell).split()))
    if not name:
        raise BadCell("name_missing")
    if not _NAME.fullmatch(name) or isinstance(cell, date | bool):
        raise BadCell("name_form")
    return name


def read_role(cell: Cell) -> Role:
    """What somebody is at their office; staff where the cell is empty. Raises BadCell."""
    return Role(known_word(cell, _meanings("role"), "role") or Role.STAFF)


def read_standing(cell: Cell) -> bool | None:
    """Whether somebody has left; None where nothing is said. Raises BadCell."""
    found = known_word(cell, _meanings("standing"), "standing")
    return None if found is None else found == "left"


def read_groups(cell: Cell) -> tuple[str, ...]:
    """The groups in a cell, each once, in order of the alphabet. Raises BadCell."""
    text = text_of(cell)
    if len(_PARTS.split(text)) > _MOST_GROUPS:
        raise BadCell("groups_form")
    return tuple(sorted({read_place(part, "groups") for part in _PARTS.split(text) if part}))


def read_left_on(cell: Cell, zone: ZoneInfo, now: datetime) -> date | None:
    """The local day somebody left; None where the cell is empty. Raises BadCell."""
    if not text_of(cell):
        return None
    try:
        return read_day(cell, zone, now).astimezone(zone).date()
    except BadCell as error:
        raise BadCell(error.kind, taken=error.kind == "date_future") from None


class Offices:
    """The offices and clinical departments of a hospital, by any name they go by."""

    def __init__(self, hospital: Hospital) -> None:
        self._hospital = hospital

    def read(self, cell: Cell) -> str:
        """The office meant. Raises BadCell, with the nearest name where one is near."""
        name = read_place(cell, "office")
        if not name:
            raise BadCell("office_missing")
        found = self._known.get(name.casefold())
        if found is not None:
            return found
        close = difflib.get_close_matches(name, self._hospital.places, n=1, cutoff=0.5)
        raise BadCell("office_close", close=close[0]) if close else BadCell("office_unknown")

    @cached_property
    def _known(self) -> Mapping[str, str]:
        names = {place.casefold(): place for place in self._hospital.places}
        aliases = {alias.casefold(): one.name for one in self._hospital.offices for alias in one.aliases}
        return aliases | names


@lru_cache(maxsize=4)
def _meanings(field: str) -> Mapping[str, str]:
    return by_word(WORDING[field])
