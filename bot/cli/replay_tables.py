"""The tables at the end of a replay: intents, categories, lead offices, time."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from sqlmodel import Session, col, func, select

from bot.cli.replaying import Run
from nlp.reading import Reader
from storage.cases import Case

if TYPE_CHECKING:
    from bot.data_folder import DataFolder


def print_tables(folder: "DataFolder", texts: Sequence[str], run: Run) -> None:
    """How the texts were read, where their cases went, and how long a message took."""
    console = Console()
    intents, categories = _read(texts, folder.reader)
    offices = folder.database.run_now(lambda session: _offices(session, run.last_before))
    cases = sum(offices.values())
    offices["(no case opened)"] = len(texts) - cases
    for title, counted in (("intent", intents), ("category", categories), ("lead office", offices)):
        console.print(_table(title, counted, len(texts)))
    console.print(_times(run), highlight=False, soft_wrap=True)
    for error, count in run.failed.most_common():
        console.print(f"failed: {count} × {error}", style="bold red")


def _read(texts: Sequence[str], reader: Reader) -> tuple[Counter[str], Counter[str]]:
    """The reader by itself: a message may have several categories, or none."""
    intents: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    for text in texts:
        verdict = reader.read(text)
        intents[verdict.intent.value] += 1
        intents["(unsure)"] += verdict.unsure
        intents["(urgent)"] += verdict.urgent
        categories.update(f"{one.value} {one.label}" for one in verdict.categories)
    return intents, categories


def _offices(session: Session, last_before: int) -> Counter[str]:
    counted = select(Case.lead_office, func.count(col(Case.id))).where(col(Case.id) > last_before)
    return Counter(dict(session.exec(counted.group_by(Case.lead_office)).all()))


def _table(title: str, counted: Counter[str], total: int) -> Table:
    table = Table(title, box=None, pad_edge=False, min_width=44)
    table.add_column("messages", justify="right")
    table.add_column("share", justify="right")
    for name, count in counted.most_common():
        table.add_row(name, str(count), f"{count / total:.1%}" if total else "")
    table.add_row("")
    return table


def _times(run: Run) -> str:
    if not run.spent:
        return "No messages."
    ordered = sorted(run.spent)
    points = ((name, ordered[min(len(ordered) * part // 100, len(ordered) - 1)]) for name, part in (
        ("p50", 50), ("p95", 95), ("p99", 99)))  # fmt: skip
    each = ", ".join(f"{name} {seconds * 1000:.1f}" for name, seconds in points)
    rate = len(ordered) / run.seconds if run.seconds else 0
    return f"{len(ordered)} messages in {run.seconds:.1f} s: {rate:.0f} messages/s; ms per message: {each}"
