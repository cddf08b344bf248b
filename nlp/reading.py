"""Reads a message: what the person wants, what is alleged, how urgent, how sure, and why."""

import re
from dataclasses import dataclass
from functools import lru_cache

from nlp.commands import find_answer, find_command, is_greeting
from nlp.entities import Directory, Mentions, mentions, shipped_directory
from nlp.evidence import Evidence, from_lists, thinly_shown, with_learned
from nlp.judging import Judgement, judge
from nlp.keyword_look import Look, look
from nlp.lexicon import Lexicon, build, lexicon
from nlp.normalise import normalise
from nlp.own_lists import OwnWords
from nlp.scoring import Scorer, shipped_scorer
from nlp.signs import signs
from nlp.taxonomy import Category, Intent
from nlp.weighing import Scales

_WORD = re.compile(r"[^\W_]")
_STEERING = 30
"""Characters of the longest message that only greets or steers the conversation."""


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
    """Holds the lists and weights; one instance serves the whole process, from several threads if need be."""

    def __init__(
        self, lists: Lexicon, directory: Directory | None = None, scorer: Scorer | None = None
    ) -> None:
        self._lists = lists
        self._directory = directory or shipped_directory()
        self._scorer = scorer

    @staticmethod
    def load() -> "Reader":
        """The reader with what comes along, made once per process. Raises ListError."""
        return _reader()

    @staticmethod
    def by_keywords() -> "Reader":
        """A reader that knows the shipped lists alone and nothing that was learned. Raises ListError."""
        return Reader(lexicon())

    @staticmethod
    def with_words(own: OwnWords) -> "Reader":
        """A reader that knows a hospital's own words as well; others know nothing of them."""
        return Reader(build(own), Directory(own), shipped_scorer()) if own else Reader.load()

    def mentions(self, text: str) -> Mentions:
        """What the text names of department, time, sum and person, also by the hospital's own words."""
        return mentions(text, self._directory)

    def signs(self, text: str) -> list[str]:
        """What the lists find in a text, as the learned weights know it (see nlp/signs.py)."""
        return _signs(look(self._lists, normalise(text)))

    def read(self, text: str) -> Verdict:
        """Never raises for any string; time grows with the length of the text."""
        return self.study(text).verdict

    def study(self, text: str) -> Reading:
        """The verdict together with the weights behind it."""
        form = normalise(text)
        if not _WORD.search(form.text) or (len(text) <= _STEERING and _steers(text)):
            return Reading(Verdict(Intent.OTHER, confidence=0.95), Scales())
        found = look(self._lists, form)
        if self._scorer is None:
            judgement = found.judgement()
            evidence = from_lists(text, form, found.scales, judgement.categories)
        else:
            scores = self._scorer.score(form.text, _signs(found))
            judgement = judge(scores, found.decision.intent)
            evidence = from_lists(text, form, found.scales, judgement.categories)
            if thin := thinly_shown(judgement.labels, evidence):
                evidence = with_learned(text, form, evidence, self._scorer.telling(scores, thin))
        return Reading(_verdict(judgement, evidence), found.scales)


@lru_cache(maxsize=1)
def _reader() -> Reader:
    return Reader(lexicon(), None, shipped_scorer())


def _steers(text: str) -> bool:
    return is_greeting(text) or find_command(text) is not None or find_answer(text) is not None


def _signs(found: Look) -> list[str]:
    return signs(found.hits, found.scales, found.decision, found.form.text)


def _verdict(judgement: Judgement, evidence: tuple[Evidence, ...]) -> Verdict:
    return Verdict(
        intent=judgement.intent,
        categories=judgement.categories,
        urgent=judgement.urgent,
        confidence=round(judgement.confidence, 2),
        unsure=judgement.unsure,
        evidence=evidence,
    )
