"""The message of a new month: the figures of the last one, and the three changes that matter most."""

from collections.abc import Iterator

from handlers.followup.satisfaction import token
from handlers.followup.satisfaction_report import (
    Report,
    change_words,
    month_words,
    percent,
    unit_words,
)
from handlers.followup.satisfaction_words import summary
from handlers.words import Words
from storage.followup.figures import Shown, trend
from storage.followup.shares import Change
from storage.messages import Choice, Reply, StoredFile

_MOST_CHANGES = 3


def monthly_reply(report: Report, words: Words, files: tuple[StoredFile, ...] = ()) -> Reply:
    """The whole message; the house is told of departments, a department of itself and its wards."""
    unit = unit_words(report.department, words)
    head = words("satisfaction.monthly", month=month_words(report.month, words), unit=unit)
    figures = summary(report, words).partition("\n")[2].strip("\n")
    text = "\n\n".join([head, "\n".join(_changes(report, words)), figures])
    look = Choice(words("satisfaction.look"), f"satisfaction:{report.month}:{token(report.department)}")
    table = Choice(words("satisfaction.table"), f"{look.value}:table")
    return Reply(text, ((look, table),), files)


def biggest_changes(report: Report) -> list[tuple[str, Shown, Change]]:
    """Departments or wards by how much they moved, those that chance hardly moves first; three at most."""
    if len(report.history) < 2:
        return []
    moved = [
        (name, now, change)
        for name, before, now in _pairs(report)
        if (change := trend(before, now)) is not None and round(abs(change.value) * 100)
    ]
    moved.sort(key=lambda one: (not one[2].is_real, -abs(one[2].value), one[0]))
    return moved[:_MOST_CHANGES]


def _pairs(report: Report) -> Iterator[tuple[str, Shown, Shown]]:
    before, now = report.history[-2], report.history[-1]
    if not report.department:
        for name, shown in now.departments.items():
            yield name, before.of(name), shown
        return
    yield report.department, before.of(report.department), now.of(report.department)
    earlier = before.wards_of(report.department)
    for ward, shown in now.wards_of(report.department).items():
        if ward in earlier:
            yield ward, earlier[ward], shown


def _changes(report: Report, words: Words) -> Iterator[str]:
    found = biggest_changes(report)
    if not found:
        yield words("satisfaction.no_changes")
        return
    yield words("satisfaction.changes")
    for place, (name, shown, change) in enumerate(found, 1):
        assert shown.satisfied is not None
        yield words(
            "satisfaction.change_line", place=place, name=name or words("satisfaction.no_ward"),
            share=percent(shown.satisfied.value), change=change_words(change, words),
        )  # fmt: skip
