"""The sheet of a picture (see bot.pictures.sheet) that shows how far a drive is: its words and figures."""

from collections.abc import Iterator
from typing import Any

from handlers.staff.drives.wording import day_words, span
from handlers.words import Words
from storage.drives.items import ItemState
from storage.drives.reckoning import Cell, Line, Reckoning
from storage.duties.occurrences import OccurrenceStage
from storage.house import House

_MOST_OFFICES = 24
_MOST_COLUMNS = 12
_WEIGHT = {Cell.MISSING: 100, Cell.OPEN: 1}


def sheet_of(far: Reckoning, words: Words, *, house: House) -> dict[str, Any]:
    """The whole picture."""
    drive = far.drive
    range_ = span(drive.start, drive.over, words)
    return {
        "over": words("drives.picture_over", hospital=house.hospital.name),
        "title": words("drives.picture_title", title=drive.title),
        "under": words("drives.picture_under", range=range_, day=day_words(far.today, words)),
        "key": list(_key(far, words)),
        "charts": list(_charts(far, words)),
        "foot": [words("drives.picture_foot")],
    }


def _key(far: Reckoning, words: Words) -> Iterator[dict[str, str]]:
    drive, phase = far.drive, far.drive.phase_on(far.today)
    if phase is not None:
        note = words("drives.key_phase_note", number=drive.phases.index(phase) + 1, all=len(drive.phases))
        yield _entry(words("drives.key_phase"), phase.title, note)
    else:
        key = "drives.key_phase_waits" if far.today < drive.start else "drives.key_phase_over"
        yield _entry(words("drives.key_phase"), words(key), "")
    done, all_ = far.handed_in()
    more = words("drives.key_to_come", count=far.to_come) if far.to_come else ""
    yield _entry(words("drives.key_handed_in"), f"{done}/{all_}", more)
    overdue = far.overdue_items()
    note = words("drives.key_overdue", count=overdue) if overdue else words("drives.key_no_overdue")
    struck = f"{far.count(ItemState.STRUCK)}/{far.count()}"
    yield _entry(words("drives.key_struck"), struck if far.count() else words("drives.key_none"), note)


def _entry(label: str, value: str, note: str) -> dict[str, str]:
    return {"label": label, "value": value, "note": note}


def _charts(far: Reckoning, words: Words) -> Iterator[dict[str, Any]]:
    yield _phases(far, words)
    if far.count():
        yield _items(far, words)
    if any(line.offices for line in far.lines):
        yield _grid(far, words)


def _phases(far: Reckoning, words: Words) -> dict[str, Any]:
    drive = far.drive
    first, last = drive.start, max(drive.over, *(drive.last(one) for one in drive.phases))
    days = (last - first).days + 1
    phases = []
    for number, phase in enumerate(drive.phases, 1):
        begins, ends = drive.first(phase), drive.last(phase)
        phases.append(
            {
                "title": f"{number} {phase.title}", "range": span(begins, ends, words),
                "from": (begins - first).days / days, "to": ((ends - first).days + 1) / days,
                "now": begins <= far.today <= ends, "past": ends < far.today,
            }
        )  # fmt: skip
    today = ((far.today - first).days + 0.5) / days
    title, note = words("drives.chart_phases"), words("drives.chart_phases_note")
    inside = today if 0 <= today <= 1 else None
    return {
        "kind": "phases", "title": title, "note": note if inside is not None else "", "phases": phases,
        "today": inside,
    }  # fmt: skip


def _items(far: Reckoning, words: Words) -> dict[str, Any]:
    overdue = far.overdue_items()
    counts = {
        5: ("struck", far.count(ItemState.STRUCK)), 4: ("fixed", far.count(ItemState.FIXED)),
        2: ("open", far.count(ItemState.OPEN, ItemState.RETURNED) - overdue), 1: ("overdue", overdue),
    }  # fmt: skip
    parts = [
        {"grade": grade, "count": n, "value": str(n), "label": words(f"drives.part_{name}", count=n)}
        for grade, (name, n) in counts.items()
        if n
    ]
    note = words("drives.chart_items_note", count=far.count())
    return {"kind": "stack", "title": words("drives.chart_items"), "note": note, "parts": parts}


def _grid(far: Reckoning, words: Words) -> dict[str, Any]:
    """What was given out, the newest last, by office; offices that miss most come first."""
    lines = [one for one in far.lines if one.stage is not OccurrenceStage.PLANNED][-_MOST_COLUMNS:]
    rows = {office: [line.cell(office, far.now) for line in lines] for office in far.offices}
    shown = [office for office in far.offices if any(cell is not Cell.NONE for cell in rows[office])]
    shown.sort(key=lambda office: -sum(_WEIGHT.get(cell, 0) for cell in rows[office]))
    there = {cell for office in shown[:_MOST_OFFICES] for cell in rows[office]}
    note = words("drives.chart_grid_note")
    if len(shown) > _MOST_OFFICES:
        note = words("drives.chart_grid_rest", shown=_MOST_OFFICES, all=len(shown))
    return {
        "kind": "grid", "title": words("drives.chart_grid"), "note": note,
        "columns": [_column(line, words) for line in lines],
        "rows": [{"label": one, "cells": [str(cell) for cell in rows[one]]} for one in shown[:_MOST_OFFICES]],
        "legend": [[str(cell), words(f"drives.grid_{cell.value}")] for cell in Cell if cell in there],
    }  # fmt: skip


def _column(line: Line, words: Words) -> str:
    total = line.total
    return f"{line.title} {day_words(line.due_on, words)} {total.done}/{total.expected}"
