"""`make bench`: prints figures of one run on one machine, as ratios against a named baseline."""

import argparse
import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import duty_year, followup_sweep, reading
from benchmarks.baseline import commits_per_second
from benchmarks.bulk_letters import duty_letters, survey_letters
from benchmarks.client import send_reports
from benchmarks.fan_out import fan_out, seconds_to_claim
from benchmarks.lists import seconds_to_open
from benchmarks.processes import served

PARTS = ("reading", "reports", "lists", "followups", "fanout", "duties", "announce")
REPORTS, SENDERS = 6_000, 64
CHATS, FEW_LETTERS, MANY_LETTERS = 600, 500, 25_000
STAFF_CHATS, FEW_PAST, MANY_PAST = 10_000, 1_000, 100_000
FEW_DISCHARGES, MANY_DISCHARGES = 10_000, 1_000_000
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
    """Runs everything, or the part that is named, and prints one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS, help="only this part")
    parser.add_argument("--data", type=Path, help="folder with real_messages.jsonl to read; else our own")
    options = parser.parse_args()
    table = Table("figure", "measured", "baseline", "ratio", "wanted", title="Lianxin")
    with tempfile.TemporaryDirectory(dir=".", prefix=".bench-") as name:
        folder = Path(name)
        parts = {
            "reading": lambda: _reading(options.data),
            "reports": lambda: _reports(folder),
            "lists": lambda: _lists(folder),
            "followups": lambda: _followups(folder),
            "fanout": lambda: _fan_out(folder),
            "duties": lambda: _duties(folder),
            "announce": lambda: _announce(folder),
        }
        for part in [options.part] if options.part else parts:
            for figure in parts[part]():
                table.add_row(figure.name, figure.measured, figure.baseline, figure.ratio, figure.wanted)
    Console().print(table)


def _reading(data: Path | None) -> Iterator[Figure]:
    with _console.status("reading messages …"):
        some = reading.texts(data)
        reader, keywords, plain = reading.against_jieba(some)
        few, many = reading.by_terms(some)
        long = reading.long_text(some)
        seconds, memory = reading.start()
    baseline = f"{plain / 1e3:.0f}k characters/s, jieba.lcut"
    yield Figure(
        f"reading {len(some):,} messages",
        f"{reader / 1e3:.0f}k characters/s",
        baseline,
        f"{reader / plain:.2f}",
        "≥ 5",
    )
    yield Figure(
        "  by keywords alone", f"{keywords / 1e3:.0f}k characters/s", baseline, f"{keywords / plain:.2f}", ""
    )
    yield Figure(
        "  with 40,000 more terms", f"{many:.2f} s", f"{few:.2f} s with 4,000", f"{many / few:.2f}", "≤ 1.30"
    )
    yield Figure("a text of 100,000 characters", f"{long * 1e3:.0f} ms", "", "", "< 1 s")
    yield Figure(
        "reader loaded, first message read", f"{seconds:.2f} s, {memory:.0f} MB", "", "", "≤ 1 s, 120 MB"
    )


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


def _followups(folder: Path) -> Iterator[Figure]:
    with _console.status("a sweep of surveys with a million discharges …"):
        for name, count in (("few", FEW_DISCHARGES), ("many", MANY_DISCHARGES)):
            followup_sweep.lay_out(folder / name, count)
        few, many = followup_sweep.sweep(folder / "few", folder / "many")
    baseline = f"{FEW_DISCHARGES:,}"
    yield Figure(
        f"sweep finds {followup_sweep.DUE:,} surveys, {MANY_DISCHARGES:,} discharges",
        f"{many.seconds:.2f} s", f"{few.seconds:.2f} s with {baseline}",
        f"{many.seconds / few.seconds:.2f}", "≤ 2.00",
    )  # fmt: skip
    yield Figure(
        "  memory of it", f"{many.megabytes:.0f} MB", f"{few.megabytes:.0f} MB with {baseline}",
        f"{many.megabytes / few.megabytes:.2f}", "≤ 1.50",
    )  # fmt: skip


def _fan_out(folder: Path) -> Iterator[Figure]:
    with _console.status("a question to hundreds of chats at Telegram's pace …"):
        sent = fan_out(folder / "fanout", CHATS, survey_letters)
        few = seconds_to_claim(folder / "few letters", FEW_LETTERS)
        many = seconds_to_claim(folder / "many letters", MANY_LETTERS)
    yield Figure(
        f"survey letters to {sent.sent} chats, {sent.refused} refused", f"{sent.rate:.2f}/s",
        f"{sent.allowed:.0f}/s allowed by Telegram's limits", f"{sent.rate / sent.allowed:.2f}",
        "≥ 0.95, 0 refused",
    )  # fmt: skip
    yield Figure(
        f"next letters of {MANY_LETTERS:,} that wait", f"{many * 1e3:.2f} ms",
        f"{few * 1e3:.2f} ms of {FEW_LETTERS}", f"{many / few:.2f}", "≤ 1.50",
    )  # fmt: skip


def _duties(folder: Path) -> Iterator[Figure]:
    with _console.status("a year of duties of a large house …"):
        duty_year.lay_out(folder / "year")
        year = duty_year.year(folder / "year")
        few = duty_year.idle_sweep(folder / "year", FEW_PAST)
        many = duty_year.idle_sweep(folder / "year", MANY_PAST)
    yield Figure(
        f"a year of {duty_year.DUTIES} duties, {duty_year.STAFF:,} staff: {year.occurrences:,} occurrences",
        f"{year.seconds:.1f} s, {year.megabytes:.0f} MB", "", "", "< 10 s, 300 MB",
    )  # fmt: skip
    yield Figure(f"  one given out to {duty_year.STAFF:,} people", f"{year.to_open:.2f} s", "", "", "")
    yield Figure(
        f"sweep with nothing to do, {MANY_PAST:,} occurrences are over", f"{many * 1e3:.2f} ms",
        f"{few * 1e3:.2f} ms after {FEW_PAST:,}", f"{many / few:.2f}", "< 20 ms, ≤ 1.50",
    )  # fmt: skip


def _announce(folder: Path) -> Iterator[Figure]:
    with _console.status(f"a duty to {STAFF_CHATS:,} private chats at Telegram's pace: six minutes …"):
        sent = fan_out(folder / "announce", STAFF_CHATS, duty_letters)
    yield Figure(
        f"a duty to {sent.sent:,} private chats, {sent.refused} refused", f"{sent.rate:.2f}/s",
        f"{sent.allowed:.0f}/s allowed by Telegram's limits", f"{sent.rate / sent.allowed:.2f}",
        "≥ 0.95, 0 refused",
    )  # fmt: skip


def _baselines(folder: Path) -> dict[str, float]:
    return {journal: commits_per_second(folder, journal) for journal in JOURNALS}


def _fresh(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


if __name__ == "__main__":
    main()
