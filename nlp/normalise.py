"""Brings a text into the form that the lists are written in, and remembers where each character stood."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind
from opencc import OpenCC

from nlp.edits import Edit, Edits
from nlp.tables import rows

_LONG_RUN = 4
"""A gap between two runs of this many Han characters or more separates clauses; shorter ones are disguise."""

_HAN = r"[\u3400-\u9fff]"
_FILLER = r"[ \t\u00b7*_~|+\-./\\^#=\u2022\u30fb]"
# Both look back only after their first character: so the search can skip to the few places that have it.
_GAP = re.compile(rf"{_FILLER}(?<={_HAN}{_FILLER}){_FILLER}{{0,3}}(?={_HAN})")
_PINYIN = re.compile(rf"\((?<={_HAN}\()[a-z\u00e0-\u01dc]{{1,7}}\)")
_INVISIBLE = frozenset({"\u3164", "\uffa0", "\u115f", "\u1160", "\u2800"})


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in list form, with the edits that led to it, the last one first.

    `breaks` holds positions, in order, before which a gap was taken out that may part two clauses.
    """

    text: str
    edits: tuple[Edits, ...] = ()
    breaks: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span in the original that normalised characters start..end came from."""
        if not self.text or start >= end:
            return 0, 0
        last = min(end, len(self.text)) - 1
        for edits in self.edits:
            start, last = edits.start_before(start), edits.end_before(last) - 1
        return start, last + 1


class _Folder(dict[int, str]):
    """Folds one character: width, case, traditional form; remembers what it has seen, and which are odd."""

    def __init__(self) -> None:
        super().__init__()
        self._simplify = OpenCC("t2s").convert
        self.odd: set[str] = set()

    def __missing__(self, point: int) -> str:
        char = chr(point)
        self[point] = folded = self._fold(char)
        if len(folded) != 1:
            self.odd.add(char)
        return folded

    def _fold(self, char: str) -> str:
        if char in "\n\r\u2028\u2029\x0b\x0c\x85":
            return "\n"
        kind = unicodedata.category(char)
        if kind == "Cs":
            return "\ufffd"
        if char == "\t" or kind == "Zs":
            return " "
        if kind in ("Cc", "Cf", "Cn", "Mn", "Me") or char in _INVISIBLE:
            return ""
        plain = unicodedata.normalize("NFKC", char).lower()
        return "".join(self._simplify(one) if one >= "\u2e80" else one for one in plain)


@lru_cache(maxsize=1)
def _folder() -> _Folder:
    return _Folder()


_REMEMBERED = 4_000


def normalise(text: str) -> Normalised:
    """Folds width, case, traditional forms, disguises and homophones; never raises for any string.

    Time grows with the length of the text (100,000 characters take some hundredths of a second). The last
    few texts are remembered: one message is looked at from many sides.
    """
    return _remembered(text) if len(text) <= _REMEMBERED else _normalise(text)


@lru_cache(maxsize=16)
def _remembered(text: str) -> Normalised:
    return _normalise(text)


def _normalise(text: str) -> Normalised:
    return _replace_variants(_close_gaps(_fold(text)))


def _fold(text: str) -> Normalised:
    folder = _folder()
    whole = text.translate(folder)
    if folder.odd.isdisjoint(text):  # each character became one, as nearly always
        return Normalised(whole)
    edits = [Edit(at, at + 1, folder[ord(char)]) for at, char in enumerate(text) if char in folder.odd]
    return Normalised(whole, (Edits(edits),))


def _close_gaps(draft: Normalised) -> Normalised:
    text = draft.text
    gaps = [Edit(*match.span(), "") for match in _GAP.finditer(text)]
    notes = [Edit(*match.span(), "") for match in _PINYIN.finditer(text)]
    if not gaps and not notes:
        return draft
    taken = sorted(gaps + notes) if notes else gaps
    edits = Edits(taken)
    spaced = set(gaps)
    breaks = []
    before = 0
    for number, gap in enumerate(taken):
        after = taken[number + 1].start if number + 1 < len(taken) else len(text)
        if gap.start - before >= _LONG_RUN and after - gap.end >= _LONG_RUN and gap in spaced:
            breaks.append(edits.starts[number])
        before = gap.end
    return Normalised(edits.apply(text), (edits, *draft.edits), tuple(breaks))


def _replace_variants(draft: Normalised) -> Normalised:
    automaton, written, meant = _variants()
    taken = [
        Edit(start, end, meant[number])
        for number, start, end in automaton.find_matches_as_indexes(draft.text)
        if not written[number].isascii() or _stands_alone(draft.text, start, end)
    ]
    if not taken:
        return draft
    edits = Edits(taken)
    return Normalised(edits.apply(draft.text), (edits, *draft.edits), edits.after(draft.breaks))


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (_is_letter(text[start - 1 : start]) or _is_letter(text[end : end + 1]))


def _is_letter(char: str) -> bool:
    return char.isalpha() and char.isascii()


@lru_cache(maxsize=1)
def _variants() -> tuple[AhoCorasick, list[str], list[str]]:
    table = [(written, means) for written, means, _note in rows("variants.tsv", 3)]
    written = [word for word, _ in table]
    automaton = AhoCorasick(written, matchkind=MatchKind.LeftmostLongest)
    return automaton, written, [means for _, means in table]
