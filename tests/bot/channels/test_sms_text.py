"""Replies as text messages: signed, numbered, whole links, at most three parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sms.choices import number_choices, typed_number
from bot.channels.sms.text import LONG, PARTS, Texts, as_texts, split
from storage.messages import Choice, Reply, StoredFile

PAGE = "https://report.hospital.example"
LINK = f"{PAGE}/f#123456789012"


def texts(reply: Reply, *, unasked: bool = False, page: str = PAGE) -> Texts:
    return as_texts(reply, signature="示例医院", page=page, unasked=unasked)


def rows(*labels: str) -> tuple[tuple[Choice, ...], ...]:
    return tuple((Choice(label, f"v:{place}"),) for place, label in enumerate(labels))


def test_an_answer_is_its_words_and_nothing_else() -> None:
    assert texts(Reply("谢谢您。")).parts == ("谢谢您。",)


def test_what_nobody_asked_for_says_who_writes_and_how_to_refuse() -> None:
    (part,) = texts(Reply("您满意吗？", rows("没有", "有", "不便回答")), unasked=True).parts
    assert part == "【示例医院】您满意吗？\n请回复数字：\n1 没有\n2 有\n3 不便回答\n拒收请回复R"


def test_labels_with_a_number_of_their_own_keep_it_and_the_others_get_the_free_ones() -> None:
    numbered = number_choices(
        rows("5 很满意", "4 满意", "3 一般", "2 不满意", "1 很不满意", "不便回答", "停")
    )
    assert numbered.lines == ["5 很满意", "4 满意", "3 一般", "2 不满意", "1 很不满意", "6 不便回答", "7 停"]
    assert (numbered.values["5"], numbered.values["1"], numbered.values["6"]) == ("v:0", "v:4", "v:5")


def test_bare_numbers_share_a_line_and_mean_themselves() -> None:
    numbered = number_choices(rows(*map(str, range(11)), "不便回答"))
    assert numbered.lines == ["0 1 2 3 4 5 6 7 8 9 10", "11 不便回答"]
    assert numbered.values == {str(number): f"v:{number}" for number in range(12)}


def test_numbers_that_would_mean_two_things_are_ours() -> None:
    numbered = number_choices(rows("3 天后", "3 个月后", "12356 热线"))
    assert numbered.lines == ["1 3 天后", "2 3 个月后", "3 12356 热线"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1", "1"), (" 2 。", "2"), ("３", "3"), ("④", "4"), ("选5", "5"), ("10", "10"), ("0", "0"),
        ("三", "3"), ("十", "10"), ("1.", "1"), ("“2”", "2"), ("回复3", "3"), ("(1)", "1"),
        ("1分", None), ("5 分", None), ("01", None), ("100", None), ("1 2", None), ("", None), ("R", None),
        ("三天", None), ("1个", None), ("不满意", None), ("123456789012", None), ("-1", None), ("1.5", None),
    ],
)  # fmt: skip
def test_only_a_bare_number_is_a_choice(typed: str, number: str | None) -> None:
    assert typed_number(typed) == number


def test_files_stay_behind_and_the_page_is_named() -> None:
    file = StoredFile("ab", "photo.jpg", "image/jpeg", 7)
    (part,) = texts(Reply("答复在附件里。", files=(file,))).parts
    assert part.startswith("答复在附件里。\n（另有 1 个文件")
    assert PAGE in part
    assert "http" not in texts(Reply("", files=(file,)), page="").parts[0]


def test_a_long_text_ends_its_parts_with_sentences_and_never_within_a_link_or_code() -> None:
    for before in range(LONG - 60, LONG + 5, 7):
        text = f"{'好' * before}。{LINK} 查询码 1234 5678 9012 3456，电话 02888886666。{'谢' * 300}"
        parts = split(text)
        assert all(len(part) <= LONG for part in parts)
        assert any(LINK in part for part in parts)
        assert any("1234 5678 9012 3456" in part for part in parts)
        assert any("02888886666" in part for part in parts)


def test_too_long_a_text_loses_its_end_but_neither_choices_nor_the_way_to_refuse() -> None:
    sent = texts(Reply("这件事我们查了。" * 1000, rows("查看", "撤回")), unasked=True)
    whole = "".join(sent.parts)
    assert len(sent.parts) == PARTS
    assert whole.startswith("【示例医院】")
    assert "没有发完" in whole
    assert sent.parts[-1].endswith("1 查看\n2 撤回\n拒收请回复R")


@given(st.text(max_size=4000), st.lists(st.text(min_size=1, max_size=60), max_size=40), st.booleans())
def test_whatever_a_reply_holds_it_fits_and_every_number_shown_means_something(
    text: str, labels: list[str], unasked: bool
) -> None:
    sent = texts(Reply(text, rows(*labels)), unasked=unasked)
    assert len(sent.parts) <= PARTS
    assert all(0 < len(part) <= LONG for part in sent.parts)
    assert len(sent.numbers) == min(len(labels), 24)


@given(st.text(max_size=200))
def test_any_text_is_a_number_or_not(text: str) -> None:
    number = typed_number(text)
    assert number is None or number == str(int(number))
