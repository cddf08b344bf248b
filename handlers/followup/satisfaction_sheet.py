"""The sheet of a picture (see bot.pictures.sheet) that shows satisfaction: all words and figures of it."""

from collections.abc import Iterator
from typing import Any

from handlers.followup.satisfaction_report import Report, bounds, month_words, percent, unit_words
from handlers.followup.satisfaction_words import in_order
from handlers.words import Words
from storage.followup.figures import Shown
from storage.followup.shares import Change, Share
from storage.house import House

_MOST_ROWS = 16


def sheet_of(report: Report, words: Words, *, house: House) -> dict[str, Any]:
    """The whole picture; there must be something to show of the month."""
    local = house.local(report.now)
    day = words("satisfaction.day", month=local.month, day=local.day)
    unit = unit_words(report.department, words)
    month = month_words(report.month, words)
    return {
        "over": words("satisfaction.over", hospital=house.hospital.name),
        "title": words("satisfaction.picture_title", unit=unit, month=month),
        "under": words("satisfaction.under", day=day),
        "key": list(_key(report, words)),
        "charts": list(_charts(report, words)),
        "foot": [
            words("satisfaction.foot_source"), words("satisfaction.foot_share"),
            words("satisfaction.foot_hidden", least=report.least),
        ],
    }  # fmt: skip


def has_picture(report: Report) -> bool:
    """Whether there is anything that may be drawn."""
    return report.shown.satisfied is not None


def _key(report: Report, words: Words) -> Iterator[dict[str, str]]:
    shown, change = report.shown, report.change
    if shown.satisfied is None or shown.mean is None:
        return
    yield _entry(
        words("satisfaction.key_satisfied"), percent(shown.satisfied.value),
        words("satisfaction.key_range", **bounds(shown.satisfied)),
    )  # fmt: skip
    if change is None:
        yield _entry(words("satisfaction.key_mean"), f"{shown.mean:.1f}", "")
    else:
        yield _changed(change, words)
    yield _entry(
        words("satisfaction.key_answers"), words("satisfaction.key_count", count=shown.answered),
        words("satisfaction.key_sent", sent=shown.sent, reached=shown.reached),
    )  # fmt: skip


def _changed(change: Change, words: Words) -> dict[str, str]:
    label = words("satisfaction.key_change")
    if not round(abs(change.value) * 100):
        return _entry(label, words("satisfaction.key_same"), "")
    note = words(f"satisfaction.key_{'real' if change.is_real else 'chance'}")
    return _entry(label, words("satisfaction.key_points", points=_signed(change)), note)


def _signed(change: Change) -> str:
    """Percentage points with a sign as wide as a digit."""
    return f"{round(change.value * 100):+d}".replace("-", "−")


def _entry(label: str, value: str, note: str) -> dict[str, str]:
    return {"label": label, "value": value, "note": note}


def _charts(report: Report, words: Words) -> Iterator[dict[str, Any]]:
    if report.shown.scores is not None:
        yield _grades(report.shown, report.shown.scores, words)
    known = [one for one in report.history if one.of(report.department).satisfied is not None]
    if len(known) > 1:
        yield _turn(report, words)
    if report.parts:
        yield _bars(report, words)
    if report.mentions.praise or report.mentions.complaint:
        yield _terms(report, words)


def _grades(shown: Shown, scores: tuple[int, ...], words: Words) -> dict[str, Any]:
    total = sum(scores)
    parts = [
        {
            "grade": grade, "count": scores[grade - 1], "value": percent(scores[grade - 1] / total),
            "label": words(
                "satisfaction.grade", name=words(f"satisfaction.grade_{grade}"), count=scores[grade - 1]
            ),
        }
        for grade in range(5, 0, -1)
    ]  # fmt: skip
    note = words("satisfaction.mean", mean=f"{shown.mean:.1f}")
    return {"kind": "stack", "title": words("satisfaction.grades"), "note": note, "parts": parts}


def _turn(report: Report, words: Words) -> dict[str, Any]:
    """From the first month with something to show on."""
    shares = [(one.month, one.of(report.department).satisfied) for one in report.history]
    while shares[0][1] is None:
        shares.pop(0)
    points = [
        {"label": words("satisfaction.short_month", month=int(month[5:])), **_share(share)}
        for month, share in shares
    ]
    note = words("satisfaction.turn_note")
    return {"kind": "turn", "title": words("satisfaction.turn"), "note": note, "points": points}


def _bars(report: Report, words: Words) -> dict[str, Any]:
    parts = in_order(report.parts.items(), words)
    rows = [
        {
            "label": name, "hidden": words("satisfaction.hidden"),
            "count": words("satisfaction.key_count", count=shown.satisfied.whole) if shown.satisfied else "",
            **_share(shown.satisfied),
        }
        for name, shown in parts[:_MOST_ROWS]
    ]  # fmt: skip
    note = words("satisfaction.bars_note")
    if len(parts) > _MOST_ROWS:
        note = words("satisfaction.bars_rest", shown=_MOST_ROWS, all=len(parts))
    title = words("satisfaction.by_ward" if report.department else "satisfaction.by_department")
    return {"kind": "bars", "title": title, "note": note, "rows": rows}


def _share(share: Share | None) -> dict[str, Any]:
    if share is None:
        return {"share": None}
    return {"share": share.value, "low": share.low, "high": share.high, "value": percent(share.value)}


def _terms(report: Report, words: Words) -> dict[str, Any]:
    sides = (("praise", report.mentions.praise), ("complaint", report.mentions.complaint))
    return {
        "kind": "terms", "title": words("satisfaction.terms"), "note": words("satisfaction.terms_note"),
        "sides": [
            {
                "title": words(f"satisfaction.{side}_title"), "none": words("satisfaction.no_terms"),
                "terms": [list(term) for term in terms],
            }
            for side, terms in sides
        ],
    }  # fmt: skip
