"""Counts how a reader does on labelled messages."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from nlp.reading import Reader, Verdict

_SET_ASIDE = frozenset({"praise", "inquiry", "other"})
_INNOCENT = frozenset({"praise", "inquiry", "other"})
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
        return f"P {self.precision:.2f}  R {self.recall:.2f}  F1 {self.f1:.2f}"


@dataclass(slots=True)
class Mistake:
    """One message read differently from its label; heavier ones are shown first."""

    weight: float
    line: str


@dataclass(slots=True)
class Result:
    """What was measured on one file.

    `missed_reports`: labelled report, read as praise, inquiry or other, and so sure that no person would
    look. `false_alarms`: labelled praise, inquiry or other, read as report.
    """

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
    innocent: int = 0
    false_alarms: int = 0
    others: int = 0
    others_as_report: int = 0
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
    as_report = verdict.intent == "report"
    result.reports += row["intent"] == "report"
    result.missed_reports += missed
    result.innocent += row["intent"] in _INNOCENT
    result.false_alarms += row["intent"] in _INNOCENT and as_report
    result.others += row["intent"] == "other"
    result.others_as_report += row["intent"] == "other" and as_report
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
