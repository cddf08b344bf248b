"""`make bench`: prints figures of one run on one machine, as ratios against a named baseline."""

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.baseline import commits_per_second
from benchmarks.client import send_reports
from benchmarks.lists import seconds_to_open
from benchmarks.processes import served

REPORTS, SENDERS = 6_000, 64
JOURNALS = {"wal": "write-ahead log", "delete": "SQLite's default journal"}
_console = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: what was measured, against what, and what is wanted."""

    name: str
    measured: str
    baseline: str
    ratio: str
    wanted: str


def main() -> None:
    """Runs everything and prints one table."""
    table = Table("figure", "measured", "baseline", "ratio", "wanted", title="Lianxin")
    with tempfile.TemporaryDirectory(dir=".") as folder:
        for figure in (*_reports(Path(folder)), *_lists(Path(folder))):
            table.add_row(figure.name, figure.measured, figure.baseline, figure.ratio, figure.wanted)
    Console().print(table)


def _reports(folder: Path) -> Iterator[Figure]:
    """Durable reports through HTTP, between two runs of the baselines."""
    with _console.status("plain commits, then reports through HTTP …"):
        before = _baselines(_fresh(folder, "before"))
        with served(folder / "data") as server:
            asyncio.run(send_reports(server.port, 200, 8))  # the first words load the dictionary
            took, seconds = asyncio.run(send_reports(server.port, REPORTS, SENDERS))
            memory = server.resident_megabytes
        with served(folder / "data") as again:
            first, _ = asyncio.run(send_reports(again.port, 1, 1))
            cold = again.seconds + first
        after = _baselines(_fresh(folder, "after"))
    rate = REPORTS / took
    for journal, name in JOURNALS.items():
        plain = (before[journal] + after[journal]) / 2
        yield Figure(
            f"durable reports through HTTP, {SENDERS} senders", f"{rate:.0f}/s",
            f"{plain:.0f}/s single-row SQLModel commits, {name}", f"{rate / plain:.2f}", "≥ 0.50",
        )  # fmt: skip
    median, high = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.99)]
    yield Figure("  of these, p50 / p99", f"{median * 1e3:.0f} / {high * 1e3:.0f} ms", "", "", "p99 < 250 ms")
    yield Figure("first answer after a cold start", f"{cold:.2f} s", "", "", "< 3 s")
    yield Figure(f"resident memory after {REPORTS} reports", f"{memory:.0f} MB", "", "", "< 220 MB")


def _lists(folder: Path) -> Iterator[Figure]:
    with _console.status("an officer's lists with many cases …"):
        few = seconds_to_open(folder / "few", 1_000)
        many = seconds_to_open(folder / "many", 100_000)
    yield Figure(
        "officer's lists with 100,000 cases", f"{many * 1e3:.2f} ms", f"{few * 1e3:.2f} ms with 1,000",
        f"{many / few:.2f}", "≤ 1.50",
    )  # fmt: skip


def _baselines(folder: Path) -> dict[str, float]:
    return {journal: commits_per_second(folder, journal) for journal in JOURNALS}


def _fresh(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


if __name__ == "__main__":
    main()
