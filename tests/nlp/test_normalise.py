"""The normal form undoes disguises and never loses its way back to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalise import normalise

ANY = st.text(st.characters(), max_size=60)
DISGUISED = st.lists(
    st.sampled_from(
        [
            "红",
            "包",
            " ",
            "-",
            "\u200b",
            "医",
            "hongbao",
            "🧧",
            "(hóng)",
            "，",
            "㎏",
            "\ud800",
            "\0",
            "收了我",
        ]
    ),
    max_size=20,
).map("".join)


@pytest.mark.parametrize(
    "written",
    [
        "红包",
        "紅包",
        "红 包",
        "红-包",
        "红\u200b包",
        "红·包",
        "洪包",
        "宏包",
        "hongbao",
        "HONG BAO",
        "ｈｏｎｇｂａｏ",
        "🧧",
        "红bao",
    ],
)
def test_disguised_red_envelope_reads_as_the_word(written: str) -> None:
    assert normalise(f"收{written}了").text == "收红包了"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("機構(gòu)收費", "机构收费"),
        ("回抠", "回扣"),
        ("tong fang", "统方"),
        ("４分！", "4分!"),
        ("4️⃣", "4"),
        ("一\r\n二", "一\n\n二"),
        ("thongbaox", "thongbaox"),
    ],
)
def test_normal_form(written: str, read: str) -> None:
    assert normalise(written).text == read


def test_gap_between_clauses_is_remembered_as_a_break() -> None:
    form = normalise("张主任收了我三千 微信转的有截图")
    assert " " not in form.text
    assert [form.text[at:][:2] for at in form.breaks] == ["微信"]


def test_span_points_at_the_disguised_word_in_the_original() -> None:
    text = "護士 收了 hong bao，三千"
    form = normalise(text)
    at = form.text.index("红包")
    start, end = form.span(at, at + 2)
    assert text[start:end] == "hong bao"


@given(ANY | DISGUISED)
def test_offsets_stay_inside_and_never_run_backwards(text: str) -> None:
    form = normalise(text)
    spans = [form.span(at, at + 1) for at in range(len(form.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    assert all(0 <= at <= len(form.text) for at in form.breaks)


@pytest.mark.parametrize(
    "text", ["", "\0", "\ud800", "红 " * 50_000, "\u200b" * 100_000, "hongbao " * 12_500]
)
def test_extreme_texts_are_survived(text: str) -> None:
    form = normalise(text)
    last = len(form.text)
    assert not last or form.span(last - 1, last)[1] <= len(text)
