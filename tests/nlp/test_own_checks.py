"""A hospital's own words are held against each other and against the lists that come along."""

import pytest

from nlp.list_checks import Finding
from nlp.own_checks import check_own
from nlp.own_rows import read_words

HEAD = "类型,词语,分类,分量,指的是\n"


def found(*rows: str) -> list[Finding]:
    own, wrong = read_words(HEAD + "\n".join(rows))
    assert wrong == []
    return check_own(own, "words.csv")


@pytest.mark.parametrize(
    ("row", "kind", "other"),
    [
        ("线索词,塞钱,红包礼金,0.6", "known_already", ""),
        ("线索词,塞钱,红包礼金,0.4", "two_weights", "0.6"),
        ("线索词,塞钱,回扣", "two_categories", "red_envelope"),
        ("线索词,红疹,回扣", "innocent_too", ""),
        ("无关词,喷水池", "hides_nothing", ""),
        ("人名,主任,,,张伟", "everybody", ""),
        ("科室,心内科", "known_already", ""),
    ],
)
def test_what_clashes_with_the_lists_that_come_along(row: str, kind: str, other: str) -> None:
    (finding,) = found(row)
    assert (finding.line, finding.kind, finding.other) == (2, kind, other)


def test_term_that_is_innocent_as_well() -> None:
    assert found("无关词,过路钱", "线索词,过路钱,红包礼金") == [
        Finding("words.csv", 3, "innocent_too", "过路钱")
    ]


def test_useful_words_are_not_remarked_on() -> None:
    rows = "线索词,過路錢,红包礼金", "无关词,红包树", "无关词,好处费", "人名,铁手张,,,张伟", "科室,国际医疗部"
    assert found(*rows) == []
