"""Cuts a text into the phrases that might stand in a word list, without what could tell who wrote it."""

import re
from collections.abc import Collection, Iterator

from rjieba import tag

from nlp.entities import mentions
from nlp.normalise import normalise

SHORTEST, LONGEST = 2, 8
"""Characters of a phrase."""
_RUN = re.compile(r"[\u3400-\u9fffa-z]+")
_NUMBER = re.compile(r"\d|[零〇一二两三四五六七八九十百千万亿幺]{2,}")
_SOMEBODY = ("nr", "ns", "nt")
"""How jieba marks names of people, places and institutions."""
_CONTENT = ("n", "v", "a", "i", "l", "j", "z", "eng")
_NEVER_FIRST = ("u", "y", "c", "r", "q", "k", "e", "o")
_NEVER_LAST = ("u", "y", "c", "d", "p", "h", "e", "o", "m")


def phrases(text: str, names: Collection[str] = ()) -> set[str]:
    """Words of the text in list form, and words that stand side by side, of 2 to 8 characters.

    None begins or ends inside a word or with a particle, holds a digit or a number in words, or a name:
    those of `names` (in list form), those jieba knows as names, and whoever the text speaks of by name.
    """
    named = {*names, *named_in(text)}
    return {
        phrase
        for run in _RUN.findall(normalise(text).text)
        for phrase in _side_by_side(run)
        if not tells_who(phrase, named)
    }


def tells_who(phrase: str, names: Collection[str]) -> bool:
    """Whether a phrase holds a number or one of these names."""
    return _NUMBER.search(phrase) is not None or any(
        name in phrase for name in names if len(name) >= SHORTEST
    )


def looks_like_name(phrase: str) -> bool:
    """Whether jieba finds a person, place or institution in a piece that was not cut by `phrases`."""
    return any(kind.startswith(_SOMEBODY) for _, kind in tag(phrase))


def _side_by_side(run: str) -> Iterator[str]:
    words = [(word, kind) for word, kind in tag(run) if word]
    for first, (_, kind) in enumerate(words):
        if kind.startswith((*_NEVER_FIRST, *_SOMEBODY)):
            continue
        phrase, telling = "", False
        for word, kind in words[first:]:
            if kind.startswith(_SOMEBODY) or len(phrase) + len(word) > LONGEST:
                break
            phrase, telling = phrase + word, telling or kind.startswith(_CONTENT)
            if len(phrase) >= SHORTEST and telling and not kind.startswith(_NEVER_LAST):
                yield phrase


def named_in(text: str) -> Iterator[str]:
    """Whoever the text names (张主任, 张建国), in list form; a title alone is nobody."""
    for person in mentions(text).people:
        if person.surname or not person.title:
            yield normalise(person.text).text
        if person.given:
            yield person.surname + person.given
