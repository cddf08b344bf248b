"""Shows what a message names: departments, people, sums, things, times, places and means."""

from collections.abc import Iterator
from decimal import Decimal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nlp.dates import When
from nlp.entities import Entities
from nlp.people import Person
from nlp.spans import Mention
from nlp.sums import Sum

_Row = tuple[str, Mention, str]


def print_entities(found: Entities) -> None:
    """One line for each, with what it means; nothing where the message names nothing."""
    table = Table("characters", "names", "as written", "meaning", box=None, pad_edge=False)
    for kind, one, meaning in _rows(found):
        written = one.text.encode("utf-8", "replace").decode()
        table.add_row(*(Text(cell) for cell in (f"{one.start}-{one.end}", kind, written, meaning)))
    if table.row_count:
        console = Console(highlight=False)
        console.print()
        console.print(table)


def _rows(found: Entities) -> Iterator[_Row]:
    for department in found.departments:
        yield "department", department, ""
    for person in found.people:
        yield "person", person, _parts(person)
    for amount in found.sums:
        yield "sum", amount, _value(amount)
    for kind, pieces in (("share", found.shares), ("thing", found.things), ("place", found.places)):
        for one in pieces:
            yield kind, one, ""
    for when in found.dates:
        yield "time", when, _days(when)
    for means in found.means:
        yield "means", means, means.way.value


def _parts(person: Person) -> str:
    parts = {"surname": person.surname, "given name": person.given, "title": person.title}
    return ", ".join(f"{name} {part}" for name, part in parts.items() if part)


def _value(amount: Sum) -> str:
    value = _number(amount.low)
    if amount.high is None:
        value = f"from {value}"
    elif amount.high != amount.low:
        value = f"{value} to {_number(amount.high)}"
    return f"{'about ' if amount.about else ''}{value} {amount.currency}"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _days(when: When) -> str:
    if when.first is None or when.last is None:
        return "no date"
    days = f"{when.first:%Y-%m-%d %a}" if when.first == when.last else f"{when.first} to {when.last}"
    return f"{'about ' if when.about else ''}{days}"
