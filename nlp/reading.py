"""Reads a message: what the person wants, what is alleged, how urgent, how sure, and why."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.commands import find_answer, find_command, is_greeting
from nlp.crisis import crisis_in
from nlp.entities import Directory, Entities, Mentions, entities, mentions, shipped_directory
from nlp.evidence import Evidence, from_lists, thinly_shown, with_learned
from nlp.judging import SET_ASIDE, Judgement, is_plain, judge
from nlp.keyword_look import Glance, glance, look
from nlp.lexicon import Lexicon, build, lexicon
from nlp.normalise import Normalised, normalise
from nlp.own_lists import OwnWords
from nlp.scoring import Scorer, Scores, Weighed, shipped_scorer
from nlp.taxonomy import Category, Intent
from nlp.weighing import Scales

_WORD = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]|[^\W\d_]{2}")
"""A Han character or two letters: less says nothing."""
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
        self,
        lists: Lexicon,
        directory: Directory | None = None,
        scorer: Scorer | None = None,
        innocent: Sequence[str] = (),
    ) -> None:
        self._lists = lists
        self._innocent = AhoCorasick(list(innocent), matchkind=MatchKind.LeftmostLongest)
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
        return Reader(build(own), Directory(own), shipped_scorer(), own.innocent) if own else Reader.load()

    def mentions(self, text: str) -> Mentions:
        """What the text names of department, time, sum and person, also by the hospital's own words."""
        return mentions(text, self._directory)

    def entities(self, text: str, received: date) -> Entities:
        """What the text names, with sums in yuan and days seen from `received`, its local date of receipt."""
        return entities(text, received, self._directory)

    def signs(self, text: str) -> tuple[list[str], list[str]]:
        """What the lists find in a text at a glance, and what they find beside that looking closer."""
        seen = glance(self._lists, normalise(text))
        return seen.signs(self._lists), look(self._lists, seen).signs()

    def read(self, text: str) -> Verdict:
        """Never raises for any string; time grows with the length of the text.

        What is plain from its words (thanks, other people's matters) is not looked at any closer. Danger to
        life is urgent whatever else the message is, and read by a person.
        """
        verdict = self._read(text)
        if crisis_in(text) is None:
            return verdict
        return replace(verdict, urgent=True, unsure=verdict.unsure or verdict.intent in SET_ASIDE)

    def _read(self, text: str) -> Verdict:
        form = normalise(text)
        if _says_nothing(text, form):
            return _NOTHING.verdict
        seen = glance(self._lists, form)
        if self._scorer is not None and self._lists.telling.isdisjoint(seen.numbers):
            words = self._weigh(self._scorer, form.text)
            scores = self._scorer.score(words, seen.signs(self._lists))
            if is_plain(scores):
                return self._verdict(text, form, Scales(), scores, judge(scores, None))
            return self._study(text, seen, words).verdict
        return self._study(text, seen).verdict

    def study(self, text: str) -> Reading:
        """The verdict of a close look, together with the weights of the lists behind it."""
        form = normalise(text)
        return _NOTHING if _says_nothing(text, form) else self._study(text, glance(self._lists, form))

    def _weigh(self, scorer: Scorer, text: str) -> Weighed:
        """What the hospital calls innocent is not weighed."""
        for _, start, end in self._innocent.find_matches_as_indexes(text):
            text = text[:start] + "," * (end - start) + text[end:]
        return scorer.weigh(text)

    def _study(self, text: str, seen: Glance, words: Weighed | None = None) -> Reading:
        found = look(self._lists, seen)
        if self._scorer is None:
            judgement = found.judgement()
            evidence = from_lists(text, seen.form, found.scales, judgement.categories)
            return Reading(_verdict(judgement, evidence), found.scales)
        signs = seen.signs(self._lists) + found.signs()
        scores = self._scorer.score(words or self._weigh(self._scorer, seen.form.text), signs)
        judgement = judge(scores, found.by_lists())
        return Reading(self._verdict(text, seen.form, found.scales, scores, judgement), found.scales)

    def _verdict(
        self, text: str, form: Normalised, scales: Scales, scores: Scores, judgement: Judgement
    ) -> Verdict:
        evidence = from_lists(text, form, scales, judgement.categories)
        thin = thinly_shown(judgement.labels, evidence)
        if thin and self._scorer is not None:
            evidence = with_learned(text, form, evidence, self._scorer.telling(scores, thin))
        return _verdict(judgement, evidence)


@lru_cache(maxsize=1)
def _reader() -> Reader:
    return Reader(lexicon(), None, shipped_scorer())


_NOTHING = Reading(Verdict(Intent.OTHER, confidence=0.95), Scales())


def _says_nothing(text: str, form: Normalised) -> bool:
    """Whether a text is only signs, a greeting, or steers the conversation."""
    return not _WORD.search(form.text) or (len(text) <= _STEERING and _steers(text))


def _steers(text: str) -> bool:
    return is_greeting(text) or find_command(text) is not None or find_answer(text) is not None


def _verdict(judgement: Judgement, evidence: tuple[Evidence, ...]) -> Verdict:
    return Verdict(
        intent=judgement.intent,
        categories=judgement.categories,
        urgent=judgement.urgent,
        confidence=round(judgement.confidence, 2),
        unsure=judgement.unsure,
        evidence=evidence,
    )
