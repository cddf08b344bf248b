"""The questions after a report: only what helps, never what was said."""

import pytest

from handlers.questions import DEPARTMENT, DETAIL, WHEN, questions_for, still_missing
from nlp.own_lists import OwnName, OwnWords
from nlp.reading import Reader, Verdict
from nlp.taxonomy import Intent

REPORT, COMPLAINT = Verdict(Intent.REPORT), Verdict(Intent.COMPLAINT)


@pytest.mark.parametrize(
    ("text", "verdict", "asked"),
    [
        ("收红包", REPORT, [DEPARTMENT, WHEN, DETAIL]),
        ("骨科收红包", REPORT, [WHEN, DETAIL]),
        ("昨天收红包", REPORT, [DEPARTMENT, DETAIL]),
        ("医生收了两千块", REPORT, [DEPARTMENT, WHEN, DETAIL]),
        ("王医生收了两千块", REPORT, [DEPARTMENT, WHEN]),
        ("骨科王医生昨天收了两千块", REPORT, []),
        ("态度很差", COMPLAINT, [DEPARTMENT, WHEN]),
    ],
)
def test_asks_what_the_text_does_not_say(text: str, verdict: Verdict, asked: list[str]) -> None:
    assert questions_for(text, verdict, Reader.load()) == asked


def test_never_comes_back_to_a_question_that_was_put_aside() -> None:
    assert still_missing([DETAIL], "收红包", REPORT, Reader.load()) == [DETAIL]
    assert still_missing([WHEN, DETAIL], "骨科昨天收红包", REPORT, Reader.load()) == [DETAIL]


def test_own_department_and_own_name_are_not_asked_for() -> None:
    own = OwnWords(departments=("国际医疗部",), names=(OwnName("铁手张"),))
    text = "昨天国际医疗部的铁手张收了两千块"
    assert questions_for(text, REPORT, Reader.with_words(own)) == []
    assert questions_for(text, REPORT, Reader.load()) == [DEPARTMENT, DETAIL]
