"""Shows what was learned as tables, and writes it as rows for the hospital's own words."""

import csv
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nlp.learning import Finding
from nlp.own_table import first_name
from nlp.taxonomy import Category
from storage.errors import ConfigError

if TYPE_CHECKING:
    from bot.cli.lessons import Learned

_MOST = 60
_COLUMNS = ("kind", "word", "category", "weight", "means", "note")
_WEIGHT = "0.5"
"""Such a word alone opens no case of misconduct: it needs a second witness, until somebody trusts it more."""
_CATEGORIES = {category.value for category in Category}


def print_lessons(learned: "Learned") -> None:
    """The most telling phrases and false alarms, each with its counts of cases."""
    console = Console()
    head = f"{learned.corrected} corrected cases of {learned.cases}. Nothing was changed: words.csv is yours."
    console.print(head, highlight=False, soft_wrap=True)
    if learned.findings:
        console.print(_findings(learned.findings[:_MOST]))
    if learned.false_alarms:
        table = _table("false alarm", "read as", "struck", "let stand", "right")
        for alarm in learned.false_alarms[:_MOST]:
            _row(table, alarm.term, _label(alarm.code), alarm.struck, alarm.upheld, _labels(alarm.meant))
        console.print(table)
    if not learned.findings and not learned.false_alarms:
        console.print("No word stands in enough corrected cases yet.")


def write_words(path: Path, findings: Sequence[Finding]) -> int:
    """Writes the phrases that tell for a category as a table that words.csv takes; returns how many.

    Raises ConfigError where the file exists or cannot be written.
    """
    note = tomllib.loads(files("bot").joinpath("data/learning.toml").read_text("utf-8"))["note"]
    kind = first_name("kinds", "term")
    rows = [
        (kind, one.phrase, _label(one.code), _WEIGHT, "", note.format(**one._asdict()))
        for one in findings[:_MOST]
        if one.code in _CATEGORIES
    ]
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(
                [[first_name("columns", key) for key in _COLUMNS], *rows]
            )
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from None
    return len(rows)


def _findings(findings: Sequence[Finding]) -> Table:
    table = _table("word", "right category", "corrected", "elsewhere", "read as")
    for one in findings:
        _row(table, one.phrase, _label(one.code), one.corrected, one.elsewhere, _labels(one.said))
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for place, column in enumerate(columns):
        number = place in (2, 3)
        table.add_column(column, justify="right" if number else "left", overflow="fold", no_wrap=number)
    return table


def _row(table: Table, *cells: str | int) -> None:
    table.add_row(*(Text(str(cell)) for cell in cells))


def _labels(codes: Sequence[str]) -> str:
    return "、".join(map(_label, codes[:2]))


def _label(code: str) -> str:
    return Category(code).label if code in _CATEGORIES else code
