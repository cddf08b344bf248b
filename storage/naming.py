"""Tells which offices, officers and leaders a report speaks about."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nlp.normalise import normalise
from storage.addressing import MARK, addressed, any_of, word_lists
from storage.hospital import Hospital, Leader
from storage.mentions import Find, NameFinder, plain_name, surname

_LEADER_TITLES: list[str] = word_lists()["person"]["leader_titles"]


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the hospital on our list; `head` leads the office, and only who `handles` gets cases."""

    id: int
    name: str
    office: str
    head: bool = False
    handles: bool = True


@dataclass(frozen=True, slots=True)
class Named:
    """Who is spoken about: office names, ids of people, whether a leader is.

    `people` are named in full, or by surname and title right after their own office. `possible` share
    the surname and a title with somebody named, `likely` among them a title that only heads bear.
    """

    offices: frozenset[str] = frozenset()
    people: frozenset[int] = frozenset()
    possible: frozenset[int] = frozenset()
    likely: frozenset[int] = frozenset()
    leader: bool = False


def read_names(hospital: Hospital, people: Sequence[Person], text: str) -> Named:
    """Who of the hospital is spoken about in `text`; those merely spoken to are left out.

    What could be either counts as spoken about.
    """
    known = _known(hospital, people)
    plain = normalise(text).text.replace(MARK, "")
    finds = known.finder.find(plain)
    accused = _spoken_about(plain, finds) if finds else []
    if not accused:
        return Named()
    whole = {find.key for find in accused if find.kind == "person"}
    titled = [find for find in accused if find.kind == "title"]
    at_office = _behind_offices(plain, finds, titled)
    heads = {find.key for find in titled if _is_office_title(plain[find.start : find.end], find.key)}
    called = {find.key for find in titled}
    return Named(
        offices=frozenset(find.key for find in accused if find.kind == "office"),
        people=frozenset(
            one.id
            for family in {surname(name) for name in whole} | {family for _, family in at_office}
            for one in known.by_family.get(family, ())
            if plain_name(one.name) in whole or (one.office, family) in at_office
        ),
        possible=frozenset(one.id for family in called for one in known.by_family.get(family, ())),
        likely=frozenset(one.id for family in heads & called for one in known.by_family.get(family, ())),
        leader=any(find.kind == "function" for find in accused)
        or any(plain_name(one.name) in whole or _has_title(one, plain, titled) for one in hospital.leaders),
    )


class _Known(NamedTuple):
    """People who may be named: what finds them, and who they are by family name ("" for names of others).

    With thousands of them nobody is looked at one by one.
    """

    hospital: Hospital
    people: Sequence[Person]
    finder: NameFinder
    by_family: Mapping[str, Sequence[Person]]


_last: _Known | None = None


def _known(hospital: Hospital, people: Sequence[Person]) -> _Known:
    """Kept from one message to the next for the very same tuple: the staff rarely changes."""
    global _last
    last = _last
    if last is not None and last.hospital is hospital and last.people is people:
        return last
    known = _learn(hospital, people)
    if isinstance(people, tuple):  # a list is somebody's choice for one question
        _last = known
    return known


def _learn(hospital: Hospital, people: Sequence[Person]) -> _Known:
    by_family: defaultdict[str, list[Person]] = defaultdict(list)
    for person in people:
        by_family[surname(plain_name(person.name))].append(person)
    names = [one.name for one in people] + [one.name for one in hospital.leaders]
    return _Known(hospital, people, NameFinder(hospital, map(plain_name, names)), by_family)


def _behind_offices(plain: str, finds: Sequence[Find], titled: Sequence[Find]) -> frozenset[tuple[str, str]]:
    """Office and surname where a surname with title stands right behind an office, as in 医务科的王科长."""
    ends = {find.end: find.key for find in finds if find.kind == "office"}
    behind = {(ends[one.start], one.key) for one in titled if one.start in ends}
    return frozenset(
        behind
        | {
            (ends[one.start - 1], one.key)
            for one in titled
            if one.start - 1 in ends and plain[one.start - 1] == "的"
        }
    )


def _spoken_about(plain: str, finds: Sequence[Find]) -> list[Find]:
    marked, last = "", 0
    places: list[int] = []
    for find in finds:
        marked += plain[last : find.start]
        places.append(len(marked))
        marked, last = marked + MARK, find.end
    spoken_to = addressed(marked + plain[last:])
    return [find for find, place in zip(finds, places, strict=True) if place not in spoken_to]


def _has_title(leader: Leader, plain: str, by_title: Sequence[Find]) -> bool:
    """Whether somebody of the leader's surname is named with the leader's title, as 王院长 for a 副院长."""
    titles = [re.escape(plain_name(leader.title)[-2:])] if leader.title else _LEADER_TITLES
    family = surname(plain_name(leader.name))
    ends = re.compile(f"{any_of(titles)}$")
    return any(one.key == family and ends.search(plain[one.start : one.end]) for one in by_title)


def _is_office_title(written: str, family: str) -> bool:
    lists = word_lists()["person"]
    return (
        family not in lists["small"] and re.search(f"{any_of(lists['office_titles'])}$", written) is not None
    )
