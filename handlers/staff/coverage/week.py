"""Monday's message to heads: what was due last week, what is due this week, how far, who is behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handlers.staff.coverage.asked import VERB, Asked
from handlers.staff.coverage.report import Report, percent, unit_words
from handlers.staff.coverage.sheet import duty_chart, has_picture, sheet_of
from handlers.staff.coverage.words import behind_lines, day_words, duty_lines, office_lines
from handlers.words import Words
from storage.duties.progress import Progress
from storage.duties.spans import span_of
from storage.house import House
from storage.messages import Choice, Reply, StoredFile


@dataclass(frozen=True, slots=True)
class Week:
    """Last week and this one; `before` is the total of the week before last."""

    last: Report
    this: Report
    before: Progress

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be told of."""
        return not self.last.coverage.lines and not self.this.coverage.lines


def weekly_reply(week: Week, words: Words, files: tuple[StoredFile, ...] = (), *, house: House) -> Reply:
    """The whole message; names come by its buttons."""
    day = day_words(week.this.now, words, house=house)
    head = words("coverage.week", unit=unit_words(week.this.asked.office, words), day=day)
    parts = [[head], list(_last(week, words, house=house)), list(_this(week.this, words, house=house))]
    text = "\n\n".join("\n".join(lines) for lines in parts)
    return Reply(text, tuple(_rows(week, words, house=house)), files)


def weekly_sheet(week: Week, words: Words, *, house: House) -> dict[str, Any] | None:
    """The picture: last week's figures above, then both weeks' duties; None where nobody owes anything."""
    shown = [one for one in (week.last, week.this) if has_picture(one)]
    if not shown:
        return None
    sheet = sheet_of(shown[0], words, house=house)
    offices = sheet["charts"][:1] if shown[0].several else []
    names = {id(week.last): "last_week", id(week.this): "this_week"}
    sheet["charts"] = offices + [duty_chart(names[id(one)], one, words, house=house) for one in shown]
    return sheet


def _last(week: Week, words: Words, *, house: House) -> Iterator[str]:
    found = week.last.coverage
    if not found.lines:
        yield words("coverage.week_last_none")
        return
    yield _due("coverage.week_last", week.last, words)
    if week.before.expected and found.total.expected:
        yield _compared(found.total, week.before, words)
    yield from behind_lines(week.last.behind, words)
    yield from duty_lines(found.lines, words, house=house)
    if week.last.several:
        yield from office_lines(found.by_office, words)


def _this(this: Report, words: Words, *, house: House) -> Iterator[str]:
    if not this.coverage.lines:
        yield words("coverage.week_this_none")
        return
    yield _due("coverage.week_this", this, words)
    yield from duty_lines(this.coverage.lines, words, house=house)


def _due(key: str, report: Report, words: Words) -> str:
    total = report.coverage.total
    return words(
        key, count=len(report.coverage.lines), share=percent(total.share), done=total.done,
        expected=total.expected,
    )  # fmt: skip


def _compared(last: Progress, before: Progress, words: Words) -> str:
    points = round((last.share - before.share) * 100)
    if not points:
        return words("coverage.week_same")
    return words(f"coverage.week_{'more' if points > 0 else 'less'}", points=abs(points))


def _rows(week: Week, words: Words, *, house: House) -> Iterator[tuple[Choice, ...]]:
    who = tuple(
        Choice(words(f"coverage.week_who_{name}"), f"{VERB}:{one.asked.value}:who")
        for name, one in (("last", week.last), ("this", week.this))
        if one.coverage.total.missing
    )
    if who:
        yield who
    month = Asked(span_of(house.local_day(week.this.now)), week.this.asked.office)
    yield (Choice(words("coverage.week_look"), f"{VERB}:{month.value}"),)
