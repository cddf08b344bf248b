"""A table of own words is read as people write it; each mistake is told with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.own_lists import OwnName, OwnTerm, OwnWords
from nlp.own_rows import read_words
from nlp.taxonomy import Category

HEAD = "类型,词语,分类,分量,指的是,备注\n"


def test_all_kinds_of_rows_are_read() -> None:
    words, wrong = read_words(
        f"{HEAD}# 说明\n线索词,過路錢,红包礼金,0.5,,x\n线索词,看台费,kickback\n,,,\n"
        "无关词,红包树\n科室,VIP楼\n人名,铁手张,,,张伟\n"
    )
    assert wrong == []
    assert words == OwnWords(
        (OwnTerm("过路钱", Category.RED_ENVELOPE, 0.5), OwnTerm("看台费", Category.KICKBACK, 1.0)),
        ("红包树",),
        ("vip楼",),
        (OwnName("铁手张", "张伟"),),
    )
    assert words.lines["department", "vip楼", ""] == 7


@pytest.mark.parametrize(
    "text",
    [
        "类型\t词语\t分类\n线索词\t过路钱\t回扣\n",
        "类型，词语，分类\r\n线索词，过路钱，回扣\r\n",
        "kind,word,category\nterm,过路钱,KICKBACK",
        "备注,分类,词语,类型,,\n很常见,回扣,过路钱,线索,,\n",
        '类型,词语,分类\n"线索词","过路钱","回扣"\n',
        "#,,\n类型,词语,分类\n\n#x,,\n线索词 , 过路 钱,回扣",
    ],
    ids=["tabs", "chinese commas", "english", "other order", "quoted", "comments and spaces"],
)
def test_written_in_other_ways_it_says_the_same(text: str) -> None:
    assert read_words(text) == (OwnWords((OwnTerm("过路钱", Category.KICKBACK),)), [])


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n", HEAD])
def test_empty_table_has_no_words(text: str) -> None:
    words, wrong = read_words(text)
    assert not words
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "line", "column", "kind", "close"),
    [
        ("线索词,过路钱,回扣", 1, "", "no_heading", ""),
        ('"类型,词语', 1, "", "quotes", ""),
        ("类型,分类\n", 1, "word", "no_column", ""),
        ("类型,词语,备柱\n", 1, "", "unknown_column", "备注"),
        ("类型,词语,词语\n", 1, "word", "repeated_column", ""),
        (HEAD + '线索词,"过路\n', 2, "", "quotes", ""),
        (HEAD + "科室,国际医疗部,,,,,多了", 2, "", "too_many", ""),
        (HEAD + ",国际医疗部", 2, "kind", "no_kind", ""),
        (HEAD + "线所词,过路钱,回扣", 2, "kind", "unknown_kind", "线索词"),
        (HEAD + "\n科室,,", 3, "word", "no_word", ""),
        (HEAD + "科室,五", 2, "word", "too_short", ""),
        (HEAD + "科室, · ·", 2, "word", "too_short", ""),
        (HEAD + f"科室,{'五' * 31}", 2, "word", "too_long", ""),
        (HEAD + "线索词,过路钱", 2, "category", "no_category", ""),
        (HEAD + "线索词,过路钱,红包礼品", 2, "category", "unknown_category", "红包礼金"),
        (HEAD + "线索词,过路钱,回扣,很重", 2, "weight", "bad_weight", ""),
        (HEAD + "线索词,过路钱,回扣,0", 2, "weight", "bad_weight", ""),
        (HEAD + "线索词,过路钱,回扣,nan", 2, "weight", "bad_weight", ""),
        (HEAD + "线索词,过路钱,回扣,9", 2, "weight", "bad_weight", ""),
        (HEAD + "无关词,过路钱,回扣", 2, "category", "not_here", ""),
        (HEAD + "线索词,过路钱,回扣,1,张伟", 2, "means", "not_here", ""),
        (HEAD + "科室,VIP楼\n科室,ｖｉｐ楼", 3, "word", "repeated", "2"),
    ],
)
def test_each_mistake_is_told_with_its_line(text: str, line: int, column: str, kind: str, close: str) -> None:
    (mistake,) = read_words(text)[1]
    assert (mistake.line, mistake.column, mistake.kind, mistake.close) == (line, column, kind, close)


def test_a_wrong_row_keeps_no_other_from_being_read() -> None:
    words, wrong = read_words(HEAD + "科室,五\n科室,国际医疗部\n楼,东楼\n")
    assert words.departments == ("国际医疗部",)
    assert [one.line for one in wrong] == [2, 4]


@given(st.text(st.characters() | st.sampled_from('类型词语分类线索科室,\t\n"#'), max_size=80))
def test_any_text_is_read_or_explained(text: str) -> None:
    words, wrong = read_words(text)
    assert wrong or not words or words.lines


@given(st.text(st.characters() | st.sampled_from('线索词科室人名,\t\n"#1'), max_size=80))
def test_any_rows_are_read_or_explained(text: str) -> None:
    read_words(HEAD + text)
