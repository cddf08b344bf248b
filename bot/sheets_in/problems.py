"""What is wrong in one cell of a table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Line as a spreadsheet counts, heading, reason; never the value itself.

    `taken`: the row is in all the same, without this cell.
    """

    line: int
    column: str
    field: str
    reason: str
    taken: bool = False
