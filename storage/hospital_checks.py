"""Holds the parts of hospital.toml against each other."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nlp.taxonomy import Category
from storage.hospital_followup_checks import followup_mistakes
from storage.hospital_types import EVERYONE

if TYPE_CHECKING:
    from storage.hospital import Hospital


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in hospital.toml that does not fit the rest of it.

    `place` is the way to the key (("routing", "kickback", "lead")); `kind` is one of unknown_office,
    unknown_category, unknown_timezone, repeated, reserved, too_short, no_words, closed_all_day,
    warned_too_early, or one of storage.hospital_followup_checks; `close` is what was probably meant, or
    empty.
    """

    place: tuple[str | int, ...]
    kind: str
    value: str = ""
    close: str = ""


def mistakes(hospital: "Hospital") -> tuple[Mistake, ...]:
    """Everything that only shows when the parts are held against each other."""
    return (
        *_in_names(hospital),
        *_in_office_use(hospital),
        *_in_codes(hospital),
        *_in_time(hospital),
        *_in_retention(hospital),
        *_in_faq(hospital),
        *(Mistake(*found) for found in followup_mistakes(hospital.followup)),
    )


def _in_names(hospital: "Hospital") -> Iterator[Mistake]:
    """A name of one character would be found in every text, a repeated one would be two offices."""
    seen: set[str] = set()
    for number, office in enumerate(hospital.offices):
        places: list[tuple[str | int, ...]] = [("offices", number, "name")]
        places += [("offices", number, "aliases", index) for index in range(len(office.aliases))]
        for place, name in zip(places, (office.name, *office.aliases), strict=True):
            if len(name) < 2:
                yield Mistake(place, "too_short", name)
            if name in seen:
                yield Mistake(place, "repeated", name)
            if name == EVERYONE:
                yield Mistake(place, "reserved", name)
            seen.add(name)
    if EVERYONE in hospital.clinical:
        yield Mistake(("departments",), "reserved", EVERYONE)
    for number, leader in enumerate(hospital.leaders):
        if len(leader.name) < 2:
            yield Mistake(("leaders", number, "name"), "too_short", leader.name)


def _in_office_use(hospital: "Hospital") -> Iterator[Mistake]:
    known = {office.name for office in hospital.offices}
    used: list[tuple[tuple[str | int, ...], str]] = [
        (("discipline_office",), hospital.discipline_office),
        (("service_desk",), hospital.service_desk),
        (("praise_office",), hospital.praise_office),
    ]
    if hospital.security_office:
        used.append((("security_office",), hospital.security_office))
    stand_ins = {key: getattr(hospital.followup, key) for key in ("care_office", "recovery_office")}
    used += [(("followup", key), name) for key, name in stand_ins.items() if name]
    for code, way in hospital.routing.items():
        used.append((("routing", code, "lead"), way.lead))
        used += [(("routing", code, "supporting", n), name) for n, name in enumerate(way.supporting)]
    for place, name in used:
        if name not in known:
            meant = next((o.name for o in hospital.offices if name in o.aliases), "")
            yield Mistake(place, "unknown_office", name, meant or _closest(name, known))


def _in_codes(hospital: "Hospital") -> Iterator[Mistake]:
    known = {category.value for category in Category}
    for code in hospital.routing:
        if code not in known:
            yield Mistake(("routing", code), "unknown_category", code, _closest(code, known))


def _in_time(hospital: "Hospital") -> Iterator[Mistake]:
    try:
        ZoneInfo(hospital.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Mistake(("timezone",), "unknown_timezone", hospital.timezone)
    if hospital.clocks.day_starts >= hospital.clocks.day_ends:
        yield Mistake(("clocks", "day_ends"), "closed_all_day")


def _in_retention(hospital: "Hospital") -> Iterator[Mistake]:
    """A warning as long as the time itself would come before the case is closed."""
    if hospital.retention.warning >= hospital.retention.content:
        yield Mistake(("retention", "warning"), "warned_too_early", str(hospital.retention.warning))


def _in_faq(hospital: "Hospital") -> Iterator[Mistake]:
    titles: set[str] = set()
    for number, entry in enumerate(hospital.faq):
        if entry.title in titles:
            yield Mistake(("faq", number, "title"), "repeated", entry.title)
        titles.add(entry.title)
        if not all(words.split() for words in entry.words):
            yield Mistake(("faq", number, "words"), "no_words")


def _closest(word: str, known: set[str]) -> str:
    return next(iter(difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.5)), "")
