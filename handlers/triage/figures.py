"""统计: counts for heads, supervisors and the administrator, so rough that they point at nobody."""

from collections.abc import Mapping

from handlers.triage.cards import code_words
from handlers.turn import Turn
from handlers.words import Words
from storage.members import Right, may
from storage.messages import Choice, Reply
from storage.statistics import By, Counts, OfficeLoad, Shown, Withheld, loads, year_in_counts


def on_figures(turn: Turn, year: str = "") -> list[Reply]:
    """This year's counts, or another's; the administrator gets what lies at each office, and no more."""
    this = turn.house.local(turn.now).year
    load = loads(turn.session, turn.officer, hospital=turn.house.hospital, now=turn.now)
    parts = ["\n".join([turn.words("figures.title_load"), *_loads(load, turn.words)])] if load else []
    if may(turn.officer, Right.HANDLE):
        chosen = int(year) if year.isdecimal() and len(year) == 4 else this
        counts = year_in_counts(turn.session, turn.officer, year=chosen, hospital=turn.house.hospital)
        parts = [*_year(chosen, counts, turn.words), *(parts if chosen == this else [])]
    parts.append(turn.words("figures.note"))
    return [turn.reply("figures.all", _rows(turn, this), edit=True, text="\n\n".join(parts))]


def _year(year: int, counts: Mapping[By, Counts], words: Words) -> list[str]:
    """The total, which is the same by whatever one counts, then each way of counting."""
    total = shown(counts[By.OFFICE].total, words)
    parts = [words("figures.title_year", year=year, count=total)]
    for by, table in counts.items():
        if table.rows:
            lines = [_line(_name(by, key, words), count, words) for key, count in _in_order(by, table)]
            parts.append("\n".join([words(f"figures.by_{by}"), *lines]))
    return parts


def _in_order(by: By, table: Counts) -> list[tuple[str, Shown]]:
    """Months as they pass, others by name: an order by size would tell what is withheld."""
    return sorted(table.rows.items())


def _name(by: By, key: str, words: Words) -> str:
    match by:
        case By.CATEGORY:
            return code_words(key, words)
        case By.MONTH:
            return words("figures.month", month=int(key.rpartition("-")[2]))
        case By.OFFICE:
            return key


def _loads(load: list[OfficeLoad], words: Words) -> list[str]:
    """A line for each office that has something, and one for all that have nothing."""
    empty = [one.office for one in load if one.open == 0]
    rest = [words("figures.load_none", offices=words("card.and").join(empty))] if empty else []
    some = [
        words(
            "figures.load", office=one.office, open=shown(one.open, words), overdue=shown(one.overdue, words)
        )
        for one in load
        if one.open != 0
    ]
    return [*some, *rest]


def _line(name: str, count: Shown, words: Words) -> str:
    return words("figures.line", name=name, count=shown(count, words))


def shown(count: Shown, words: Words) -> str:
    """A count in words, or that it is withheld."""
    return words(f"figures.{count}") if isinstance(count, Withheld) else str(count)


def _rows(turn: Turn, this: int) -> list[tuple[Choice, ...]]:
    years = [this, this - 1] if may(turn.officer, Right.HANDLE) else []
    buttons = [Choice(turn.words("desk.year", year=year), f"figures:{year}") for year in years]
    menu = (Choice(turn.words("desk.menu"), "desk"),)
    return [tuple(buttons), menu] if buttons else [menu]
