"""Finds words that tell where officers put a case and that the lists do not know, for people to judge."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from math import log, sqrt
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from nlp.normalise import normalise
from nlp.own_lists import NO_WORDS, OwnWords
from nlp.phrases import looks_like_name, named_in, phrases, tells_who
from nlp.reading import Reader
from nlp.tables import rows

_TELLING = 2.0
"""A phrase stands so many times oftener where officers corrected than elsewhere, or it says nothing."""
_COMMON = 5
"""What stands in more than so many times as many cases of other codes would cause false alarms."""
_LONGEST_TERM = 12
"""Characters of a false alarm: a longer piece of a text is a story."""


class Lesson(NamedTuple):
    """A case an officer corrected; `said` and `meant` are codes of categories, or an intent without any."""

    case: int
    text: str
    said: tuple[str, ...]
    meant: tuple[str, ...]


class Finding(NamedTuple):
    """A phrase that tells for `code`.

    `corrected`: in how many of the cases it was corrected to; `elsewhere`: in how many cases of other
    codes. `said`: what the reader gave those cases, the most frequent first. `score`: the log-odds in
    standard deviations.
    """

    phrase: str
    code: str
    corrected: int
    elsewhere: int
    said: tuple[str, ...]
    score: float


class FalseAlarm(NamedTuple):
    """A piece of evidence for `code` in cases where officers struck it.

    `upheld`: in how many cases of `code` the words stand; `meant`: what the officers said instead.
    """

    term: str
    code: str
    struck: int
    upheld: int
    meant: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    """The cases a word was found in: those that were corrected, and how many others there are."""

    cases: set[int] = field(default_factory=set)
    beside: Counter[str] = field(default_factory=Counter)
    others: int = 0


_Tallies = dict[tuple[str, str], _Tally]
"""By word and code."""


class Learner:
    """Takes the lessons first, then every other case once, and tells what it found."""

    def __init__(
        self,
        lessons: Sequence[Lesson],
        reader: Reader,
        *,
        own: OwnWords = NO_WORDS,
        names: AbstractSet[str] = frozenset(),
        least: int = 2,
    ) -> None:
        """`names` are people's, in list form; what fewer than `least` different cases hold is dropped."""
        self._new = _telling_phrases(lessons, names, known_words(own), least)
        self._struck = _struck_terms(lessons, reader, names, least)
        self._words = sorted({word for word, _ in (*self._new, *self._struck)})
        self._automaton = AhoCorasick(self._words)
        self._codes: defaultdict[str, set[str]] = defaultdict(set)
        for word, code in (*self._new, *self._struck):
            self._codes[word].add(code)
        self._gained = Counter(code for one in lessons for code in {*one.meant} - {*one.said})
        self._about: Counter[str] = Counter()
        self._seen = 0
        for lesson in lessons:
            self.add(lesson.text, lesson.meant)

    def add(self, text: str, about: Collection[str]) -> None:
        """One more case with the codes it stands under; the lessons count already."""
        self._seen += 1
        self._about.update({*about})
        hits = self._automaton.find_matches_as_indexes(normalise(text).text, overlapping=True)
        for word in {self._words[number] for number, _start, _end in hits}:
            for code in self._codes[word]:
                _count_other(self._new if code not in about else self._struck, word, code)

    def findings(self) -> list[Finding]:
        """The phrases worth a look, the most telling first."""
        found = [self._finding(phrase, code, tally) for (phrase, code), tally in self._new.items()]
        return sorted((one for one in found if one), key=lambda one: (-one.score, one.phrase))

    def false_alarms(self) -> list[FalseAlarm]:
        """The evidence officers struck oftener than they let it stand, the most frequent first."""
        found = [
            FalseAlarm(term, code, len(tally.cases), tally.others, _often(tally.beside))
            for (term, code), tally in self._struck.items()
            if len(tally.cases) > tally.others
        ]
        return sorted(found, key=lambda one: (one.upheld - one.struck, one.term))

    def _finding(self, phrase: str, code: str, tally: _Tally) -> Finding | None:
        cases, elsewhere = len(tally.cases), tally.others
        among, beyond = self._gained[code], self._seen - self._about[code]
        if elsewhere > _COMMON * cases or cases * max(beyond, 1) < _TELLING * elsewhere * among:
            return None
        score = _log_odds(cases, among, elsewhere, beyond)
        return Finding(phrase, code, cases, elsewhere, _often(tally.beside), score)


