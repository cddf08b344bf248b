"""What an officer reads of whom and what a report names."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from handlers.triage.content import shown_text
from handlers.triage.named import Piece, named_words
from handlers.words import words_for
from storage.entries import Kind, add_entry
from storage.house import House
from tests.factories import MONDAY, make_desk, open_a_case
from tests.handlers.conftest import Hire

WORDS = words_for("zh")
WEDNESDAY = date(2026, 11, 25)


def lines(*texts: str, leads: bool = True, received: date = WEDNESDAY) -> list[str]:
    pieces = [Piece(text, shown_text(text, leads=leads), received) for text in texts]
    return named_words(pieces, make_desk(), WORDS)


def test_each_kind_has_a_short_line() -> None:
    assert lines("骨科张主任上周三在三楼护士站收了我两千块现金和两条烟") == [
        "科室：骨科",
        "人员：张主任",
        "金额：两千块＝2000元",
        "物品：两条烟",
        "时间：上周三 → 2026-11-18 周三",
        "地点：三楼护士站",
        "方式：现金",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("收了2000元", "金额：2000元"),
        ("收了2k", "金额：2k＝2000元"),
        ("收了三五千", "金额：三五千≈3000–5000元"),
        ("收了一千多", "金额：一千多≈1000–2000元"),
        ("收了上万块", "金额：上万块≈10000元以上"),
        ("二十六万", "金额：二十六万＝26万元"),
        ("NT$5,000", "金额：NT$5,000"),
        ("收了两千块，返5个点", "金额：两千块＝2000元；5个点"),
        ("上个月", "时间：上个月 → 2026年10月"),
        ("去年", "时间：去年 → 2025年"),
        ("半年前", "时间：半年前 → 约2026年5月"),
        ("上周", "时间：上周 → 2026-11-16 至 11-22"),
        ("去年冬天", "时间：去年冬天 → 2025-12-01 至 2026-02-28"),
        ("住院期间", "时间：住院期间"),
    ],
)
def test_values_are_told_where_they_are_not_plain(text: str, line: str) -> None:
    assert line in lines(text)


def test_what_is_said_twice_stands_once() -> None:
    said = lines("昨天张主任收了两千", "就是11月24号，张主任，2000元，收了")
    assert said == ["人员：张主任", "金额：两千＝2000元", "时间：昨天 → 2026-11-24 周二"]


def test_bare_roles_give_way_to_who_is_named() -> None:
    assert lines("医生收了，护士也收了，是张主任带的头") == ["人员：张主任"]
    assert lines("医生收了") == ["人员：医生"]


def test_more_than_five_are_cut() -> None:
    (line,) = lines("三楼厕所，四楼厕所，五楼厕所，六楼厕所，七楼厕所，八楼厕所")
    assert line == "地点：三楼厕所、四楼厕所、五楼厕所、六楼厕所、七楼厕所……"


def test_a_masked_number_is_named_nowhere() -> None:
    assert lines("给13812345678元") == ["金额：13812345678元"]
    assert lines("给13812345678元", leads=False) == []


def test_dates_are_seen_from_the_day_their_own_message_came(
    session: Session, house: House, hire: Hire
) -> None:
    case = open_a_case(session, house)
    assert case.id is not None
    later = MONDAY + timedelta(days=1, hours=15)  # past midnight in Shanghai
    add_entry(session, case.id, Kind.ADDITION, "昨天又要了五百", vault=house.vault, now=later)
    shown = hire().opens(case).text
    assert "上周 → 2025-11-17 至 11-23；昨天 → 2025-11-25 周二" in shown
    assert "五百＝500元" in shown
