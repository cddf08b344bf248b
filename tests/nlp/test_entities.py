"""What a text says already is not asked again, and is told with its meaning."""

from datetime import date
from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.entities import Directory, entities, mentions
from nlp.means import Way
from nlp.own_lists import OwnName, OwnWords


@pytest.mark.parametrize(
    ("text", "department", "when", "amount", "person"),
    [
        ("骨二科张主任收了我三千", "骨二科", None, "三千", "张主任"),
        ("上周三在心内科给了护士长两条中华烟", "心内科", "上周三", "两条中华", "护士长"),
        ("昨天給主刀塞了2000", None, "昨天", "2000", "主刀"),
        ("10月3号在妇产科，王大夫要了500块", "妇产科", "10月3号", "500块", "王大夫"),
        ("过年送了茅台两瓶", None, "过年", "茅台两瓶", None),
        ("他们收红包", None, None, None, None),
        ("住在3床", None, None, None, None),
    ],
)
def test_mentions(
    text: str, department: str | None, when: str | None, amount: str | None, person: str | None
) -> None:
    found = mentions(text)
    firsts = [
        group[0].text if group else None
        for group in (found.departments, found.when, found.amounts, found.people)
    ]
    assert firsts == [department, when, amount, person]


@given(
    st.text(st.characters(), max_size=60) | st.text("三千块两条烟张主任骨科昨天0123年月日号 ", max_size=40)
)
def test_mentions_stand_in_the_original(text: str) -> None:
    found = mentions(text)
    for one in (*found.departments, *found.when, *found.amounts, *found.people):
        assert text[one.start : one.end] == one.text


WEDNESDAY = date(2026, 11, 25)


def test_everything_that_is_named_is_told_with_its_meaning() -> None:
    found = entities("骨科李国庆主任上周三在三楼护士站收了我两千块现金和两条烟，返5个点", WEDNESDAY)
    assert [one.text for one in found.departments] == ["骨科"]
    assert [(one.surname, one.given, one.title) for one in found.people] == [("李", "国庆", "主任")]
    assert [(one.text, one.in_yuan) for one in found.sums] == [("两千块", (Decimal(2000), Decimal(2000)))]
    assert [one.text for one in found.shares] == ["5个点"]
    assert [one.text for one in found.things] == ["两条烟"]
    assert [(one.text, one.first) for one in found.dates] == [("上周三", date(2026, 11, 18))]
    assert [one.text for one in found.places] == ["三楼护士站"]
    assert [(one.text, one.way) for one in found.means] == [("现金", Way.CASH)]


def test_a_card_with_a_sum_is_means_and_sum_and_no_thing() -> None:
    found = entities("送了购物卡一千", WEDNESDAY)
    assert [one.text for one in found.sums] == ["一千"]
    assert [one.text for one in found.means] == ["购物卡"]
    assert not found.things


def test_own_names_and_departments_are_named_too() -> None:
    directory = Directory(OwnWords(departments=("国际医疗部",), names=(OwnName("铁手张", "张伟"),)))
    found = entities("国际医疗部的铁手张和王医生", WEDNESDAY, directory)
    assert [one.text for one in found.departments] == ["国际医疗部"]
    assert [one.text for one in found.people] == ["铁手张", "王医生"]


def test_dates_and_rooms_are_no_sums() -> None:
    found = entities("3月5号给302床，2024年5月又去1203室", WEDNESDAY)
    assert not found.sums
    assert [str(one.first) for one in found.dates] == ["2026-03-05", "2024-05-01"]


_HOSTILE = st.text(
    "三千万到-2024年月号上周前一多把块元张王某姓主任的医生收给1234567890,. k两条烟红包在楼床", max_size=40
)


@settings(max_examples=30, deadline=None)
@given(_HOSTILE, st.integers(1, 200))
def test_repeating_anything_is_read_quickly_and_stands_in_the_original(piece: str, times: int) -> None:
    text = (piece * times)[:4000]
    began = perf_counter()
    found = entities(text, WEDNESDAY)
    assert perf_counter() - began < 2
    kinds = (
        found.departments, found.people, found.sums, found.shares, found.things, found.dates, found.places,
        found.means,
    )  # fmt: skip
    for kind in kinds:
        for one in kind:
            assert text[one.start : one.end] == one.text


@pytest.mark.parametrize(
    "piece",
    ["1", "1,", "一", "张", "三千到", "3月", "2024-", "上", "周", "1 -", "医院门口的", "姓", "½", "dr"],
)
def test_time_grows_with_the_length(piece: str) -> None:
    began = perf_counter()
    entities(piece * (20_000 // len(piece)), WEDNESDAY)
    assert perf_counter() - began < 3
