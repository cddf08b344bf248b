"""Finds every place in a text where an office, an officer or a leader of the hospital is named."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.normalise import normalise
from storage.addressing import any_of, word_lists
from storage.hospital import Hospital, Leader, Office

_HAN = re.compile(r"[\u3400-\u9fff]{2,}")


@dataclass(frozen=True, slots=True)
class Find:
    """A place in the text that names somebody: an office, a full name, a surname with title, a function."""

    start: int
    end: int
    kind: str
    key: str


class NameFinder:
    """Finds the names of one hospital; what depends on the hospital alone is prepared once."""

    def __init__(self, hospital: Hospital, names: Iterable[str]) -> None:
        """`names` are the officers' and leaders' names in list form."""
        known = frozenset(names)
        self._offices = _called(hospital.offices)
        self._persons = {name: name for name in known if len(name) > 1}
        self._add_nicknames(hospital)
        self._office = either(self._offices)
        self._person = _Persons(self._persons)
        self._titled = _titled_pattern(frozenset(filter(None, map(surname, known))))
        self._function = either(sorted(_functions_of(hospital.leaders)))

    def _add_nicknames(self, hospital: Hospital) -> None:
        """A nickname counts as another name of the office, leader or person it means."""
        titles = {plain_name(one.title): plain_name(one.name) for one in hospital.leaders if one.title}
        for written, whom in hospital.nicknames.items():
            nickname, means = plain_name(written), plain_name(whom)
            if means in self._offices:
                self._offices.setdefault(nickname, self._offices[means])
            else:
                self._persons.setdefault(nickname, titles.get(means, means))

    def find(self, plain: str) -> list[Find]:
        """The places in order, the longer one where two overlap; `plain` is in list form."""
        found = [
            *_find_offices(self._office, self._offices, plain),
            *_find_people(self._person, plain),
            *_find_titled(self._titled, plain),
            *_find_functions(self._function, plain),
        ]
        return _without_overlap(found) if found else found


@lru_cache(maxsize=32_768)  # everybody who may be named
def plain_name(name: str) -> str:
    """A name in list form, without spaces."""
    return "".join(normalise(name).text.split())


@lru_cache(maxsize=32_768)
def surname(name: str) -> str:
    """The family name of a Chinese name in list form; empty if it is not one."""
    if not _HAN.fullmatch(name):
        return ""
    return name[:2] if len(name) > 2 and name[:2] in word_lists()["person"]["compound"] else name[0]


def _without_overlap(finds: list[Find]) -> list[Find]:
    kept: list[Find] = []
    for find in sorted(finds, key=lambda one: (one.start, -one.end)):
        if not kept or find.start >= kept[-1].end:
            kept.append(find)
    return kept


def _called(offices: tuple[Office, ...]) -> dict[str, str]:
    """The office for each name and alias, in list form."""
    return {plain_name(name): one.name for one in offices for name in (one.name, *one.aliases)}


def _find_offices(pattern: re.Pattern[str], meant: dict[str, str], plain: str) -> Iterator[Find]:
    outside_until = -1
    for match in pattern.finditer(plain):
        start, end = match.span()
        if start == outside_until or _outside().search(plain, max(0, start - 8), start):
            outside_until = end
        elif not _in_other_word(match.group(), plain, start, end):
            yield Find(start, end, "office", meant[match.group()])


def _in_other_word(name: str, plain: str, start: int, end: int) -> bool:
    lists = word_lists()["name"]
    before, after = lists["alone"].get(name, ("", ""))
    following = [
        pattern for pattern in (after, lists["not_before"].get(name[-1], ""), *lists["place"]) if pattern
    ]
    if re.match("|".join(following), plain[end : end + 8]) or _place_of_department(plain[end - 1 : end + 2]):
        return True
    return bool(before) and re.search(f"{before}$", plain[max(0, start - 4) : start]) is not None


def _place_of_department(around: str) -> bool:
    """The door of a department, 部门口: the last character of the name belongs to 部门."""
    return around in ("部门口", "部门前", "部门外")


class _Persons:
    """Finds full names; Latin ones by a pattern, since they stand alone.

    Others are looked up piece by piece: there may be thousands of them, another with each who joins, and
    nothing has to be built anew then.
    """

    def __init__(self, meant: Mapping[str, str]) -> None:
        self.meant = meant
        self._latin = either(name for name in meant if name.isascii())
        names = [name for name in meant if not name.isascii()]
        self._first = frozenset(name[0] for name in names)
        self._lengths = sorted(set(map(len, names)), reverse=True)

    def find(self, plain: str) -> Iterator[tuple[str, int, int]]:
        """Name, start and end of each, the longest at a place."""
        for match in self._latin.finditer(plain):
            yield match.group(), *match.span()
        until = 0
        for start, sign in enumerate(plain):
            if sign in self._first and start >= until:
                for length in self._lengths:
                    name = plain[start : start + length]
                    if name in self.meant and not name.isascii():
                        until = start + len(name)
                        yield name, start, until
                        break


def _find_people(persons: _Persons, plain: str) -> Iterator[Find]:
    for name, start, end in persons.find(plain):
        lists = word_lists()["person"]
        title = any_of(lists["titles"])
        if name in lists["words"] and not (
            re.match(title, plain[end : end + 3])
            or re.search("(?:主任|科长|处长|院长|叫|是|姓名)$", plain[max(0, start - 4) : start])
        ):
            continue
        longer = rf"[{lists['given']}](?:{title}|{lists['after']}|[^\u3400-\u9fff]|\Z)"
        if len(name) == 2 and _HAN.fullmatch(name) and re.match(longer, plain[end : end + 4]):
            continue
        yield Find(start, end, "person", persons.meant[name])


def _titled_pattern(surnames: frozenset[str]) -> re.Pattern[str]:
    if not surnames:
        return re.compile(r"(?!)")
    title = any_of(word_lists()["person"]["titles"])
    family = any_of(sorted(map(re.escape, surnames), key=len, reverse=True))
    forms = (
        rf"({family})(?:某{{0,2}}{title}|某)",
        rf"(?<!百)姓({family})(?:的?{title})?",
        rf"[老小]({family})(?![时孩心说子])",
    )
    # A look at the first character spares trying everything at every place.
    first = "".join(sorted({re.escape(name[0]) for name in surnames}))
    return re.compile(f"(?=[{first}姓老小])(?:{'|'.join(forms)})")


def _find_titled(pattern: re.Pattern[str], plain: str) -> Iterator[Find]:
    for match in pattern.finditer(plain):
        yield Find(*match.span(), "title", match[1] or match[2] or match[3])


def _functions_of(leaders: Sequence[Leader]) -> set[str]:
    titles = tuple(word_lists()["person"]["leader_titles"])
    return {plain_name(one.title) for one in leaders if one.title.endswith(titles)}


def _find_functions(pattern: re.Pattern[str], plain: str) -> Iterator[Find]:
    """The title of a listed leader on its own, as in 你们院长; after a surname it is somebody's name."""
    for match in pattern.finditer(plain):
        lists = word_lists()["person"]
        start, end = match.span()
        before = plain[start - 1 : start]
        of_somebody = before and before in lists["surnames"] and before not in lists["small"]
        elsewhere = re.search(f"{any_of(lists['not_leader_before'])}$", plain[max(0, start - 4) : start])
        thing = re.match(any_of(lists["not_leader_after"]), plain[end : end + 3])
        if not of_somebody and not elsewhere and not thing:
            yield Find(start, end, "function", match.group())


def either(names: Iterable[str]) -> re.Pattern[str]:
    """A pattern for one of these names, the longest that fits; Latin ones stand alone."""
    return re.compile("|".join(map(_piece, sorted(names, key=len, reverse=True))) or r"(?!)")


def _piece(name: str) -> str:
    if not name.isascii():
        return re.escape(name)
    # It looks back only after its first character, so that the search can skip to that.
    first, rest = re.escape(name[:1]), re.escape(name[1:])
    return rf"{first}(?<![a-z]{first}){rest}(?![a-z])"


@lru_cache(maxsize=1)
def _outside() -> re.Pattern[str]:
    return re.compile(rf"{any_of(word_lists()['name']['outside'])}\Z")
