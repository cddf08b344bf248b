"""The table read back: figures and bounds as numbers, few answers as empty cells, no formula."""

import io
import re
import zipfile
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from bot.satisfaction_file import table_of
from handlers.followup.satisfaction_report import Report
from handlers.words import words_for
from storage.followup.figures import MonthFigures, Shown
from storage.followup.mentioned import Asked, Mentions
from storage.followup.shares import share_of

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
HIDDEN = Shown(30, 28)
SPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
Row = dict[str, str | float]


def shown(part: int, whole: int) -> Shown:
    scores = (0, 0, whole - part, 0, part)
    return Shown(whole * 2, whole + 1, whole, 4.5, scores, share_of(part, whole), share_of(6, 12))


def reports(department: str = "") -> list[Report]:
    september = MonthFigures("2026-09", shown(70, 100), {"骨科": shown(70, 100)})
    october = MonthFigures(
        "2026-10", shown(90, 100), {"=1+1": HIDDEN, "骨科": shown(90, 100)},
        {("骨科", "一病区"): shown(45, 50), ("骨科", ""): HIDDEN},
    )  # fmt: skip
    mentions = Mentions((("@耐心", 5),), (("饭菜", 3),))
    asked = (Asked("money", 40, 4), Asked("outside", 40, None))
    return [
        Report(department, [september], Mentions(), (), 10, NOW),
        Report(department, [september, october], mentions, asked, 10, NOW),
    ]


def opened(content: bytes) -> dict[str, list[list[str | float]]]:
    """Rows of cells by sheet, as a spreadsheet would show them; an empty cell is an empty text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = parsed(archive.read("xl/workbook.xml"))
        strings = parsed(archive.read("xl/sharedStrings.xml"))
        words = ["".join(one.itertext()) for one in strings.findall("x:si", SPACE)]
        sheets = {}
        for number, sheet in enumerate(book.findall("x:sheets/x:sheet", SPACE), 1):
            tree = parsed(archive.read(f"xl/worksheets/sheet{number}.xml"))
            assert tree.findall(".//x:f", SPACE) == [], "no formula"
            sheets[sheet.attrib["name"]] = [cells(row, words) for row in tree.findall(".//x:row", SPACE)]
        return sheets


def parsed(raw: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(raw)  # noqa: S314 (written by ourselves)


def cells(row: ElementTree.Element, words: list[str]) -> list[str | float]:
    found: list[str | float] = [""] * 12
    for cell in row.findall("x:c", SPACE):
        column = ord(re.sub(r"\d", "", cell.attrib["r"])) - ord("A")
        value = cell.findtext("x:v", "", SPACE)
        found[column] = words[int(value)] if cell.attrib.get("t") == "s" else float(value)
    return found


def rows(content: bytes) -> list[Row]:
    head, *rest = opened(content)["满意度"]
    return [dict(zip(map(str, head), row, strict=True)) for row in rest]


def test_house_departments_and_wards_by_month_the_newest_first() -> None:
    found = [(row["月份"], row["科室"], row["病区"]) for row in rows(table_of(reports(), words_for("zh")))]
    assert found == [
        ("2026-10", "全院", "合计"), ("2026-10", "'=1+1", "合计"), ("2026-10", "骨科", "合计"),
        ("2026-10", "骨科", "没写病区"), ("2026-10", "骨科", "一病区"),
        ("2026-09", "全院", "合计"), ("2026-09", "骨科", "合计"),
    ]  # fmt: skip


def test_figures_are_numbers_with_their_bounds() -> None:
    row = rows(table_of(reports(), words_for("zh")))[4]
    share = share_of(45, 50)
    assert (row["发出"], row["送到"], row["回答"], row["平均分"]) == (100, 51, 50, 4.5)
    assert row["满意率"] == pytest.approx(0.9)
    assert row["可信下限"] == pytest.approx(share.low)
    assert row["可信上限"] == pytest.approx(share.high)
    assert (row["补救后满意率"], row["补救后回答"]) == (0.5, 12)


def test_what_is_hidden_is_an_empty_cell() -> None:
    row = rows(table_of(reports(), words_for("zh")))[1]
    assert (row["发出"], row["送到"]) == (30, 28)
    assert [row[name] for name in ("回答", "平均分", "满意率", "可信下限", "可信上限", "补救后满意率")] == [
        ""
    ] * 6


def test_one_department_has_nothing_of_another() -> None:
    assert {row["科室"] for row in rows(table_of(reports("骨科"), words_for("zh")))} == {"骨科"}


def test_a_chart_and_sheets_for_mentions_integrity_and_notes() -> None:
    content = table_of(reports(), words_for("zh"))
    sheets = opened(content)
    assert list(sheets) == ["满意度", "图", "廉洁问题", "提到最多", "说明"]
    assert [row[:4] for row in sheets["廉洁问题"][1:]] == [
        ["2026-10", "要过钱物", 40, 4], ["2026-10", "让到院外买药、检查", 40, "说有的不到 3 人"],
    ]  # fmt: skip
    assert sheets["提到最多"][1][:4] == ["2026-10", "夸奖", "'@耐心", 5]
    assert [row[:2] for row in sheets["图"][1:]] == [["2026-09", 0.7], ["2026-10", 0.9]]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<c:lineChart>" in archive.read("xl/charts/chart1.xml")
