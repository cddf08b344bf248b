"""Dates are worked out from the day on which the text was received."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.dates import When, find_dates
from nlp.normalise import normalise

WEDNESDAY = date(2026, 11, 25)


def dates(text: str, received: date = WEDNESDAY) -> list[When]:
    return list(find_dates(normalise(text), text, received))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("昨天", "2026-11-24"), ("前天下午3点", "2026-11-23"), ("今早", "2026-11-25"), ("昨晚", "2026-11-24"),
        ("大前天", "2026-11-22"), ("明天", "2026-11-26"), ("后天", "2026-11-27"), ("刚才", "2026-11-25"),
        ("上周三", "2026-11-18"), ("上个礼拜五", "2026-11-20"), ("上上周三", "2026-11-11"),
        ("下周一", "2026-11-30"),
        ("这周五", "2026-11-27"), ("周三", "2026-11-25"), ("周四", "2026-11-19"), ("禮拜天", "2026-11-22"),
        ("3月5号", "2026-03-05"), ("三月五號", "2026-03-05"), ("12月5号", "2025-12-05"),
        ("11月25日", "2026-11-25"),
        ("11月26日", "2025-11-26"), ("10月3住院", "2026-10-03"), ("元月30日", "2026-01-30"),
        ("2月29号", "2024-02-29"),
        ("5号", "2026-11-05"), ("25号", "2026-11-25"), ("26号", "2026-10-26"), ("31号", "2026-10-31"),
        ("上个月5号", "2026-10-05"),
        ("2024年5月3日", "2024-05-03"), ("2024-05-12", "2024-05-12"), ("2024/5/3", "2024-05-03"),
        ("2024.5.3", "2024-05-03"),
        ("20240512", "2024-05-12"), ("二零二四年五月三号", "2024-05-03"),
        ("２０２４年５月３日", "2024-05-03"), ("24年5月3日", "2024-05-03"),
        ("98年5月3日", "1998-05-03"), ("民国113年5月3日", "2024-05-03"), ("113年5月3日", "2024-05-03"),
        ("3天前", "2026-11-22"),
        ("三天之前", "2026-11-22"), ("中秋", "2026-09-25"), ("去年中秋节", "2025-10-06"),
        ("大年初二", "2026-02-18"),
        ("除夕", "2026-02-16"), ("元宵节", "2026-03-03"), ("端午", "2026-06-19"), ("清明", "2026-04-05"),
        ("元旦", "2026-01-01"),
        ("教师节", "2026-09-10"), ("2023年中秋", "2023-09-29"), ("10月3号早上8点半", "2026-10-03"),
    ],
)  # fmt: skip
def test_one_day(text: str, day: str) -> None:
    found = dates(text)[0]
    assert (str(found.first), str(found.last), found.about) == (day, day, False)


@pytest.mark.parametrize(
    ("text", "first", "last", "about"),
    [
        ("去年10月", "2025-10-01", "2025-10-31", False), ("2024年5月", "2024-05-01", "2024-05-31", False),
        ("上个月", "2026-10-01", "2026-10-31", False), ("这个月", "2026-11-01", "2026-11-30", False),
        ("10月份", "2026-10-01", "2026-10-31", False), ("12月", "2025-12-01", "2025-12-31", False),
        ("上周", "2026-11-16", "2026-11-22", False), ("下周", "2026-11-30", "2026-12-06", False),
        ("周末", "2026-11-21", "2026-11-22", False), ("2025年", "2025-01-01", "2025-12-31", False),
        ("前年", "2024-01-01", "2024-12-31", False), ("去年上半年", "2025-01-01", "2025-06-30", False),
        ("去年冬天", "2025-12-01", "2026-02-28", False), ("春节", "2026-02-16", "2026-02-23", False),
        ("去年春节", "2025-01-28", "2025-02-04", False), ("国庆", "2026-10-01", "2026-10-07", False),
        ("国庆后", "2026-10-01", "2026-10-07", True),
        ("民國一百一十三年五月", "2024-05-01", "2024-05-31", False),
        ("半年前", "2026-05-01", "2026-05-31", True), ("三个月前", "2026-08-01", "2026-08-31", True),
        ("一个多月前", "2026-10-01", "2026-10-31", True), ("两年前", "2024-01-01", "2024-12-31", True),
        ("两周前", "2026-11-09", "2026-11-15", True), ("前几天", "2026-11-18", "2026-11-24", True),
        ("十多天前", "2026-11-15", "2026-11-15", True), ("上月底", "2026-10-21", "2026-10-31", True),
        ("10月中旬", "2026-10-11", "2026-10-20", True), ("去年底", "2025-11-01", "2025-12-31", True),
    ],
)  # fmt: skip
def test_a_stretch_of_days(text: str, first: str, last: str, about: bool) -> None:
    found = dates(text)[0]
    assert (str(found.first), str(found.last), found.about) == (first, last, about)


@pytest.mark.parametrize(
    "text",
    [
        "住院期间", "术前", "手术后", "最近", "2月30号", "13年2月30日", "每周三", "每月15号",
        "农历八月十五", "腊月二十", "下午",
    ],
)  # fmt: skip
def test_words_without_a_date(text: str) -> None:
    found = dates(text)
    assert found
    assert {(one.first, one.last) for one in found} == {(None, None)}


@pytest.mark.parametrize(
    "text",
    [
        "一周三次", "四周都是人", "3号楼", "5号床", "3号窗口", "今年60岁", "今年七十八了", "过年轻",
        "5年前列腺炎", "10点",
        "500毫升", "一日三次", "五一个", "三月子", "第3号", "38.5", "后天性", "吃了3个月", "一号手术室",
    ],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert dates(text) == []


def test_a_year_ends_and_weeks_cross_it() -> None:
    new_year = date(2026, 1, 1)
    texts = ("昨天", "上个月", "上周三", "12月31号", "30号")
    assert [str(dates(text, new_year)[0].first) for text in texts] == [
        "2025-12-31", "2025-12-01", "2025-12-24", "2025-12-31", "2025-12-30",
    ]  # fmt: skip


def test_a_festival_of_this_year_is_not_yet_past() -> None:
    assert str(dates("中秋", date(2026, 9, 24))[0].first) == "2025-10-06"
    assert str(dates("中秋", date(2026, 9, 25))[0].first) == "2026-09-25"


def test_without_a_day_of_receipt_no_date_is_worked_out() -> None:
    assert [one.first for one in find_dates(normalise("昨天"), "昨天")] == [None]


@given(st.text("0123456789年月日号周上个前后天一二三十民国春节初底/-.", max_size=30), st.dates())
def test_any_day_of_receipt_is_fine(text: str, received: date) -> None:
    for one in dates(text, received):
        assert text[one.start : one.end] == one.text
        assert one.first is None or one.last is None or one.first <= one.last
