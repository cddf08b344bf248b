"""Finds when something happened: 昨天, 上周三, 3月5号, 去年国庆, 半年前; and the days that are meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from nlp.date_patterns import DATE
from nlp.date_values import days_meant
from nlp.normalise import Normalised
from nlp.spans import Mention, original


@dataclass(frozen=True, slots=True)
class When(Mention):
    """A time that the text names, with its first and last day; both None for 术前 and 2月30号."""

    first: date | None = None
    last: date | None = None
    about: bool = False


def find_dates(form: Normalised, text: str, received: date | None = None) -> Iterator[When]:
    """The times, in order; they are worked out only where the local date of receipt is told."""
    for match in DATE.finditer(form.text):
        place = original(form, text, *match.span())
        days = days_meant(str(match.lastgroup), match.group(), received) if received else None
        yield When(*place, *days) if days else When(*place)
