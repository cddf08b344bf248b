"""What departments and people are called: by the lists that come along, and by a hospital's own."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from nlp.normalise import Normalised
from nlp.own_lists import NO_WORDS, OwnWords
from nlp.people import Person, find_people
from nlp.spans import Mention, apart, original
from nlp.tables import rows


class Directory:
    """Finds departments and people; `own` adds a hospital's words, which count before all others."""

    def __init__(self, own: OwnWords = NO_WORDS) -> None:
        self.departments = _departments(own.departments)
        names = _any_of([name.word for name in own.names])
        self._names = re.compile(names) if names else None

    def find_departments(self, form: Normalised, text: str) -> Iterator[Mention]:
        """The departments, in order."""
        return (
            Mention(*original(form, text, *match.span())) for match in self.departments.finditer(form.text)
        )

    def find_people(self, form: Normalised, text: str) -> tuple[Person, ...]:
        """The people, in order; of one by the hospital's own name no parts are told."""
        people = tuple(find_people(form, text))
        if self._names is None:
            return people
        own = tuple(Person(*original(form, text, *match.span())) for match in self._names.finditer(form.text))
        return tuple(sorted((*own, *apart(people, own)), key=lambda one: one.start))


@lru_cache(maxsize=1)
def shipped_directory() -> Directory:
    """The directory without any hospital's own words."""
    return Directory()


def _departments(own: Sequence[str] = ()) -> re.Pattern[str]:
    table = sorted(rows("departments.tsv", 3), key=lambda row: -len(row[0]))
    free = "|".join(re.escape(name.lower()) for name, kind, _ in table if kind == "free")
    bound = "|".join(re.escape(name.lower()) for name, kind, _ in table if kind != "free")
    number = "[一二三四五六七八九十0-9]{0,2}"
    first = "".join({re.escape(name[0].lower()) for name in (*own, *(row[0] for row in table))})
    ours = f"(?:{_any_of(own)})(?:{number}(?:科|病区|病房|门诊|室|部|区))?|" if own else ""
    return re.compile(
        rf"(?=[一二三四五六七八九十0-9{first}])(?![内外产]部|(?<=大)药房|(?<=安)全科)(?:{ours}(?:{bound}){number}(?:科室|科|病区|病房|门诊|室|部)(?:{number}(?:病区|病房|区|楼))?"
        rf"|(?:{free})(?:{number}(?:科|病区|病房|门诊|室|部|区))?"
        rf"|[一二三四五六七八九十0-9]{{1,3}}(?:号楼|病区|楼病房))"
    )


def _any_of(own: Sequence[str]) -> str:
    """One of these words, the longest that fits; Latin ones are no piece of a longer word."""
    return "|".join(
        rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
        for word in sorted(own, key=len, reverse=True)
    )
