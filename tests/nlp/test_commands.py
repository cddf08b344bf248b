"""Commands are exact: a report that holds such a word is not swallowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.commands import (
    Answer,
    Command,
    find_answer,
    find_command,
    find_receipt,
    find_ticket,
    is_greeting,
)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("撤回", Command.WITHDRAW),
        ("請幫我撤回", Command.WITHDRAW),
        ("帮助！", Command.HELP),
        ("/help", Command.HELP),
        ("返回。", Command.BACK),
        ("我要反映问题", Command.REPORT),
        ("查询 进度", Command.PROGRESS),
        ("满意度评价", Command.RATING),
        ("我想咨询一下", Command.INQUIRY),
        ("转人工", Command.HUMAN),
    ],
)
def test_command_words(text: str, command: Command) -> None:
    assert find_command(text) is command


@pytest.mark.parametrize(
    "text",
    [
        "我需要帮助，医生收了红包",
        "不要撤回",
        "医生让我返回病房",
        "举报张医生",
        "评价很差",
        "取消手术",
        "帮助" * 5000,
        "",
        "🙏",
    ],
)
def test_more_than_a_command_is_no_command(text: str) -> None:
    assert find_command(text) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("好的", Answer.YES),
        ("嗯嗯", Answer.YES),
        ("不用", Answer.NO),
        ("不知道", Answer.SKIP),
        ("没有了", Answer.SKIP),
        ("跳過", Answer.SKIP),
    ],
)
def test_short_answers(text: str, answer: Answer) -> None:
    assert find_answer(text) is answer


@pytest.mark.parametrize("text", ["不知道为什么医生收我钱", "没有红包不给做", "内科"])
def test_more_than_an_answer_is_no_answer(text: str) -> None:
    assert find_answer(text) is None


@pytest.mark.parametrize("text", ["你好", "您好，在吗？", "在吗??", "👋", "早上好！", "喂，你好啊", "Hello!"])
def test_greetings(text: str) -> None:
    assert is_greeting(text)


@pytest.mark.parametrize("text", ["你好，医生收红包", "", "。。。", "早饭太难吃"])
def test_more_than_a_greeting_is_no_greeting(text: str) -> None:
    assert not is_greeting(text)


@pytest.mark.parametrize(
    "text",
    [
        "1234567890123456",
        "1234 5678 9012 3456",
        "我的编号是：１２３４－５６７８－９０１２－３４５６。",
        "（1234-5678-9012-3456）谢谢",
        "1234—5678—9012—3456",
        "1234.5678.9012.3456",
        "1234 5678 9012 3456，再说一遍1234567890123456",
    ],
)
def test_receipt_is_found_however_it_is_written(text: str) -> None:
    assert find_receipt(text) == "1234567890123456"


@pytest.mark.parametrize(
    "text",
    [
        "110101199003074512",
        "11010119900307451X",
        "6222021234567890123",
        "12345678901234567",
        "123456789012345",
        "1234 5678 9012 345",
        "1234567890123456和6543210987654321",
        "",
    ],
)
def test_other_numbers_are_no_receipt(text: str) -> None:
    assert find_receipt(text) is None


@given(st.text(st.characters(), max_size=50))
def test_no_text_raises(text: str) -> None:
    find_command(text)
    find_answer(text)
    find_receipt(text)
    is_greeting(text)


@pytest.mark.parametrize(
    "text",
    [
        "123456789012",
        "1234 5678 9012",
        "１２３４　５６７８　９０１２",
        "随访码：1234-5678-9012",
        "我的随访码是 1234 5678 9012。",
        "1234——5678——9012",
    ],
)
def test_twelve_digits_alone_are_a_ticket(text: str) -> None:
    assert find_ticket(text) == "123456789012"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "13800138000",
        "8613800138000",
        "057187654321",
        "1234 5678 9012 3456",
        "2025-00012",
        "123456789012元",
        "我的住院号123456789012",
        "12345 6789 012",
        "1234 5678 901",
        "1234567890123",
        "医生收了我123456789012",
        "1" * 100_000,
    ],
)
def test_other_numbers_are_no_ticket(text: str) -> None:
    assert find_ticket(text) is None


@given(st.text(max_size=60))
def test_any_text_is_read_for_a_ticket(text: str) -> None:
    found = find_ticket(text)
    assert found is None or (len(found) == 12 and found.isascii() and found.isdigit())
