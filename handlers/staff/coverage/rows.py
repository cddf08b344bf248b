"""The buttons below coverage: who is missing, other spans, other offices, the table."""

from collections.abc import Iterator

from handlers.staff.coverage.asked import VERB, Asked
from handlers.staff.coverage.report import Report
from handlers.turn import Turn
from storage.duties.spans import SpanKind, before, span_of
from storage.members import Right, may
from storage.messages import Choice, Reply
from storage.staff.permits import oversees, oversees_house

_PAGE, _ROW = 12, 3


def rows_of(turn: Turn, report: Report) -> Iterator[list[Choice]]:
    """All buttons of a report, row by row."""
    asked = report.asked
    if report.coverage.total.missing:
        yield [choice(turn, "who", f"{asked.value}:who")]
    turning = [
        choice(turn, name, Asked(span, asked.office, asked.duty).value)
        for name, span in _spans(turn)
        if span != asked.span
    ]
    yield turning
    more = (
        [choice(turn, "choose", f"{asked.value}:pick:0")]
        if oversees_house(turn.officer, turn.house.hospital)
        else []
    )
    if asked.duty:
        more.append(choice(turn, "every_duty", Asked(asked.span, asked.office).value))
    if report.coverage.lines:
        more.append(choice(turn, "table", f"{asked.value}:table"))
    if more:
        yield more
    yield from menu_rows(turn)


def menu_rows(turn: Turn, asked: Asked | None = None) -> list[list[Choice]]:
    """The ways on where there is nothing to show."""
    rows = [[choice(turn, "look", asked.value)]] if asked is not None else []
    return [*rows, [Choice(turn.words("desk.menu"), "desk")]] if may(turn.officer, Right.DESK) else rows


def pick_office(turn: Turn, asked: Asked, page: str) -> Reply:
    """Every office whose coverage this member may see, page by page."""
    seen = oversees(turn.officer, turn.house.hospital)
    names = [one for one in turn.house.hospital.places if one in seen]
    last = max(0, (len(names) - 1) // _PAGE)
    number = page_number(page, last)
    here = names[number * _PAGE : (number + 1) * _PAGE]
    buttons = [Choice(one, f"{VERB}:{Asked(asked.span, one, asked.duty).value}") for one in here]
    rows = [buttons[start : start + _ROW] for start in range(0, len(buttons), _ROW)]
    rows += paging(turn, f"{asked.value}:pick:", number, last)
    if oversees_house(turn.officer, turn.house.hospital):
        rows.append([choice(turn, "house", Asked(asked.span, "", asked.duty).value)])
    return turn.reply("coverage.pick", [*rows, *menu_rows(turn)], edit=True)


def paging(turn: Turn, value: str, number: int, last: int) -> list[list[Choice]]:
    """[上一页][下一页], as far as there are such pages; `value` is what stands before the page."""
    turning = [choice(turn, "previous", f"{value}{number - 1}")] if number else []
    turning += [choice(turn, "next", f"{value}{number + 1}")] if number < last else []
    return [turning] if turning else []


def page_number(page: str, last: int) -> int:
    """The page a button names; the first for anything that is none."""
    return min(int(page), last) if page.isascii() and page.isdecimal() and len(page) < 4 else 0


def choice(turn: Turn, name: str, value: str) -> Choice:
    """A button of coverage by the name of its words."""
    return Choice(turn.words(f"coverage.{name}"), f"{VERB}:{value}")


def _spans(turn: Turn) -> Iterator[tuple[str, str]]:
    today = turn.house.local_day(turn.now)
    month = span_of(today)
    yield "this_month", month
    yield "last_month", before(month)
    yield "this_quarter", span_of(today, SpanKind.QUARTER)
    yield "this_year", span_of(today, SpanKind.YEAR)
