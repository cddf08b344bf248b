"""How a conversation is laid out without scripts."""

import pytest

from bot.channels.base import Sent
from bot.web.plain.thread import FOLDED, Part, lay_out, parts_of
from storage.messages import Choice, Reply


def shown(*texts: str) -> list[Sent]:
    return [Sent(number, Reply(text)) for number, text in enumerate(texts, 1)]


def test_what_is_new_stands_apart() -> None:
    earlier, fresh = lay_out(shown("一", "二", "三"), since=2)
    assert [one.id for one in earlier] == [1, 2]
    assert [one.id for one in fresh] == [3]


def test_where_nothing_is_new_the_newest_is_shown() -> None:
    earlier, fresh = lay_out(shown("一", "二"), since=9)
    assert ([one.id for one in earlier], [one.id for one in fresh]) == ([1], [2])
    assert lay_out([], since=0) == ([], [])


def test_an_edited_message_takes_the_place_of_the_one_before() -> None:
    sent = [*shown("卡片", "别的"), Sent(3, Reply("卡片，已受理", edits="1"))]
    earlier, fresh = lay_out(sent, since=2)
    assert [one.id for one in earlier] == [2]
    assert (fresh[0].id, fresh[0].edited) == (3, True)


def test_only_so_much_of_earlier_is_shown() -> None:
    earlier, fresh = lay_out(shown(*"x" * 200), since=199)
    assert (len(earlier), len(fresh)) == (FOLDED, 1)
    assert earlier[-1].id == 199


@pytest.mark.parametrize("gap", [" ", "-", "\u00a0", "\u2009"])
def test_the_line_before_a_code_says_what_it_is(gap: str) -> None:
    code = gap.join(("4821", "0937", "5560", "1284"))
    parts = parts_of(f"收到了。\n\n您的查询码：\n{code}\n\n请抄下来。")
    assert parts == (
        Part("收到了。"), Part(code=("4821", "0937", "5560", "1284"), head="您的查询码"), Part("请抄下来。"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "电话 13800001111", "4821 0937-5560 1284", "14821 0937 5560 12845", "收到"]
)
def test_what_is_no_code_stays_text(text: str) -> None:
    assert parts_of(text) == (Part(text),)


def test_buttons_that_open_something_never_grow_old() -> None:
    rows = ((Choice("打开", "open:1"), Choice("查看", "mine:2")),)
    (one,), _ = lay_out([Sent(1, Reply("x", rows)), *shown("", "y")[1:]], since=1)
    assert one.opens
    _, (other,) = lay_out([Sent(1, Reply("x", ((Choice("受理", "do:accept:1:1"),),)))], since=0)
    assert not other.opens
