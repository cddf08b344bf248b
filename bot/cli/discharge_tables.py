"""Shows what became of a table of discharges."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.followup.importing import Outcome

_SHOWN = 20


def print_outcome(outcome: Outcome, name: str, *, dry: bool) -> None:
    """Notes, the first problems, and the counts; nothing that stands in a row."""
    console = Console(markup=False, highlight=False)
    for note in outcome.notes:
        console.print(f"Note: {note}", soft_wrap=True)
    if outcome.problems:
        _print_problems(console, outcome)
    counts, table = outcome.counts, Table(title=Text(f"{name} (dry run: nothing was kept)" if dry else name))
    for column in ("added", "changed", "unchanged", "bad"):
        table.add_column(column, justify="right")
    table.add_row(*(str(counts[column]) for column in ("added", "changed", "unchanged")), str(outcome.bad))
    console.print(table)


def _print_problems(console: Console, outcome: Outcome) -> None:
    table = Table("line", "column", "reason")
    for problem in outcome.problems[:_SHOWN]:
        table.add_row(str(problem.line), Text(problem.column), Text(problem.reason))
    console.print(table)
    if (more := len(outcome.problems) - _SHOWN) > 0:
        console.print(f"… and {more} more; write them all down with --problems-to FILE.csv", soft_wrap=True)
