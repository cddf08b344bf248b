"""The sheet of a picture (see bot.pictures.sheet) that shows coverage: all its words and figures, no name."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from handlers.staff.coverage.report import Report, percent, span_words, unit_words
from handlers.staff.coverage.words import day_words, worst_first
from handlers.words import Words
from storage.duties.progress import Progress
from storage.house import House

_MOST_DUTIES = 14
_MOST_OFFICES = 36
_LONG = 10_000
"""From here on two counts beside each other need more room than a phone has."""


def sheet_of(report: Report, words: Words, *, house: House) -> dict[str, Any]:
    """The whole picture; there must be something to show."""
    asked, found = report.asked, report.coverage
    day = day_words(report.now, words, house=house)
    duty = found.titles.get(asked.duty, "")
    key = "coverage.picture_duty" if duty else "coverage.picture_under"
    return {
        "over": words("coverage.over", hospital=house.hospital.name),
        "title": words(
            "coverage.picture_title", unit=unit_words(asked.office, words), span=span_words(asked.span, words)
        ),
        "under": words(key, day=day, duty=duty),
        "key": list(_key(found.total, words)),
        "charts": list(_charts(report, words, house=house)),
        "foot": [words("coverage.foot_share"), words("coverage.foot_names")],
    }


def has_picture(report: Report) -> bool:
    """Whether anybody owes anything that may be drawn."""
    return report.coverage.total.expected > 0


def _key(total: Progress, words: Words) -> Iterator[dict[str, str]]:
    yield _entry(words, "share", percent(total.share), words("coverage.key_target"))
    yield _entry(words, "done", str(total.done), words("coverage.key_done_note", expected=total.expected))
    yield _entry(words, "late", str(total.late), words("coverage.key_late_note", excused=total.excused))


def _entry(words: Words, name: str, value: str, note: str) -> dict[str, str]:
    return {"label": words(f"coverage.key_{name}"), "value": value, "note": note}


def _charts(report: Report, words: Words, *, house: House) -> Iterator[dict[str, Any]]:
    found = report.coverage
    if report.several:
        yield _chart("offices", worst_first(found.by_office), _MOST_OFFICES, words, wide=False)
    if not (report.several and report.asked.duty):
        yield duty_chart("duties", report, words, house=house)


def duty_chart(name: str, report: Report, words: Words, *, house: House) -> dict[str, Any]:
    """A bar for each occurrence, those with somebody missing first, under the title `chart_NAME`."""
    lines = sorted(report.coverage.lines, key=lambda line: (not line.total.missing, line.due_at))
    duties = [
        (words("coverage.duty", title=one.title, day=day_words(one.due_at, words, house=house)), one.total)
        for one in lines
    ]
    return _chart(name, duties, _MOST_DUTIES, words, wide=True)


def _chart(
    name: str, parts: Iterable[tuple[str, Progress]], most: int, words: Words, *, wide: bool
) -> dict[str, Any]:
    owed = [(label, one) for label, one in parts if one.expected]
    note = words("coverage.chart_note")
    if len(owed) > most:
        note = words("coverage.chart_rest", shown=most, all=len(owed))
    return {
        "kind": "targets", "title": words(f"coverage.chart_{name}"), "note": note, "wide": wide,
        "legend": [words(f"coverage.legend_{one}") for one in ("done", "late", "missing")],
        "rows": [_row(label, one, words) for label, one in owed[:most]],
    }  # fmt: skip


def _row(label: str, one: Progress, words: Words) -> Mapping[str, Any]:
    return {
        "label": label, "share": one.share, "late": one.late / one.expected, "value": percent(one.share),
        "count": words(
            "coverage.count" if one.expected < _LONG else "coverage.count_missing",
            done=one.done, expected=one.expected, missing=one.missing,
        ),
    }  # fmt: skip
