"""What a text names of departments, people, sums, things, times, places and means; nobody is asked twice."""

from dataclasses import dataclass
from datetime import date

from nlp.amounts import amount_spans
from nlp.dates import When, find_dates
from nlp.directory import Directory, shipped_directory
from nlp.gifts import find_gifts
from nlp.means import Means, find_means
from nlp.normalise import Normalised, normalise
from nlp.people import Person
from nlp.spans import Mention, apart
from nlp.spots import find_places
from nlp.sums import Sum, find_shares, find_sums

__all__ = [
    "Directory", "Entities", "Mention", "Mentions", "amount_spans", "entities", "mentions",
    "shipped_directory",
]  # fmt: skip

_LONGEST = 20_000
"""Characters of a text that are looked at: who, when and where stand early, and nobody reads further."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Where a text speaks of these; each tuple is in the order of the text and may be empty."""

    departments: tuple[Mention, ...] = ()
    when: tuple[Mention, ...] = ()
    amounts: tuple[Mention, ...] = ()
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Entities:
    """What a text names, with what it means; each tuple is in the order of the text and may be empty.

    `sums` are money, `shares` parts of something (5个点), `things` counted gifts without a value.
    """

    departments: tuple[Mention, ...] = ()
    people: tuple[Person, ...] = ()
    sums: tuple[Sum, ...] = ()
    shares: tuple[Mention, ...] = ()
    things: tuple[Mention, ...] = ()
    dates: tuple[When, ...] = ()
    places: tuple[Mention, ...] = ()
    means: tuple[Means, ...] = ()


def mentions(text: str, directory: Directory | None = None) -> Mentions:
    """What the text already says of department, time, sum and person. Never raises."""
    known = directory or shipped_directory()
    form = normalise(text[:_LONGEST])
    people = known.find_people(form, text)
    when, sums, shares, things = _counted(form, text, people, None)
    return Mentions(
        departments=tuple(known.find_departments(form, text)),
        when=when,
        amounts=tuple(sorted((*sums, *shares, *things), key=lambda one: one.start)),
        people=people,
    )


def entities(text: str, received: date, directory: Directory | None = None) -> Entities:
    """What the text names, its dates seen from `received`, the local date of its receipt. Never raises.

    Characters that are part of a name are no date (李国庆主任), those of a date no sum.
    """
    known = directory or shipped_directory()
    form = normalise(text[:_LONGEST])
    people = known.find_people(form, text)
    dates, sums, shares, things = _counted(form, text, people, received)
    departments = tuple(known.find_departments(form, text))
    return Entities(
        departments=departments,
        people=people,
        sums=sums,
        shares=shares,
        things=things,
        dates=dates,
        places=apart(find_places(form, text), departments, dates),
        means=tuple(find_means(form, text)),
    )


_Counted = tuple[tuple[When, ...], tuple[Sum, ...], tuple[Mention, ...], tuple[Mention, ...]]


def _counted(form: Normalised, text: str, people: tuple[Person, ...], received: date | None) -> _Counted:
    """Times, sums, shares and things; what is part of one kind is none of the later ones."""
    dates = apart(find_dates(form, text, received), people)
    things = apart(find_gifts(form, text), dates)
    shares = apart(find_shares(form, text), dates)
    return dates, apart(find_sums(form, text), dates, shares, things), shares, things
