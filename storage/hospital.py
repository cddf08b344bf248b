"""What the hospital decides: offices, routing, clocks, files, answers to common questions."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from nlp.taxonomy import Category


def _clock(value: object) -> object:
    """Takes 09:00, 9:00 and a full-width colon; a bare number could mean hours or seconds and is refused."""
    match value:
        case time(tzinfo=None):
            return value
        case str() if len(parts := value.strip().replace("：", ":").split(":")) == 2:
            if all(part.isascii() and part.isdigit() for part in parts):
                return f"{parts[0]:0>2}:{parts[1]}"
    raise PydanticCustomError("clock", "not a time of day")


Name = Annotated[str, Field(min_length=1, max_length=30)]
Days = Annotated[int, Field(strict=True, ge=1, le=250)]
Percent = Annotated[int, Field(strict=True, ge=1, le=100)]
TimeOfDay = Annotated[time, BeforeValidator(_clock)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Office(_Section):
    """A responsible department; `aliases` are other names people write for it."""

    name: Name
    aliases: tuple[Name, ...] = ()


class Route(_Section):
    """Who leads and who supports a category of case."""

    lead: Name
    supporting: tuple[Name, ...] = ()


class Leader(_Section):
    """Somebody whose naming in a report seals the case: a head of the hospital or of discipline."""

    name: Name
    title: str = ""


class Clocks(_Section):
    """Limits in working days, counted from the day after receipt, and the office's hours."""

    first_look: Days = 1
    decide: Days = 3
    complaint_answer: Days = 5
    complaint_answer_several: Days = 10
    discipline_notice: Days = 15
    discipline_answer: Days = 60
    reminders: tuple[Percent, ...] = (50, 80, 100)
    day_starts: TimeOfDay = time(9, 0)
    day_ends: TimeOfDay = time(17, 0)


class Files(_Section):
    """What may be sent in: sizes in megabytes, count per case."""

    max_mb: int = Field(20, strict=True, ge=1, le=50)
    max_per_case: int = Field(30, strict=True, ge=1, le=500)
    keep_uncleaned: StrictBool = True


class Retention(_Section):
    """How long things stay, in days."""

    addresses: int = Field(90, strict=True, ge=1, le=3650)


class Faq(_Section):
    """A question people ask: it is answered when all words of one of `words` occur ("a b" = both)."""

    title: Name
    words: tuple[str, ...] = Field(min_length=1)
    answer: str = Field(min_length=1, max_length=600)


class Hospital(_Section):
    """The whole of hospital.toml.

    `discipline_office` takes what no other office may see; `service_desk` what no rule routes;
    `praise_office` keeps the ethics record. `routing` is keyed by category code.
    """

    name: Name
    timezone: str = "Asia/Shanghai"
    emergency_line: str = "120"
    discipline_office: Name
    service_desk: Name
    praise_office: Name
    offices: tuple[Office, ...] = Field(min_length=1)
    leaders: tuple[Leader, ...] = ()
    departments: tuple[Name, ...] = ()
    routing: dict[str, Route]
    clocks: Clocks = Clocks()
    files: Files = Files()
    retention: Retention = Retention()
    faq: tuple[Faq, ...] = ()
    _nicknames: Mapping[str, str] = PrivateAttr(default_factory=dict)

    @property
    def nicknames(self) -> Mapping[str, str]:
        """Whom a name from words.csv means: a full name, a leader's title or an office."""
        return self._nicknames

    def with_nicknames(self, nicknames: Mapping[str, str]) -> Self:
        """The same hospital with these nicknames; they are no key of hospital.toml."""
        copy = self.model_copy()
        copy._nicknames = dict(nicknames)
        return copy

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if found := mistakes(self):
            places = "; ".join(f"{'.'.join(map(str, one.place))}: {one.kind} {one.value!r}" for one in found)
            raise PydanticCustomError("cross_check", "{places}", {"places": places, "mistakes": found})
        return self


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in hospital.toml that does not fit the rest of it.

    `place` is the way to the key (("routing", "kickback", "lead")); `kind` is one of unknown_office,
    unknown_category, unknown_timezone, repeated, too_short, no_words, closed_all_day; `close` is what
    was probably meant, or empty.
    """

    place: tuple[str | int, ...]
    kind: str
    value: str = ""
    close: str = ""


def mistakes(hospital: Hospital) -> tuple[Mistake, ...]:
    """Everything that only shows when the parts are held against each other."""
    return (
        *_in_names(hospital),
        *_in_office_use(hospital),
        *_in_codes(hospital),
        *_in_time(hospital),
        *_in_faq(hospital),
    )


def _in_names(hospital: Hospital) -> Iterator[Mistake]:
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
            seen.add(name)
    for number, leader in enumerate(hospital.leaders):
        if len(leader.name) < 2:
            yield Mistake(("leaders", number, "name"), "too_short", leader.name)


def _in_office_use(hospital: Hospital) -> Iterator[Mistake]:
    known = {office.name for office in hospital.offices}
    used: list[tuple[tuple[str | int, ...], str]] = [
        (("discipline_office",), hospital.discipline_office),
        (("service_desk",), hospital.service_desk),
        (("praise_office",), hospital.praise_office),
    ]
    for code, way in hospital.routing.items():
        used.append((("routing", code, "lead"), way.lead))
        used += [(("routing", code, "supporting", n), name) for n, name in enumerate(way.supporting)]
    for place, name in used:
        if name not in known:
            meant = next((o.name for o in hospital.offices if name in o.aliases), "")
            yield Mistake(place, "unknown_office", name, meant or _closest(name, known))


def _in_codes(hospital: Hospital) -> Iterator[Mistake]:
    known = {category.value for category in Category}
    for code in hospital.routing:
        if code not in known:
            yield Mistake(("routing", code), "unknown_category", code, _closest(code, known))


def _in_time(hospital: Hospital) -> Iterator[Mistake]:
    try:
        ZoneInfo(hospital.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Mistake(("timezone",), "unknown_timezone", hospital.timezone)
    if hospital.clocks.day_starts >= hospital.clocks.day_ends:
        yield Mistake(("clocks", "day_ends"), "closed_all_day")


def _in_faq(hospital: Hospital) -> Iterator[Mistake]:
    titles: set[str] = set()
    for number, entry in enumerate(hospital.faq):
        if entry.title in titles:
            yield Mistake(("faq", number, "title"), "repeated", entry.title)
        titles.add(entry.title)
        if not all(words.split() for words in entry.words):
            yield Mistake(("faq", number, "words"), "no_words")


def _closest(word: str, known: set[str]) -> str:
    return next(iter(difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.5)), "")
