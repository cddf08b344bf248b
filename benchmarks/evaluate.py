"""Measures the reader against labelled messages: `python -m benchmarks.evaluate DATA`."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlp.rating import rate
from nlp.reading import Reader, Verdict

_WORST = 30
_SET_ASIDE = frozenset({"praise", "inquiry", "other"})
_GIFTS = frozenset({"red_envelope", "kickback"})
Row = dict[str, Any]


@dataclass(slots=True)
class Counts:
    """Right, wrong and missing for one thing; F1 and its parts from them."""

    hit: int = 0
    extra: int = 0
    missed: int = 0

    def add(self, gold: bool, found: bool) -> None:
        self.hit += gold and found
        self.extra += found and not gold
        self.missed += gold and not found

    @property
    def precision(self) -> float:
        return self.hit / (self.hit + self.extra) if self.hit + self.extra else 0.0

    @property
    def recall(self) -> float:
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else 0.0

    @property
    def f1(self) -> float:
        total = 2 * self.hit + self.extra + self.missed
        return 2 * self.hit / total if total else 0.0

    def __str__(self) -> str:
        return f"P {self.precision:.2f}  R {self.recall:.2f}  F1 {self.f1:.2f}  (n={self.hit + self.missed})"


@dataclass(slots=True)
class Mistake:
    """One message read differently from its label; heavier ones are shown first."""

    weight: float
    line: str


@dataclass(slots=True)
class Result:
    """What was measured on one file."""

    rows: int = 0
    intents: int = 0
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    categories: dict[str, Counts] = field(default_factory=dict)
    micro: Counts = field(default_factory=Counts)
    gifts: Counts = field(default_factory=Counts)
    urgency: Counts = field(default_factory=Counts)
    reports: int = 0
    missed_reports: int = 0
    unsure: int = 0
    false_alarms: int = 0
    innocent: int = 0
    mistakes: list[Mistake] = field(default_factory=list)


def measure(reader: Reader, rows: Iterable[Row]) -> Result:
    """Reads every row (`text`, `intent`, `categories`, `urgent`) and counts."""
    result = Result()
    for row in rows:
        _count(result, row, reader.read(row["text"]))
    return result


def _count(result: Result, row: Row, verdict: Verdict) -> None:
    gold, found = set(row["categories"]), {category.value for category in verdict.categories}
    result.rows += 1
    result.intents += row["intent"] == verdict.intent
    result.confusion[row["intent"], verdict.intent.value] += 1
    result.unsure += verdict.unsure
    result.gifts.add(bool(gold & _GIFTS), bool(found & _GIFTS))
    result.urgency.add(bool(row["urgent"]), verdict.urgent)
    for code in gold | found:
        result.categories.setdefault(code, Counts()).add(code in gold, code in found)
        result.micro.add(code in gold, code in found)
    missed = row["intent"] == "report" and verdict.intent in _SET_ASIDE and not verdict.unsure
    result.reports += row["intent"] == "report"
    result.missed_reports += missed
    result.innocent += row["intent"] == "other"
    result.false_alarms += row["intent"] == "other" and verdict.intent == "report"
    _note_mistake(result, row, verdict, gold ^ found, missed)


def _note_mistake(result: Result, row: Row, verdict: Verdict, differing: set[str], missed: bool) -> None:
    wrong = row["intent"] != verdict.intent
    if not wrong and not differing:
        return
    weight = 10 * missed + 3 * wrong * verdict.confidence + 0.3 * len(differing)
    result.mistakes.append(
        Mistake(
            weight,
            f"{row['id']}  {row['intent']} {','.join(row['categories'])}  ->  {verdict.intent} "
            f"{','.join(verdict.categories)} ({verdict.confidence}{', unsure' if verdict.unsure else ''})"
            f"\n      {row['text'][:110]!r}",
        )
    )


def print_result(name: str, result: Result, worst: int) -> None:
    """Writes the figures of one file."""
    print(f"\n== {name}: {result.rows} messages ==")
    print(f"intent accuracy           {result.intents / result.rows:.3f}")
    print(f"categories, micro         {result.micro}")
    print(f"red_envelope + kickback   {result.gifts}")
    print(f"urgency                   {result.urgency}")
    share = result.missed_reports / result.reports if result.reports else 0.0
    print(f"missed reports            {result.missed_reports} of {result.reports} ({share:.3f})")
    print(f"other read as report      {result.false_alarms} of {result.innocent}")
    print(f"unsure                    {result.unsure / result.rows:.3f}")
    for (gold, found), count in sorted(result.confusion.items()):
        if gold != found:
            print(f"  {gold:>10} read as {found:<10} {count}")
    for code, counts in sorted(result.categories.items()):
        print(f"  {code:<22} {counts}")
    for mistake in sorted(result.mistakes, key=lambda mistake: -mistake.weight)[:worst]:
        print("  -", mistake.line)


def print_ratings(name: str, rows: list[Row], worst: int) -> None:
    """Reads satisfaction replies and writes the figures."""
    fields = ("score", "polarity", "opt_out", "needs_care", "urgent")
    right: Counter[str] = Counter()
    flags = {field_name: Counts() for field_name in ("opt_out", "needs_care", "urgent")}
    micro, mistakes = Counts(), []
    for row in rows:
        rating = rate(row["text"])
        read = {key: getattr(rating, key) for key in fields}
        for key in fields:
            right[key] += read[key] == row[key]
        for key, counts in flags.items():
            counts.add(row[key], read[key])
        gold, found = set(row["categories"]), {category.value for category in rating.categories}
        for code in gold | found:
            micro.add(code in gold, code in found)
        wrong = [f"{key} {row[key]}->{read[key]}" for key in fields if read[key] != row[key]]
        if gold != found:
            wrong.append(f"{','.join(sorted(gold))}->{','.join(sorted(found))}")
        if wrong:
            mistakes.append((len(wrong), f"{'; '.join(wrong)}\n      {row['text'][:110]!r}"))
    print(f"\n== {name}: {len(rows)} replies ==")
    for key in fields:
        print(f"{key:<12} accuracy {right[key] / len(rows):.3f}  {flags.get(key, '')}")
    print(f"categories   {micro}")
    for _, line in sorted(mistakes, key=lambda mistake: -mistake[0])[:worst]:
        print("  -", line)


def _lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _letters(data: Path) -> list[Row]:
    texts = {row["id"]: row["text"] for row in _lines(data / "real_messages.jsonl")}
    return [row | {"text": texts[row["id"]]} for row in _lines(data / "dev_letters_labels.jsonl")]


def main() -> int:
    """Entry point; exit status 2 where the folder holds none of the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with dev_chat.jsonl and its neighbours")
    parser.add_argument("--worst", type=int, default=_WORST, help="mistakes shown per file")
    options = parser.parse_args()
    data: Path = options.data
    reader = Reader.load()
    measured = 0
    if (data / "dev_chat.jsonl").exists():
        print_result("chat", measure(reader, _lines(data / "dev_chat.jsonl")), options.worst)
        measured += 1
    if (data / "dev_letters_labels.jsonl").exists() and (data / "real_messages.jsonl").exists():
        print_result("letters", measure(reader, _letters(data)), options.worst)
        measured += 1
    if (data / "dev_satisfaction.jsonl").exists():
        print_ratings("satisfaction", _lines(data / "dev_satisfaction.jsonl"), options.worst)
        measured += 1
    if not measured:
        print(f"evaluate: {data} holds no labelled messages", file=sys.stderr)
    return 0 if measured else 2


if __name__ == "__main__":
    sys.exit(main())