def known_words(own: OwnWords = NO_WORDS) -> frozenset[str]:
    """Every word of the lists and of the hospital's own ones, whatever it stands for."""
    known = {
        row[0].lower()
        for name, width in (("terms.tsv", 5), ("collisions.tsv", 2))
        for row in rows(name, width)
    }
    known |= {word.replace("_", " ").lower() for row in rows("concepts.tsv", 3) for word in row[1].split()}
    known |= {term.word for term in own.terms} | {name.word for name in own.names}
    return frozenset(known.union(own.innocent, own.departments))


def _telling_phrases(
    lessons: Sequence[Lesson], names: AbstractSet[str], known: AbstractSet[str], least: int
) -> _Tallies:
    """The phrases of the texts corrected to a code, without those that only stand inside a longer one."""
    found: defaultdict[tuple[str, str], _Tally] = defaultdict(_Tally)
    for lesson in lessons:
        gained = {*lesson.meant} - {*lesson.said}
        for phrase in phrases(lesson.text, names) - known if gained else ():
            for code in gained:
                _note(found[phrase, code], lesson.case, lesson.said)
    return _without_pieces(_frequent(found, least))


def _struck_terms(lessons: Sequence[Lesson], reader: Reader, names: AbstractSet[str], least: int) -> _Tallies:
    """What speaks for a code that an officer struck, as the lists read it today."""
    found: defaultdict[tuple[str, str], _Tally] = defaultdict(_Tally)
    for lesson in lessons:
        struck = {*lesson.said} - {*lesson.meant}
        if not struck:
            continue
        named = {*names, *named_in(lesson.text)}
        for piece in reader.read(lesson.text).evidence:
            term = normalise(piece.term).text
            secret = len(term) > _LONGEST_TERM or tells_who(term, named) or looks_like_name(term)
            if piece.category in struck and not secret:
                _note(found[term, str(piece.category)], lesson.case, lesson.meant)
    return _frequent(found, least)


def _note(tally: _Tally, case: int, beside: Sequence[str]) -> None:
    if case not in tally.cases:
        tally.cases.add(case)
        tally.beside.update(beside)


def _count_other(tallies: _Tallies, word: str, code: str) -> None:
    if (tally := tallies.get((word, code))) is not None:
        tally.others += 1


def _frequent(found: Mapping[tuple[str, str], _Tally], least: int) -> _Tallies:
    return {key: tally for key, tally in found.items() if len(tally.cases) >= least}


def _without_pieces(found: _Tallies) -> _Tallies:
    """Of 床位 and 加床位, both from the same cases, only the longer one."""
    pieces = set()
    for (phrase, code), tally in found.items():
        inner = (phrase[a:b] for a in range(len(phrase)) for b in range(a + 2, len(phrase) + 1))
        for piece in inner:
            shorter = found.get((piece, code))
            if piece != phrase and shorter is not None and shorter.cases == tally.cases:
                pieces.add((piece, code))
    return {key: tally for key, tally in found.items() if key not in pieces}


def _often(codes: Counter[str]) -> tuple[str, ...]:
    return tuple(code for code, _ in codes.most_common())


def _log_odds(cases: int, among: int, elsewhere: int, beyond: int) -> float:
    """How much oftener, against chance: the log of the odds ratio by its standard error.

    Half a case is added to each count (Haldane 1940, Anscombe 1956), so that none is zero.
    """
    counts = [one + 0.5 for one in (cases, among - cases, elsewhere, beyond - elsewhere)]
    with_it, without, there, not_there = counts
    return log(with_it * not_there / (without * there)) / sqrt(sum(1 / count for count in counts))
