"""Being away, said in few words: days from today, ranges, ends; and what is something else."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.leave import LONGEST, MOST_DAYS, Away, Said, read_leave

TODAY = date(2026, 11, 24)
"""A Tuesday."""


def days(first: str, last: str) -> Away:
    return Away(*(date.fromisoformat(f"2026-{day}" if len(day) == 5 else day) for day in (first, last)))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("请假3天", "11-24", "11-26"),
        ("/请假 3天", "11-24", "11-26"),
        ("／请假　３天", "11-24", "11-26"),
        ("請假三天", "11-24", "11-26"),
        ("我要请假三天。", "11-24", "11-26"),
        ("请三天假", "11-24", "11-26"),
        ("请病假3天", "11-24", "11-26"),
        ("休年假5天", "11-24", "11-28"),
        ("请假半天", "11-24", "11-24"),
        ("请假2.5天", "11-24", "11-26"),
        ("请假一天半", "11-24", "11-25"),
        ("请假一周", "11-24", "11-30"),
        ("请假壹周", "11-24", "11-30"),
        ("请假两个星期", "11-24", "12-07"),
        ("请假半个月", "11-24", "12-08"),
        ("请假1个月", "11-24", "12-23"),
        ("请假十二天", "11-24", "12-05"),
        ("请假明天", "11-25", "11-25"),
        ("请假 明天上午", "11-25", "11-25"),
        ("请假明天起3天", "11-25", "11-27"),
        ("请假从后天开始，两天", "11-26", "11-27"),
        ("请假到周五", "11-24", "11-27"),
        ("请假到12.5", "11-24", "12-05"),
        ("请假至月底", "11-24", "11-30"),
        ("请假到下周三为止", "11-24", "12-02"),
        ("/请假 12月1日到12月5日", "12-01", "12-05"),
        ("请假12月1日-5日", "12-01", "12-05"),
        ("请假 十二月一号—五号", "12-01", "12-05"),
        ("请假12.1-12.5", "12-01", "12-05"),
        ("请假12/1～12/5", "12-01", "12-05"),
        ("请假 2026-12-01 至 2026-12-05", "12-01", "12-05"),
        ("请假12月1日（周二）到12月5日", "12-01", "12-05"),
        ("请假周一到周三", "11-30", "12-02"),
        ("请假下周一到周五", "11-30", "12-04"),
        ("请假28号到3号", "11-28", "12-03"),
        ("请假5号", "12-05", "12-05"),
        ("请假下个月5号", "12-05", "12-05"),
        ("请假12月30日到1月3日", "12-30", "2027-01-03"),
        ("请假1月5日", "2027-01-05", "2027-01-05"),
        ("请假明年1月5日到1月8日", "2027-01-05", "2027-01-08"),
        ("请假11月20日到11月26日", "11-20", "11-26"),
        ("请假365天", "11-24", "2027-11-23"),
    ],
)
def test_days_away_are_read(text: str, first: str, last: str) -> None:
    assert read_leave(text, TODAY) == days(first, last)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/销假", Said.BACK),
        ("销假。", Said.BACK),
        ("提前销假", Said.BACK),
        ("取消请假", Said.BACK),
        ("请假", Said.HOW),
        ("/请假", Said.HOW),
        ("/请假 看病", Said.HOW),
        ("/请假 三五天", Said.HOW),
        ("请假2月30日", Said.NO_DAY),
        ("请假11月31日到12月2日", Said.NO_DAY),
        ("请假32号", Said.NO_DAY),
        ("请假0天", Said.NO_DAY),
        ("请假9999天", Said.NO_DAY),
        ("请假11月20日到11月22日", Said.OVER),
        ("请假昨天", None),
        ("请假12月5日到12月1日", Said.BACKWARDS),
        ("请假366天", Said.TOO_LONG),
        ("请假两年", None),
        ("请假9999年1月1日", Said.TOO_LONG),
    ],
)
def test_what_is_no_leave_is_told_apart(text: str, said: Said | None) -> None:
    assert read_leave(text, TODAY) is said


@pytest.mark.parametrize(
    "text",
    [
        "我请假三天去看病，护士还骂我",
        "请假三天扣了我两千块",
        "请假看病",
        "请假条怎么开",
        "请问",
        "请明天",
        "请",
        "医生请假三天没人管",
        "他让我请假3天给他送红包",
        "销假要找谁",
        "不批请假",
        "请假3天" + "啊" * LONGEST,
        "",
        "/",
        "休息3天",
    ],
)
def test_sentences_of_patients_are_nobodys_leave(text: str) -> None:
    assert read_leave(text, TODAY) is None


def test_the_leap_day_is_a_day_in_leap_years_alone() -> None:
    assert read_leave("请假2月29日", date(2028, 2, 1)) == Away(date(2028, 2, 29), date(2028, 2, 29))
    assert read_leave("请假2月29日", date(2027, 11, 24)) == Away(date(2028, 2, 29), date(2028, 2, 29))
    assert read_leave("请假2月29日", TODAY) is Said.NO_DAY


SIGNS = "请假销/0123456789.-到至起从周月日号天半一二三十两明后下个 年末底休病"


@given(st.text(alphabet=SIGNS, max_size=LONGEST + 5), st.dates(date(2020, 1, 1), date(2100, 12, 31)))
def test_any_short_text_is_read_without_error_and_within_a_year(text: str, today: date) -> None:
    for written in (text, f"请假{text}", f"/请假 {text}"):
        found = read_leave(written, today)
        if isinstance(found, Away):
            assert found.first <= found.last
            assert today <= found.last
            assert (found.last - found.first).days < MOST_DAYS
            assert found.first <= today + timedelta(MOST_DAYS)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 150), st.integers(0, 200))
def test_what_is_written_out_is_read_as_written(today: date, ahead: int, more: int) -> None:
    first = today + timedelta(ahead)
    last = first + timedelta(more)
    assert read_leave(f"请假{first.isoformat()}到{last.isoformat()}", today) == Away(first, last)
    if more < 150:
        short = f"请假{first.month}月{first.day}日到{last.month}月{last.day}日"
        assert read_leave(short, today) == Away(first, last)


@given(st.integers(1, MOST_DAYS), st.dates(date(2020, 1, 1), date(2100, 12, 31)))
def test_so_many_days_are_so_many_days(count: int, today: date) -> None:
    assert read_leave(f"请假{count}天", today) == Away(today, today + timedelta(count - 1))
