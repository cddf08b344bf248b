"""What somebody typed who wants coverage: names, months, quarters, years, and what is none of these."""

from datetime import date

import pytest
from hypothesis import given

from handlers.staff.coverage.asked import Asked, duty_named, office_named, token, typed_in
from handlers.words import words_for
from storage.duties.spans import days_of, is_span
from tests.strategies import TEXTS, bounded

WORDS = words_for("zh")
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "span", "names"),
    [
        ("/覆盖率", None, ()),
        ("覆盖率", None, ()),
        ("覆盖率 骨科", None, ("骨科",)),
        ("覆盖率骨科", None, ("骨科",)),
        ("覆盖率 九项准则", None, ("九项准则",)),
        ("覆盖率 11月", "2026-11", ()),
        ("覆盖率 12月", "2025-12", ()),
        ("覆盖率骨科10月", "2026-10", ("骨科",)),
        ("覆盖率 骨科 上月", "2026-10", ("骨科",)),
        ("覆盖率，骨科，2026-03", "2026-03", ("骨科",)),
        ("覆盖率 2026年9月", "2026-09", ()),
        ("覆盖率 本周", "2026-W48", ()),
        ("覆盖率 上周 骨科", "2026-W47", ("骨科",)),
        ("覆盖率 本季度", "2026-Q4", ()),
        ("覆盖率 上季度", "2026-Q3", ()),
        ("覆盖率 第三季度", "2026-Q3", ()),
        ("覆盖率 2025年4季度", "2025-Q4", ()),
        ("覆盖率 今年", "2026", ()),
        ("覆盖率 2025年", "2025", ()),
        ("覆盖率 全院 去年", "2025", ()),
        ("覆盖率 骨科 九项准则 10月", "2026-10", ("骨科", "九项准则")),
        ("覆盖率 13月", "", ()),
        ("覆盖率 2026-13", "", ()),
        ("COVERAGE 全院", None, ()),
    ],
)
def test_what_is_asked_for(text: str, span: str | None, names: tuple[str, ...]) -> None:
    typed = typed_in(text, WORDS, today=TODAY)
    assert typed is not None
    assert (typed.span, typed.names) == (span, names)


@pytest.mark.parametrize("text", ["", "满意度", "我想问覆盖率", "骨科覆盖率", "覆盖率" + "很" * 60])
def test_what_does_not_begin_so_is_something_else(text: str) -> None:
    assert typed_in(text, WORDS, today=TODAY) is None


@bounded(300)
@given(text=TEXTS)
def test_any_text_is_read_and_a_span_is_one_or_none(text: str) -> None:
    typed = typed_in(f"覆盖率{text}"[:40], WORDS, today=TODAY)
    if typed is not None and typed.span:
        assert is_span(typed.span)
        assert days_of(typed.span)


def test_a_few_letters_are_enough_where_they_mean_one_only() -> None:
    offices = ("神经内科", "心血管内科", "骨科")
    assert office_named("骨科", offices) == "骨科"
    assert office_named("神经", offices) == "神经内科"
    assert office_named("内科", offices) is None
    titles = {"a": "九项准则学习", "b": "九项准则测验", "c": "专题学习"}
    assert (duty_named("专题", titles), duty_named("九项准则", titles)) == ("c", None)
    assert duty_named("九项准则测验", titles) == "b"


def test_any_office_and_duty_fit_into_a_button() -> None:
    asked = Asked("2026-W48", "骨" * 30, "a" * 24)
    assert len(f"coverage:{asked.value}:nudge:123456789".encode()) <= 64
    assert token("") == "all"
