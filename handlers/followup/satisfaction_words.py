"""Satisfaction as a message: it is there at once, and any phone shows it; a picture follows."""

from collections.abc import Iterable, Iterator

from handlers.followup.satisfaction_report import Report, bounds, change_words, percent, title_of
from handlers.words import Words
from storage.followup.figures import Shown
from storage.followup.mentioned import Asked
from storage.hospital_followup import usual_questions

_MOST_PARTS = 12


def summary(report: Report, words: Words) -> str:
    """The figures as text, a blank line between parts."""
    title = title_of(report.department, report.month, words)
    parts = [[title, *_figures(report, words)], _terms(report, words), _parts(report, words)]
    parts.append(_integrity(report.integrity, words))
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _figures(report: Report, words: Words) -> Iterator[str]:
    shown = report.shown
    if not shown.sent:
        yield words("satisfaction.nothing_sent")
        return
    if shown.satisfied is None or shown.mean is None:
        yield words("satisfaction.counts_few", sent=shown.sent, reached=shown.reached)
        yield words("satisfaction.few", least=report.least)
        return
    yield words("satisfaction.satisfied", **bounds(shown.satisfied))
    if report.change is not None:
        yield change_words(report.change, words)
    yield words("satisfaction.mean", mean=f"{shown.mean:.1f}")
    yield words("satisfaction.counts", sent=shown.sent, reached=shown.reached, answered=shown.answered)
    if shown.after is not None:
        yield words("satisfaction.after", share=percent(shown.after.value), count=shown.after.whole)


def _terms(report: Report, words: Words) -> list[str]:
    sides = {"praise": report.mentions.praise, "complaint": report.mentions.complaint}
    return [
        words(f"satisfaction.{side}", terms=words("satisfaction.between").join(_each(terms, words)))
        for side, terms in sides.items()
        if terms
    ]


def _each(terms: Iterable[tuple[str, int]], words: Words) -> Iterator[str]:
    return (words("satisfaction.term", term=term, count=count) for term, count in terms)


def _parts(report: Report, words: Words) -> list[str]:
    """Wards or departments, the most satisfied first, those that are not shown by name behind them."""
    if not report.parts:
        return []
    lines = [part_line(name, shown, words) for name, shown in in_order(report.parts.items(), words)]
    rest = len(lines) - _MOST_PARTS
    more = [words("satisfaction.line_rest", count=rest)] if rest > 0 else []
    if any(shown.satisfied is None for shown in report.parts.values()):
        more.append(words("satisfaction.line_note", least=report.least))
    heading = words("satisfaction.wards" if report.department else "satisfaction.departments")
    return [heading, *lines[:_MOST_PARTS], *more]


def in_order(parts: Iterable[tuple[str, Shown]], words: Words) -> list[tuple[str, Shown]]:
    """By share, best first; what is hidden by name, for an order by share would tell of it."""

    def key(part: tuple[str, Shown]) -> tuple[bool, float, str]:
        name, shown = part
        return shown.satisfied is None, -shown.satisfied.value if shown.satisfied else 0.0, name

    return [(name or words("satisfaction.no_ward"), shown) for name, shown in sorted(parts, key=key)]


def part_line(name: str, shown: Shown, words: Words) -> str:
    """One ward or department."""
    if shown.satisfied is None:
        return words("satisfaction.line_hidden", name=name)
    return words("satisfaction.line", name=name, count=shown.satisfied.whole, **bounds(shown.satisfied))


def _integrity(asked: Iterable[Asked], words: Words) -> list[str]:
    lines = [
        words(
            "satisfaction.integrity_line", name=question_words(one.question, words), answers=one.answers,
            yes=_yes(one, words),
        )
        for one in asked
    ]  # fmt: skip
    return [words("satisfaction.integrity"), *lines] if lines else []


def question_words(question: str, words: Words) -> str:
    """A question in a few words, or in its own."""
    key = f"satisfaction.{question}"
    if question in usual_questions() and words.has(key):
        return words(key)
    return question


def _yes(one: Asked, words: Words) -> str:
    if one.yes is None:
        return words("satisfaction.integrity_few")
    return words("satisfaction.integrity_yes", count=one.yes, share=percent(one.yes / one.answers))
