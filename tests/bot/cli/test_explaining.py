"""A verdict is shown with its evidence."""

import io
import sys

import pytest

from bot.cli.explaining import print_verdict
from nlp.evidence import Evidence
from nlp.reading import Verdict
from nlp.taxonomy import Category, Intent
from tests.bot.cli.conftest import Command


def test_verdict_and_evidence_are_shown(lianxin: Command) -> None:
    ended = lianxin("explain", "手术前给了王医生两千块红包，他收下了")
    assert ended.code == 0
    assert "red_envelope" in ended.out
    assert "report" in ended.out
    assert "手术前给了王医生两千块红包" in ended.out


def test_text_may_come_from_standard_input(lianxin: Command) -> None:
    assert "你好" in lianxin("explain", "-", stdin="你好".encode()).out


@pytest.mark.parametrize("text", ["", "[red]收红包[/red] [/]", "红包\x00\x1b[31m", "红" * 5000])
def test_odd_text_is_shown_as_it_is(lianxin: Command, text: str) -> None:
    assert lianxin("explain", text).code == 0


def test_brackets_are_no_markup(lianxin: Command) -> None:
    assert "[red]收红包[/red]" in lianxin("explain", "[red]收红包[/red]").out


def test_evidence_is_lit_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    piece = Evidence("红包", Category.RED_ENVELOPE, 1, 3, "key word")
    print_verdict("收红包", Verdict(Intent.REPORT, (Category.RED_ENVELOPE,), True, 0.9, True, (piece,)))
    assert "\x1b[" in screen.getvalue()
    assert "urgent, unsure" in screen.getvalue().replace("\x1b[1;31m", "")


def test_what_a_message_names_is_shown_with_its_meaning(lianxin: Command) -> None:
    shown = lianxin("explain", "骨科张伟主任2024年5月3日在三楼护士站收了我两千块现金，还要三五千").out
    for words in (
        "surname 张, given name 伟, title 主任",
        "2000 CNY",
        "3000 to 5000 CNY",
        "2024-05-03 Fri",
        "三楼护士站",
        "cash",
    ):
        assert words in shown


def test_a_message_that_names_nothing_has_no_such_table(lianxin: Command) -> None:
    assert "as written" not in lianxin("explain", "谢谢").out
