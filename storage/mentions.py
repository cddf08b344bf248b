"""Finds every place in a text where an office, an officer or a leader of the hospital is named."""

import re
from collections.abc import Iterable, Iterator, Sequence
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


def find_names(plain: str, hospital: Hospital, names: Iterable[str]) -> list[Find]:
    """The places in order, the longer one where two overlap; `plain` is in list form.

    `names` are the officers' and leaders' names in list form.
    """
    known = frozenset(names)
    found = [
        *_offices(plain, hospital),
        *_whole_names(plain, frozenset(name for name in known if len(name) > 1)),
        *_titled(plain, frozenset(filter(None, map(surname, known)))),
        *_functions(plain, hospital.leaders),
    ]
    return _without_overlap(found)


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """A name in list form, without spaces."""
    return "".join(normalise(name).text.split())


def surname(name: str) -> str:
    """The family name of a Chinese name in list form; empty if it is not one."""
    if not _HAN.fullmatch(name):
        return ""
    return name[:2] if len(name) > 2 and name[:2] in word_lists()["person"]["compound"] else name[0]


def _without_overlap(finds: Iterable[Find]) -> list[Find]:
    kept: list[Find] = []
    for find in sorted(finds, key=lambda one: (one.start, -one.end)):
        if not kept or find.start >= kept[-1].end:
            kept.append(find)
    return kept


@lru_cache(maxsize=8)
def _called(offices: tuple[Office, ...]) -> dict[str, str]:
    """The office for each name and alias, in list form."""
    return {plain_name(name): one.name for one in offices for name in (one.name, *one.aliases)}


def _offices(plain: str, hospital: Hospital) -> Iterator[Find]:
    meant = _called(hospital.offices)
    outside_until = -1
    for match in _either(tuple(meant)).finditer(plain):
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


def _whole_names(plain: str, names: frozenset[str]) -> Iterator[Find]:
    lists = word_lists()["person"]
    title = any_of(lists["titles"])
    for match in _either(tuple(sorted(names))).finditer(plain):
        name, start, end = match.group(), *match.span()
        if name in lists["words"] and not (
            re.match(title, plain[end : end + 3])
            or re.search("(?:主任|科长|处长|院长|叫|是|姓名)$", plain[max(0, start - 4) : start])
        ):
            continue
        longer = rf"[{lists['given']}](?:{title}|{lists['after']}|[^\u3400-\u9fff]|\Z)"
        if len(name) == 2 and _HAN.fullmatch(name) and re.match(longer, plain[end : end + 4]):
            continue
        yield Find(start, end, "person", name)


def _titled(plain: str, surnames: frozenset[str]) -> Iterator[Find]:
    if not surnames:
        return
    title = any_of(word_lists()["person"]["titles"])
    family = any_of(sorted(map(re.escape, surnames), key=len, reverse=True))
    forms = (
        rf"({family})(?:某{{0,2}}{title}|某)",
        rf"(?<!百)姓({family})(?:的?{title})?",
        rf"[老小]({family})(?![时孩心说子])",
    )
    for match in re.finditer("|".join(forms), plain):
        yield Find(*match.span(), "title", match[1] or match[2] or match[3])


def _functions(plain: str, leaders: Sequence[Leader]) -> Iterator[Find]:
    """The title of a listed leader on its own, as in 你们院长; after a surname it is somebody's name."""
    lists = word_lists()["person"]
    titles = {plain_name(one.title) for one in leaders if one.title.endswith(tuple(lists["leader_titles"]))}
    for match in _either(tuple(sorted(titles))).finditer(plain):
        start, end = match.span()
        before = plain[start - 1 : start]
        of_somebody = before and before in lists["surnames"] and before not in lists["small"]
        elsewhere = re.search(f"{any_of(lists['not_leader_before'])}$", plain[max(0, start - 4) : start])
        thing = re.match(any_of(lists["not_leader_after"]), plain[end : end + 3])
        if not of_somebody and not elsewhere and not thing:
            yield Find(start, end, "function", match.group())


@lru_cache(maxsize=64)
def _either(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    found = [
        rf"(?<![a-z]){re.escape(name)}(?![a-z])" if name.isascii() else re.escape(name)
        for name in longest_first
    ]
    return re.compile("|".join(found) or r"(?!)")


@lru_cache(maxsize=1)
def _outside() -> re.Pattern[str]:
    return re.compile(rf"{any_of(word_lists()['name']['outside'])}\Z")
