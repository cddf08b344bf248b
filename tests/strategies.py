"""What may come in from outside, as strategies: words of people, values of buttons, JSON of any shape."""

import os
import re
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from storage.errors import LianxinError

LONGER = int(os.environ.get("LIANXIN_FUZZ", "0"))
"""LIANXIN_FUZZ=50 tries 50 times as much, and something else each time."""

DIGITS = st.text("0123456789０１２３４５６７８９①②٣٤五六 -—.x", min_size=8, max_size=40)
"""What looks like a receipt code, a phone number, a bank card, or nearly."""
HOSTILE = st.sampled_from(
    [
        "", " ", "\x00", "\ud83d", "\udc00\ud83d", "\u202e倒着\u202c", "\u200b\u200d\ufeff", "\x1b[2J",
        "\r\n\r\n",
        "=1+1", "'; DROP TABLE cases; --", "<script>alert(1)</script>", "{code}", "{0}", "%s%n", "${x}",
        "../..",
        "\u0301" * 40, "👨‍👩‍👧‍👦" * 5, "ﷺ" * 9, "𠮷𡨴", "9" * 300, "٣" * 16, "①" * 16, "x" * 5000,
        "收红包" * 2000,
    ]
)  # fmt: skip
SAID = st.sampled_from(
    [
        "你好", "谢谢", "帮助", "返回", "跳过", "是", "不是", "撤回", "撤回\n是的", "确定", "查询进度",
        "我要反映问题", "满意度评价",
        "咨询", "转人工", "5", "3分", "不满意，护士态度差", "几点上班？", "食堂在哪里", "张医生医术好，谢谢",
        "他摸我", "我不想活了",
        "我要拿刀砍了那个医生", "骨科王医生收了我两千块红包", "药剂科的人拿了药商的回扣",
        "纪检办的何平收了红包", "不要再发了",
        "1234 5678 9012 3456", "/start", "/join ABCDEFGHJK", "/bind ABCDEFGHJK", "/join", "/mine",
        "/help@bot", "/x",
        "我的", "本科室", "协办", "今日到期", "超期", "值班", "休息", "交接", "统计", "人员", "菜单", "1号",
        "#2", "2026-00001",
        "2025-000000001", "999999999号", "发送", "修改", "没有查到", "是哪一天？",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    SAID, HOSTILE, DIGITS, st.text(max_size=60), st.text(st.characters(exclude_categories=()), max_size=30),
    st.lists(SAID | HOSTILE | DIGITS, max_size=4).map("，".join),
)  # fmt: skip

VERBS = re.findall(
    r"\S+",
    "start help back report report.this progress case.refresh withdraw withdraw.yes withdraw.no restore "
    "push.on push.off rating rating.report inquiry human praise.report score faq mine skip desk list do "
    "form duty open text thread history files category copies handover figures people "
    "shift block blocks noted due fill",
)
WISHES = re.findall(
    r"\S+",
    "accept investigate transfer refuse ask note close reopen assign recategorise separate recuse "
    "recuse_other lift hold unhold pick send change skip cancel on off mine office supporting today "
    "overdue all undo lead sure yes list spam abuse flood agree decline red_envelope "
    "coverup_retaliation praise department story read unread submit finish drop withdraw heap see back later "
    "grant refuse people person excuse owe begin go list",
)
ARGUMENTS = st.one_of(
    st.integers(-1, 6).map(str), st.sampled_from(WISHES), st.integers(-1, 10**25).map(str),
    st.text(max_size=12),
    st.sampled_from(["", "0000", "0001", "9999", "٣", "²", "１", "9" * 60, "9" * 5000, "\ud800", "#1"]),
)  # fmt: skip
CHOICES = st.one_of(
    st.builds(
        lambda verb, rest: ":".join([verb, *rest]), st.sampled_from(VERBS), st.lists(ARGUMENTS, max_size=4)
    ),
    st.sampled_from(VERBS),
    TEXTS,
)
"""Values of buttons: of ours, nearly ours, and nobody's."""


def _around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return inner | st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)


ANYTHING: st.SearchStrategy[Any] = _around(
    _around(st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | TEXTS)
)
"""Any JSON."""


def bounded(examples: int, **more: Any) -> settings:
    """Settings for so many examples, the same ones at each run; LIANXIN_FUZZ makes it many others."""
    return settings(
        max_examples=examples * max(1, LONGER),
        derandomize=not LONGER,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        **more,
    )


def told_or_read(read: Callable[[], object], *errors: type[LianxinError]) -> str:
    """The one line that is told about a mistake, or empty; any other error is none of ours to expect."""
    told = ""
    try:
        read()
    except errors as error:
        told = str(error)
    assert "\n" not in told
    return told
