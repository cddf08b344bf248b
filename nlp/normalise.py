"""Brings a text into the form that the lists are written in, and remembers where each character stood."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from opencc import OpenCC

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
    """A text in list form.

    `offsets[i]` and `ends[i]` are where normalised character i starts and ends in the original, in
    characters. `breaks` holds positions before which a gap was taken out that may part two clauses.
    """

    text: str
    offsets: Sequence[int]
    ends: Sequence[int]
    breaks: frozenset[int] = frozenset()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span in the original that normalised characters start..end came from."""
        if not self.offsets or start >= end:
            return 0, 0
        return self.offsets[start], self.ends[min(end, len(self.ends)) - 1]


class _Folder(dict[str, str]):
    """Folds one character: width, case, traditional form; remembers what it has seen."""

    def __init__(self) -> None:
        super().__init__()
        self._simplify = OpenCC("t2s").convert

    def __missing__(self, char: str) -> str:
        self[char] = folded = self._fold(char)
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


@lru_cache(maxsize=1)
def _variants() -> tuple[re.Pattern[str], dict[str, str]]:
    meant = {written: means for written, means, _note in rows("variants.tsv", 3)}
    words = sorted(meant, key=len, reverse=True)
    latin = [
        rf"{re.escape(word[0])}(?<![a-z]{re.escape(word[0])}){re.escape(word[1:])}(?![a-z])"
        for word in words
        if word.isascii()
    ]
    other = [re.escape(word) for word in words if not word.isascii()]
    return re.compile("|".join([*latin, *other])), meant


def normalise(text: str) -> Normalised:
    """Folds width, case, traditional forms, disguises and homophones; never raises for any string.

    Time grows with the length of the text (100,000 characters take about a tenth of a second). The last
    few texts are remembered: one message is looked at from many sides.
    """
    return _remembered(text) if len(text) <= _REMEMBERED else _normalise(text)


@lru_cache(maxsize=16)
def _remembered(text: str) -> Normalised:
    return _normalise(text)


def _normalise(text: str) -> Normalised:
    pieces = list(map(_folder().__getitem__, text))
    whole = "".join(pieces)
    if len(whole) == len(text) and "" not in pieces:  # each character became one, as nearly always
        draft = Normalised(whole, range(len(text)), range(1, len(text) + 1))
    else:
        starts = tuple(index for index, piece in enumerate(pieces) for _ in piece)
        draft = Normalised(whole, starts, tuple(start + 1 for start in starts))
    return _replace_variants(_close_gaps(draft))


def _close_gaps(draft: Normalised) -> Normalised:
    gaps = [(*match.span(), True) for match in _GAP.finditer(draft.text)]
    gaps += [(*match.span(), False) for match in _PINYIN.finditer(draft.text)]
    if not gaps:
        return draft
    gaps.sort()
    kept: list[tuple[int, int]] = []
    breaks: set[int] = set()
    position = length = 0
    for number, (start, end, parts) in enumerate(gaps):
        kept.append((position, start))
        length += start - position
        following = gaps[number + 1][0] if number + 1 < len(gaps) else len(draft.text)
        if parts and start - position >= _LONG_RUN and following - end >= _LONG_RUN:
            breaks.add(length)
        position = end
    kept.append((position, len(draft.text)))
    return Normalised(
        "".join(draft.text[a:b] for a, b in kept),
        tuple(x for a, b in kept for x in draft.offsets[a:b]),
        tuple(x for a, b in kept for x in draft.ends[a:b]),
        frozenset(breaks),
    )


def _replace_variants(draft: Normalised) -> Normalised:
    pattern, meant = _variants()
    found = list(pattern.finditer(draft.text))
    if not found:
        return draft
    texts: list[str] = []
    offsets: list[int] = []
    ends: list[int] = []
    breaks: set[int] = set()
    position = 0
    pending = sorted(draft.breaks, reverse=True)

    def copy(until: int) -> None:
        shift = len(offsets) - position
        while pending and pending[-1] < until:
            breaks.add(max(0, pending.pop() + shift))
        texts.append(draft.text[position:until])
        offsets.extend(draft.offsets[position:until])
        ends.extend(draft.ends[position:until])

    for match in found:
        copy(match.start())
        word = meant[match.group()]
        texts.append(word)
        first, last = draft.span(match.start(), match.end())
        same = len(word) == len(match.group())
        offsets.extend(draft.offsets[match.start() : match.end()] if same else [first] * len(word))
        ends.extend(draft.ends[match.start() : match.end()] if same else [last] * len(word))
        position = match.end()
    copy(len(draft.text))
    return Normalised("".join(texts), tuple(offsets), tuple(ends), frozenset(breaks))
