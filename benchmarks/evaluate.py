"""Measures the reader against labelled messages: `python -m benchmarks.evaluate [DATA]`."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.measuring import Counts, Result, Row, measure
from benchmarks.own_messages import FOLDER, records
from benchmarks.replies import print_ratings
from benchmarks.survey_answers import print_survey_answers
from nlp.reading import Reader

_WORST = 30
_console = Console(highlight=False, soft_wrap=True)


def print_results(name: str, learned: Result, keywords: Result, worst: int) -> None:
    """Writes the figures of one file: with the learned weights, and of the word lists alone."""
    table = Table(
        "", "reader", "keywords alone", title=f"{name}: {learned.rows} messages", title_justify="left"
    )
    for title, one, other in zip(_TITLES, _figures(learned), _figures(keywords), strict=True):
        table.add_row(title, one, other)
    table.add_section()
    for code in sorted(learned.categories.keys() | keywords.categories.keys()):
        pair = (one.categories.get(code, Counts()) for one in (learned, keywords))
        known = learned.categories.get(code) or keywords.categories[code]
        table.add_row(f"{code} ({known.hit + known.missed})", *map(str, pair))
    _console.print(table)
    for (gold, found), count in sorted(learned.confusion.items()):
        if gold != found:
            _console.print(f"  {gold:>10} read as {found:<10} {count}")
    for mistake in sorted(learned.mistakes, key=lambda mistake: -mistake.weight)[:worst]:
        _console.print("  -", mistake.line, markup=False)


_TITLES = (
    "intent, accuracy",
    "categories, micro",
    "red_envelope + kickback",
    "urgency",
    "missed reports",
    "false alarms: praise, inquiry, other as report",
    "  of these other (sectors, spam, talk)",
    "unsure: a person looks",
)


def _figures(result: Result) -> Iterator[str]:
    yield f"{result.intents / result.rows:.3f}"
    yield from map(str, (result.micro, result.gifts, result.urgency))
    yield _share(result.missed_reports, result.reports)
    yield _share(result.false_alarms, result.innocent)
    yield _share(result.others_as_report, result.others)
    yield f"{result.unsure / result.rows:.3f}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole if whole else 0:.3f}  ({part} of {whole})"


def labelled(data: Path) -> Iterator[tuple[str, list[Row]]]:
    """The labelled messages of a folder, by the name of their file.

    Letters are labels by id (`dev_letters_labels.jsonl`) for the texts of `real_messages.jsonl`; every other
    `*chat*.jsonl` or `*letters*.jsonl` holds texts and labels together.
    """
    labels, texts = data / "dev_letters_labels.jsonl", data / "real_messages.jsonl"
    for path in sorted({*data.glob("*chat*.jsonl"), *data.glob("*letters*.jsonl")} - {labels}):
        yield path.stem, [{"id": str(number), **row} for number, row in enumerate(records(path), start=1)]
    if labels.exists() and texts.exists():
        by_id = {row["id"]: row["text"] for row in records(texts)}
        yield labels.stem, [row | {"text": by_id[row["id"]]} for row in records(labels)]


def main() -> int:
    """Entry point; exit status 2 where the folder holds none of the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "data",
        type=Path,
        nargs="?",
        default=FOLDER / "held_back",
        help="folder with labelled messages; without it the project's own that training never sees",
    )
    parser.add_argument("--worst", type=int, default=_WORST, help="mistakes shown per file")
    options = parser.parse_args()
    measured = 0
    for name, rows in labelled(options.data):
        learned, keywords = measure(Reader.load(), rows), measure(Reader.by_keywords(), rows)
        print_results(name, learned, keywords, options.worst)
        measured += 1
    for path in sorted({*options.data.glob("*satisfaction*.jsonl"), *options.data.glob("*replies*.jsonl")}):
        print_ratings(path.stem, list(records(path)), options.worst)
        measured += 1
    measured += print_survey_answers(options.data, options.worst)
    if not measured:
        print(f"evaluate: {options.data} holds no labelled messages", file=sys.stderr)
    return 0 if measured else 2


if __name__ == "__main__":
    sys.exit(main())
