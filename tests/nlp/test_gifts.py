"""Counted things stay things."""

import pytest

from nlp.gifts import find_gifts
from nlp.normalise import normalise


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("三條菸", ["三條菸"]), ("两瓶茅台", ["两瓶茅台"]), ("一张购物卡", ["一张购物卡"]),
        ("购物卡一张", ["购物卡一张"]),
        ("茅台两瓶", ["茅台两瓶"]), ("两条软中华和一盒好茶", ["两条软中华", "一盒好茶"]),
        ("一沓现金", ["一沓现金"]), ("给了一沓", ["一沓"]),
        ("2箱车厘子", ["2箱车厘子"]), ("好几个红包", ["好几个红包"]),
        ("购物卡一千", []), ("两个酒店", []), ("两瓶酒精", []), ("三包药", []), ("红包3个月前给的", []),
        ("十二块钱", []), ("几个钱", []),
        ("一沓化验单", []),
    ],
)  # fmt: skip
def test_things(text: str, things: list[str]) -> None:
    assert [one.text for one in find_gifts(normalise(text), text)] == things
