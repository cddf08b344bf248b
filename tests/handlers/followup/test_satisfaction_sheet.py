"""The sheet of a picture holds what may be shown, and nothing else."""

import json
from datetime import UTC, datetime

from handlers.followup.satisfaction_report import Report
from handlers.followup.satisfaction_sheet import has_picture, sheet_of
from handlers.words import words_for
from storage.followup.figures import MonthFigures, Shown
from storage.followup.mentioned import Mentions
from storage.followup.shares import share_of
from tests.factories import make_house

HIDDEN = Shown(4321, 1234)


def shown(part: int, whole: int) -> Shown:
    return Shown(300, 200, whole, 4.24, (1, 2, 3, 4, whole - 10), share_of(part, whole))


def report(history: list[Shown], parts: dict[str, Shown]) -> Report:
    months = [MonthFigures(f"2026-{number:02}", one) for number, one in enumerate(history, 5)]
    months[-1] = MonthFigures(months[-1].month, history[-1], parts)
    mentions = Mentions((("耐心", 5),), ())
    return Report("", months, mentions, (), 10, datetime(2026, 11, 2, 2, 0, tzinfo=UTC))


def test_it_has_the_figures_the_line_the_bars_and_the_terms() -> None:
    sheet = sheet_of(
        report([shown(80, 100), HIDDEN, shown(90, 100)], {"骨科": shown(90, 100), "眼科": HIDDEN}),
        words_for("zh"), house=make_house(),
    )  # fmt: skip
    assert (sheet["over"], sheet["title"]) == ("示例医院 · 出院病人满意度", "全院 · 2026年7月")
    assert sheet["under"] == "这个月发出的调查，统计到11月2日"
    assert [chart["kind"] for chart in sheet["charts"]] == ["stack", "turn", "bars", "terms"]
    assert [one["value"] for one in sheet["key"]] == ["90%", "4.2", "100 份"]
    _, turn, bars, terms = sheet["charts"]
    assert [point["share"] for point in turn["points"]] == [0.8, None, 0.9]
    assert [row["share"] for row in bars["rows"]] == [0.9, None]
    assert terms["sides"][0]["terms"] == [["耐心", 5]]
    assert "少于 10 份不显示" in sheet["foot"][-1]


def test_nothing_of_what_is_hidden_stands_in_it() -> None:
    sheet = sheet_of(
        report([HIDDEN, shown(90, 100)], {"骨科": shown(90, 100), "眼科": HIDDEN}), words_for("zh"),
        house=make_house(),
    )  # fmt: skip
    written = json.dumps(sheet)
    assert "4321" not in written
    assert "1234" not in written


def test_a_fall_has_a_sign_as_wide_as_a_digit() -> None:
    sheet = sheet_of(report([shown(90, 100), shown(60, 100)], {}), words_for("zh"), house=make_house())
    assert (sheet["key"][1]["value"], sheet["key"][1]["note"]) == ("−30 点", "变化明显")


def test_there_is_no_picture_of_what_is_hidden() -> None:
    assert not has_picture(report([shown(90, 100), HIDDEN], {}))
