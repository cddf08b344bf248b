"""Problems of a table as a table of its own: file, line, column, reason; no value of any row."""

import csv
import io
from collections.abc import Iterable

from bot.sheets_in.problems import Problem
from bot.sheets_in.wording import TABLES

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def as_table(name: str, problems: Iterable[Problem], *, whole: str = "") -> bytes:
    """CSV that Excel opens as it is. `name` is the file's; `whole` is what is wrong with all of it."""
    content, words = io.StringIO(newline=""), TABLES["problem_file"]
    writer = csv.writer(content)
    writer.writerow([words[column] for column in ("file", "line", "column", "reason", "taken")])
    if whole:
        writer.writerow([_harmless(name), "", "", whole, words["no"]])
    for one in problems:
        taken = words["yes" if one.taken else "no"]
        writer.writerow([_harmless(name), one.line, _harmless(one.column), one.reason, taken])
    return content.getvalue().encode("utf-8-sig", "replace")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip().startswith(_STARTS_A_FORMULA) else cell
