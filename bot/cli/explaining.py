"""Shows a verdict with its evidence, in colour where the terminal has any."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nlp.evidence import Evidence
from nlp.reading import Verdict

_LIT = "bold black on yellow"


def print_verdict(text: str, verdict: Verdict) -> None:
    """The text with the evidence lit up, the verdict, and a line on every piece of evidence."""
    console = Console(highlight=False)
    console.print(_lit(text, verdict.evidence), soft_wrap=True)
    console.print(_facts(verdict), soft_wrap=True)
    if verdict.evidence:
        console.print(_reasons(verdict.evidence))


def _lit(text: str, evidence: tuple[Evidence, ...]) -> Text:
    shown = Text(text.encode("utf-8", "replace").decode())
    for piece in evidence:
        shown.stylize(_LIT, piece.start, piece.end)
    return shown


def _facts(verdict: Verdict) -> Text:
    categories = ", ".join(f"{one.value} {one.label}" for one in verdict.categories) or "none"
    notes = [word for word, yes in (("urgent", verdict.urgent), ("unsure", verdict.unsure)) if yes]
    facts = Text("\n")
    facts.append("intent      ").append(verdict.intent.value, "bold")
    facts.append("\ncategories  ").append(categories, "bold")
    facts.append("\nconfidence  ").append(f"{verdict.confidence:.2f}")
    if notes:
        facts.append("\nnote        ").append(", ".join(notes), "bold red")
    return facts


def _reasons(evidence: tuple[Evidence, ...]) -> Table:
    table = Table("characters", "term", "category", "why", box=None, pad_edge=False)
    for piece in evidence:
        category = piece.category.value if piece.category else ""
        term = piece.term.encode("utf-8", "replace").decode()
        row = (f"{piece.start}-{piece.end}", term, category, piece.why)
        table.add_row(*(Text(cell) for cell in row))
    return table
