"""Reads a table of staff: people whose row is right, and what is wrong with the others."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bot.sheets_in.headings import Headings, find_headings
from bot.sheets_in.problems import Problem
from bot.sheets_in.rows import Rows
from bot.sheets_in.tables import Cell, Sheet, read_sheets
from bot.staff.cells import (
    WORDING,
    Offices,
    read_groups,
    read_left_on,
    read_name,
    read_role,
    read_staff_number,
    read_standing,
)
from storage.house import House
from storage.staff.importing import RosterRow

_NEEDED = ("number", "name", "office")
_MOST_NOTES = 20


@dataclass(slots=True)
class Reading:
    """A table that was read: good rows with their lines, problems by line, notes about the whole.

    `numbers` are all that could be read, those of bad rows as well: nobody has left for a slip in a cell.
    `bad_numbers`: how many rows had none that could be read.
    """

    rows: list[tuple[int, RosterRow]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)
    bad_numbers: int = 0


def read_roster(content: bytes, *, house: House, now: datetime) -> Reading:
    """Reads a file. Raises TableError where it is no table of staff at all."""
    return read_rows(read_sheets(content), house=house, now=now)


def read_rows(sheets: Sequence[Sheet], *, house: House, now: datetime) -> Reading:
    """Reads sheets of cells. Raises TableError."""
    sheet, headings = find_headings(sheets, WORDING, _NEEDED)
    reader = _Reader(headings, house, now)
    reading = Reading(notes=list(headings.notes))
    for line, row in enumerate(sheet[headings.line :], headings.line + 1):
        if reader.rows.holds_data(row):
            reader.read(line, row, reading)
    reading.notes += _remarks([row for _, row in reading.rows], house)
    return reading


class _Reader:
    """Reads the rows below one row of headings."""

    def __init__(self, headings: Headings, house: House, now: datetime) -> None:
        self._headings, self._now = headings, now
        self._zone = ZoneInfo(house.hospital.timezone)
        self._offices = Offices(house.hospital)
        self._seen: dict[str, tuple[int, RosterRow]] = {}
        self.rows = Rows(headings, ("number", "name"))

    def read(self, line: int, row: Sequence[Cell], reading: Reading) -> None:
        """Adds the person or the row's problems."""
        found: list[Problem] = []
        values = self._values(line, row, found)
        if values["number"] is None:
            reading.bad_numbers += 1
        else:
            reading.numbers.add(values["number"])
        if all(one.taken for one in found):
            person = RosterRow(**values)
            before, known = self._seen.setdefault(person.number, (line, person))
            if known != person:
                reason = WORDING.say("problems", "number_twice", line=before)
                found = [Problem(line, self._headings.heading("number"), "number", reason)]
            elif line == before:
                reading.rows.append((line, person))
        reading.problems += found

    def _values(self, line: int, row: Sequence[Cell], found: list[Problem]) -> dict[str, Any]:
        take = partial(self.rows.take, line, row, found=found)
        take_if_told = partial(self.rows.take_if_told, line, row, found=found)
        left = take_if_told("standing", read_standing)
        left_on = take_if_told("left_on", lambda cell: read_left_on(cell, self._zone, self._now))
        later = any(one.field == "left_on" for one in found)
        return {
            "number": take("number", read_staff_number),
            "name": take("name", read_name),
            "office": take("office", self._offices.read),
            "role": take_if_told("role", read_role),
            "groups": take_if_told("groups", read_groups),
            "left": (left is True or (left is None and left_on is not None)) and not later,
            "left_on": left_on if left is not False else None,
        }


def _remarks(people: Sequence[RosterRow], house: House) -> Iterator[str]:
    """What is worth saying about good rows: groups that no duty knows, names that several have."""
    known = {group.name for group in house.duties.groups}
    unknown = sorted({group for one in people for group in one.groups or ()} - known)
    for group in unknown[:_MOST_NOTES]:
        yield WORDING.say("notes", "group", group=group)
    if len(unknown) > _MOST_NOTES:
        yield WORDING.say("notes", "groups_more", count=len(unknown) - _MOST_NOTES)
    shared = sum(count > 1 for count in Counter(one.name for one in people).values())
    if shared:
        yield WORDING.say("notes", "same_names", count=shared)
