"""What a text says already is not asked again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.entities import mentions


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
