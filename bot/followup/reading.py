"""Reads a table of discharges: rows that are right, and what is wrong with the others."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bot.followup.cells import read_consent, read_language, read_standing, read_visit
from bot.followup.mobiles import read_contact
from bot.followup.wording import WORDING, TableError, say
from bot.sheets_in.cells import BadCell, read_number, read_place
from bot.sheets_in.days import read_day
from bot.sheets_in.headings import Headings, find_headings
from bot.sheets_in.problems import Problem
from bot.sheets_in.rows import Rows
from bot.sheets_in.tables import MOST_COLUMNS, UNTOLD, Cell, Sheet, read_sheets
from storage.followup.rows import DischargeRow
from storage.hospital import Hospital

_NEEDED = ("number", "department", "discharged")
_MOST_NOTES = 20


@dataclass(slots=True)
class Reading:
    """A table that was read: good rows with their lines, problems by line, notes about the whole."""

    rows: list[tuple[int, DischargeRow]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    number_column: str = ""

    def other_stay(self, line: int) -> Problem:
        """The number of this line belongs to a stay of long before."""
        return Problem(line, self.number_column, "number", say("problems", "number_other_stay"))


def read_discharges(content: bytes, *, hospital: Hospital, now: datetime) -> Reading:
    """Reads a file. Raises TableError where it is no table of discharges at all."""
    return read_rows(read_sheets(content), hospital=hospital, now=now)


def read_objects(objects: Sequence[Mapping[str, Any]], *, hospital: Hospital, now: datetime) -> Reading:
    """Reads objects as if their keys were headings; the first object is line 1. Raises TableError.

    A key that an object lacks, or null, says nothing; an empty text says that there is none.
    """
    keys = list(dict.fromkeys(key for one in objects for key in one))
    if len(keys) > MOST_COLUMNS:
        raise TableError(say("files", "too_large"))
    sheet: Sheet = [list(keys), *([_told(one.get(key)) for key in keys] for one in objects)]
    return read_rows([sheet], hospital=hospital, now=now, first=0)


def _told(value: Any) -> Any:
    return UNTOLD if value is None else value


def read_rows(sheets: Sequence[Sheet], *, hospital: Hospital, now: datetime, first: int = 1) -> Reading:
    """Reads sheets of cells; `first` is the number of the first line. Raises TableError."""
    sheet, headings = find_headings(sheets, WORDING, _NEEDED, hospital.followup.columns)
    reader = _Reader(headings, hospital, now)
    reading = Reading(number_column=headings.heading("number"), notes=list(headings.notes))
    for line, row in enumerate(sheet[headings.line :], headings.line + first):
        if reader.rows.holds_data(row):
            reader.read(line, row, reading)
    reading.notes += _unknown_departments(reading.rows, hospital)
    return reading


class _Reader:
    """Reads the rows below one row of headings."""

    def __init__(self, headings: Headings, hospital: Hospital, now: datetime) -> None:
        self._headings, self._now = headings, now
        self._zone = ZoneInfo(hospital.timezone)
        self._assumed = hospital.followup.consent_without_column
        self._seen: dict[str, tuple[int, DischargeRow]] = {}
        self.rows = Rows(headings, ("number", "discharged"))

    def read(self, line: int, row: Sequence[Cell], reading: Reading) -> None:
        """Adds the row or its problems."""
        found: list[Problem] = []
        values = self._values(line, row, found)
        if not any(not one.taken for one in found):
            discharge = DischargeRow(**values)
            if problem := self._twice(line, discharge):
                found = [problem]
            elif line == self._seen[discharge.number][0]:
                reading.rows.append((line, discharge))
        reading.problems += found

    def _values(self, line: int, row: Sequence[Cell], found: list[Problem]) -> dict[str, Any]:
        take = partial(self.rows.take, line, row, found=found)
        take_if_told = partial(self.rows.take_if_told, line, row, found=found)
        number, visit = take("number", read_number), take_if_told("visit", read_visit)
        contact = take_if_told("contact", read_contact)
        if contact is None and self.rows.tells(row, "contact"):
            contact = "", ""
        consent = take_if_told("consent", read_consent)
        return {
            "number": f"{number}-{visit}" if visit else number,
            "department": take("department", _department),
            "ward": take_if_told("ward", lambda cell: read_place(cell, "ward")),
            "discharged_at": take("discharged", lambda cell: read_day(cell, self._zone, self._now)),
            "contact_channel": contact[0] if contact else "",
            "contact": contact[1] if contact else None,
            "consent": consent is True if self.rows.tells(row, "consent") else self._assumed or None,
            "language": take_if_told("language", read_language),
            "standing": take_if_told("standing", read_standing),
        }

    def _twice(self, line: int, row: DischargeRow) -> Problem | None:
        """The first row of a number counts; the same row again is no problem."""
        before, known = self._seen.setdefault(row.number, (line, row))
        if known == row:
            return None
        reason = say("problems", "number_twice", line=before)
        return Problem(line, self._headings.heading("number"), "number", reason)


def _department(cell: Cell) -> str:
    if name := read_place(cell, "department"):
        return name
    raise BadCell("department_missing")


def _unknown_departments(rows: Sequence[tuple[int, DischargeRow]], hospital: Hospital) -> Iterator[str]:
    """A line for each department that the hospital's settings do not know; none where they know no one."""
    rules = hospital.followup
    known = {*hospital.departments, *(ward.department for ward in rules.wards)}
    known |= {name for plan in rules.plans for name in plan.departments}
    unknown = list(dict.fromkeys(row.department for _, row in rows if row.department not in known))
    for name in unknown[:_MOST_NOTES] if known else ():
        close = next(iter(difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)), "")
        yield say("notes", "department_close" if close else "department", department=name, close=close)
    if known and len(unknown) > _MOST_NOTES:
        yield say("notes", "departments_more", count=len(unknown) - _MOST_NOTES)
