"""Reads a message: what the person wants, what is alleged, how urgent, how sure, and why."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from nlp.clauses import Clauses, mark_negations, overturn_refusals
from nlp.commands import find_answer, find_command, is_greeting
from nlp.entities import Directory, Mentions, amount_spans, mentions, shipped_directory
from nlp.frames import match_frames
from nlp.hits import HitIndex
from nlp.intents import ENOUGH, SURE, Decision, Signals, decide
from nlp.lexicon import Lexicon, build, lexicon
from nlp.normalise import Normalised, normalise
from nlp.own_lists import OwnWords
from nlp.taxonomy import COMPLAINTS, MISCONDUCT, Category, Intent
from nlp.urgency import is_urgent
from nlp.weighing import Scales, weigh

_MOST_CATEGORIES = 4
_MOST_EVIDENCE = 12
_WORD = re.compile(r"[^\W_]")


class Evidence(NamedTuple):
    """A piece of the text that spoke for a category (None: for an intent); characters of the original."""

    term: str
    category: Category | None
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a message was read. `unsure`: a person at the service desk reads it, whatever the intent says."""

    intent: Intent
    categories: tuple[Category, ...] = ()
    urgent: bool = False
    confidence: float = 0.0
    unsure: bool = False
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A verdict with the weights behind it, for callers that decide differently (the rating of a stay)."""

    verdict: Verdict
    scales: Scales


class Reader:
    """Holds the lists; one instance serves the whole process and is safe to use from several threads."""

    def __init__(self, lists: Lexicon, directory: Directory | None = None) -> None:
        self._lists = lists
        self._directory = directory or shipped_directory()

    @staticmethod
    def load() -> "Reader":
        """The reader with the lists that come along, made once per process. Raises ListError."""
        return _reader()

    @staticmethod
    def with_words(own: OwnWords) -> "Reader":
        """A reader that knows a hospital's own words as well; others know nothing of them."""
        return Reader(build(own), Directory(own)) if own else Reader.load()

    def mentions(self, text: str) -> Mentions:
        """What the text names of department, time, sum and person, also by the hospital's own words."""
        return mentions(text, self._directory)

    def read(self, text: str) -> Verdict:
        """Never raises for any string; time grows with the length of the text."""
        return self.study(text).verdict

    def study(self, text: str) -> Reading:
        """The verdict together with the weights behind it."""
        form = normalise(text)
        if not _WORD.search(form.text) or is_greeting(text) or _steers(text):
            return Reading(Verdict(Intent.OTHER, confidence=0.95), Scales())
        index = HitIndex(self._lists.find(form.text, amount_spans(form)), self._lists.words)
        mark_negations(form.text, index)
        overturn_refusals(index)
        clauses = Clauses(form, index)
        scales = weigh(form.text, index, match_frames(self._lists.frames, index), clauses)
        decision = decide(Signals.gather(form.text, index), scales)
        urgent = is_urgent(index, scales, decision.intent, len(form.text))
        return Reading(_verdict(text, form, scales, decision, urgent), scales)


@lru_cache(maxsize=1)
def _reader() -> Reader:
    return Reader(lexicon())


def _steers(text: str) -> bool:
    return find_command(text) is not None or find_answer(text) is not None


def _verdict(text: str, form: Normalised, scales: Scales, decision: Decision, urgent: bool) -> Verdict:
    categories = _ranked(scales, decision.intent)
    return Verdict(
        intent=decision.intent,
        categories=categories,
        urgent=urgent,
        confidence=round(decision.confidence, 2),
        unsure=decision.confidence < SURE,
        evidence=_evidence(text, form, scales, categories),
    )


def _ranked(scales: Scales, intent: Intent) -> tuple[Category, ...]:
    if intent not in (Intent.REPORT, Intent.COMPLAINT):
        return ()
    ranked = sorted(scales.scores.items(), key=lambda item: -item[1])
    if intent is Intent.COMPLAINT:
        ranked = [(category, score) for category, score in ranked if category in COMPLAINTS]
    else:
        ranked.sort(key=lambda item: item[0] not in MISCONDUCT)
    most = max([score for _, score in ranked], default=0.0)
    chosen = [category for category, score in ranked if score >= min(ENOUGH, most) and score >= 0.4 * most]
    return tuple(chosen[:_MOST_CATEGORIES])


def _evidence(
    text: str, form: Normalised, scales: Scales, categories: tuple[Category, ...]
) -> tuple[Evidence, ...]:
    pieces = []
    for witness in scales.witnesses:
        if categories and witness.category not in categories:
            continue
        start, end = form.span(witness.start, witness.end)
        pieces.append(Evidence(text[start:end], witness.category, start, end, witness.why))
        if len(pieces) == _MOST_EVIDENCE:
            break
    return tuple(dict.fromkeys(pieces))
