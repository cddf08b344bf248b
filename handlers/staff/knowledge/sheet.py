"""The sheet of a picture (see bot.pictures.sheet) that shows how each of the nine rules is known."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from handlers.staff.coverage.report import span_words
from handlers.staff.knowledge.report import Report, percent, unit_words
from handlers.staff.quiz.views import rule_number
from handlers.words import Words
from storage.house import House
from storage.training.bank import nine_rules
from storage.training.knowledge import LEAST_PEOPLE, Known

_MOST_ROWS = 16


def sheet_of(report: Report, words: Words, *, house: House, now: datetime) -> dict[str, Any]:
    """The whole picture; there must be something to show."""
    local = house.local(now)
    foot = [words("knowledge.foot_least", least=LEAST_PEOPLE)]
    if len(report.offices) > _MOST_ROWS:
        foot.append(words("knowledge.foot_more", shown=_MOST_ROWS, all=len(report.offices)))
    return {
        "over": words("knowledge.over", hospital=house.hospital.name),
        "title": words("knowledge.picture_title", unit=unit_words(report.office, words)),
        "under": words("knowledge.under", month=local.month, day=local.day),
        "key": list(_key(report, words)),
        "charts": list(_charts(report, words)),
        "foot": foot,
    }  # fmt: skip


def has_picture(report: Report) -> bool:
    """Whether there is anything that may be drawn."""
    return report.whole.share is not None


def _key(report: Report, words: Words) -> Iterator[dict[str, str]]:
    whole, rule = report.whole, report.weakest
    weakest = words("knowledge.key_weakest_value", rule=rule_number(rule, words)) if rule else ""
    yield _entry(words("knowledge.key_all"), percent(whole), words("knowledge.key_all_note"))
    yield _entry(words("knowledge.key_people"), words("knowledge.key_people_value", people=whole.people), "")
    yield _entry(
        words("knowledge.key_weakest"), weakest or words("knowledge.key_none"),
        nine_rules().short[rule] if rule else "",
    )  # fmt: skip


def _charts(report: Report, words: Words) -> Iterator[dict[str, Any]]:
    rows = [
        {
            "label": words(
                "knowledge.rule_label", rule=rule_number(rule, words), title=nine_rules().short[rule]
            ),
            "note": words("knowledge.people", people=known.people) if known.share is not None else "",
            **_level(known, words),
        }
        for rule, known in report.rules.items()
    ]
    note = words("knowledge.chart_rules_note", span=span_words(report.span, words))
    yield {"kind": "levels", "title": words("knowledge.chart_rules"), "note": note, "rows": rows}
    if report.offices:
        yield {
            "kind": "levels", "title": words("knowledge.chart_offices"),
            "note": words("knowledge.chart_offices_note"), "rows": list(_offices(report, words)),
        }  # fmt: skip


def _offices(report: Report, words: Words) -> Iterator[dict[str, Any]]:
    """The weakest first: there is most to do."""
    for name, known in list(report.offices.items())[::-1][:_MOST_ROWS]:
        rule = report.weakest_of[name]
        note = words("knowledge.weakest", rule=rule_number(rule, words)) if rule else ""
        yield {"label": name, "note": note, **_level(known, words)}


def _level(known: Known, words: Words) -> dict[str, Any]:
    if known.share is None:
        return {"share": None, "value": words("knowledge.hidden", least=LEAST_PEOPLE)}
    return {"share": known.share, "value": percent(known)}


def _entry(label: str, value: str, note: str) -> dict[str, str]:
    return {"label": label, "value": value, "note": note}
