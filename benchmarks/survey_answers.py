"""Counts how our own tables of answers are read: stays, scales, who answers, what is mentioned."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Counts
from nlp.mentions import find_mentions
from nlp.rating import Polarity, rate
from nlp.survey_replies import read_scale
from nlp.wrong_person import is_deceased, is_readmitted, is_wrong_person

_NAMES = ("stays", "scales", "person", "mentions")
_DECLINED, _NOTHING = "d", "_"
_SIGNS = {Polarity.POSITIVE: "+", Polarity.NEUTRAL: "0", Polarity.NEGATIVE: "-"}
_FLAGS = {"c": "needs_care", "o": "opt_out", "u": "urgent"}


def print_survey_answers(folder: Path, worst: int) -> int:
    """Reads the tables of a folder that are there and writes the figures; returns how many were."""
    printers = (_print_stays, _print_scales, _print_person, _print_mentions)
    found = [(folder / f"{name}.tsv", show) for name, show in zip(_NAMES, printers, strict=True)]
    present = [(path, show) for path, show in found if path.exists()]
    for path, show in present:
        rows = list(_rows(path))
        print(f"\n{path.stem}: {len(rows)} answers")
        for line in show(rows)[:worst]:
            print("  -", line)
    return len(present)


def _rows(path: Path) -> Iterator[list[str]]:
    for line in path.read_text("utf-8").splitlines()[2:]:
        yield line.split("\t")


def _print_stays(rows: list[list[str]]) -> list[str]:
    flags = {flag: Counts() for flag in _FLAGS}
    right = {"score": 0, "tone": 0}
    wrong = []
    for score, tone, marked, text in rows:
        rating = rate(text)
        read = dict(zip(_FLAGS, (rating.needs_care, rating.opt_out, rating.urgent), strict=True))
        for flag, counts in flags.items():
            counts.add(flag in marked, read[flag])
        scored = str(rating.score or _NOTHING)
        right["score"] += scored == score
        right["tone"] += _SIGNS[rating.polarity] == tone
        found = "".join(flag for flag in _FLAGS if read[flag])
        if (scored, _SIGNS[rating.polarity], set(found)) != (score, tone, set(marked)):
            wrong.append(f"{score}{tone}{marked}->{scored}{_SIGNS[rating.polarity]}{found}  {text!r}")
    for name, count in right.items():
        print(f"{name:<12} accuracy {count / len(rows):.3f}")
    for flag, title in _FLAGS.items():
        print(f"{title:<12} {flags[flag]}")
    return wrong


def _print_scales(rows: list[list[str]]) -> list[str]:
    right: dict[str, list[bool]] = {}
    wrong = []
    for scale, gold, text in rows:
        answer = read_scale(text, scale)
        read = _DECLINED if answer.declined else _NOTHING if answer.value is None else str(answer.value)
        right.setdefault(scale, []).append(read == gold)
        if read != gold:
            wrong.append(f"{scale} {gold}->{read}  {text!r}")
    for scale, hits in right.items():
        print(f"{scale:<12} accuracy {sum(hits) / len(hits):.3f}  ({len(hits)})")
    return wrong


def _print_person(rows: list[list[str]]) -> list[str]:
    tests = {"w": is_wrong_person, "x": is_deceased, "a": is_readmitted}
    counts = {kind: Counts() for kind in tests}
    wrong = []
    for gold, text in rows:
        for kind, test in tests.items():
            counts[kind].add(gold == kind, test(text))
            if test(text) != (gold == kind):
                wrong.append(f"{gold} {kind}={test(text)}  {text!r}")
    for kind, title in (("w", "wrong person"), ("x", "deceased"), ("a", "readmitted")):
        print(f"{title:<12} {counts[kind]}")
    return wrong


def _print_mentions(rows: list[list[str]]) -> list[str]:
    praised, complained = Counts(), Counts()
    wrong = []
    for good, bad, text in rows:
        found = find_mentions(text)
        for counts, gold, read in ((praised, good, found.praised), (complained, bad, found.complained)):
            wanted = set(filter(None, gold.split("、")))
            for term in wanted | set(read):
                counts.add(term in wanted, term in read)
            if wanted != set(read):
                wrong.append(
                    f"{'+' if counts is praised else '-'} {gold or _NOTHING}->{'、'.join(read)}  {text!r}"
                )
    print(f"praised      {praised}\ncomplained   {complained}")
    return wrong
