"""Sums of money are found with what they come to; other numbers are none."""

from decimal import Decimal

import pytest

from nlp.normalise import normalise
from nlp.sums import Sum, find_shares, find_sums


def sums(text: str) -> list[Sum]:
    return list(find_sums(normalise(text), text))


@pytest.mark.parametrize(
    ("text", "said", "low", "high"),
    [
        ("骨二科张主任收了我三千", "三千", 3000, 3000),
        ("昨天給主刀塞了2000", "2000", 2000, 2000),
        ("王大夫要了500块", "500块", 500, 500),
        ("收了我两千块红包", "两千块", 2000, 2000),
        ("給了兩千塊", "兩千塊", 2000, 2000),
        ("每次三五千块", "三五千块", 3000, 5000),
        ("两三千的红包", "两三千", 2000, 3000),
        ("给了一千多", "一千多", 1000, 2000),
        ("塞了2k", "2k", 2000, 2000),
        ("转了1.5Ｗ", "1.5Ｗ", 15_000, 15_000),
        ("给了２０００元", "２０００元", 2000, 2000),
        ("万把块总是要的", "万把块", 10_000, 10_000),
        ("千八百块的意思", "千八百块", 800, 1000),
        ("一共¥2,000", "¥2,000", 2000, 2000),
        ("塞了两千五", "两千五", 2500, 2500),
        ("要一万二", "一万二", 12_000, 12_000),
        ("麻醉师三百五", "三百五", 350, 350),
        ("微信转了6888", "6888", 6888, 6888),
        ("塞给张主任2000", "2000", 2000, 2000),
        ("购物卡一千", "一千", 1000, 1000),
        ("一张2000的购物卡", "2000", 2000, 2000),
        ("发了888红包", "888", 888, 888),
        ("要2-3万", "2-3万", 20_000, 30_000),
        ("三千到五千之间", "三千到五千", 3000, 5000),
        ("3000-5000元", "3000-5000元", 3000, 5000),
        ("2个w", "2个w", 20_000, 20_000),
        ("伍仟元整", "伍仟元整", 5000, 5000),
        ("rmb 2000", "rmb 2000", 2000, 2000),
        ("收了两千到三楼找他", "两千", 2000, 2000),
        ("五千 元", "五千 元", 5000, 5000),
    ],
)
def test_a_sum_comes_to(text: str, said: str, low: int, high: int) -> None:
    (found,) = sums(text)
    assert (found.text, found.in_yuan) == (said, (Decimal(low), Decimal(high)))
    assert text[found.start : found.end] == said


def test_coins_and_open_ends() -> None:
    assert sums("三块五的")[0].in_yuan == (Decimal("3.5"), Decimal("3.5"))
    assert sums("好几万")[0].about
    assert sums("上千块")[0].in_yuan == (Decimal(1000), None)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("NT$5,000", "TWD"), ("新台币3000元", "TWD"), ("5000台币", "TWD"), ("500 NTD", "TWD"),
        ("五百美金", "USD"), ("港币两千", "HKD"), ("$500", "$"), ("一百欧元", "EUR"),
    ],
)  # fmt: skip
def test_other_money_keeps_its_currency_and_has_no_value_in_yuan(text: str, currency: str) -> None:
    (found,) = sums(text)
    assert (found.currency, found.in_yuan) == (currency, None)


@pytest.mark.parametrize(
    "text",
    [
        "500毫升", "烧到38度5", "住3床", "在15楼", "打120急救", "10点来的", "三条烟", "一百个人", "两千人",
        "给302床",
        "住在1203", "给我在301", "2024年", "3月5号", "我们一块去", "两块肉", "十块钢板", "打12345",
        "千万不要给", "万一出事",
        "每天1000步", "血压180/120", "收了100ml", "一沓钱", "说他二百五", "挨了一刀", "50kw的机器",
        "转到第三医院", "交了146双鞋",
        "电话13812345678", "一周三次", "等了三百天", "一百分", "五个点",
    ],
)  # fmt: skip
def test_other_numbers_are_no_sums(text: str) -> None:
    assert sums(text) == []


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("返5个点", ["5个点"]), ("10%的回扣", ["10%"]), ("他们抽三成", ["三成"]),
        ("回扣百分之十", ["百分之十"]),
        ("血氧95%", []), ("10%葡萄糖", []), ("三点钟", []), ("两个点滴", []),
    ],
)  # fmt: skip
def test_shares(text: str, shares: list[str]) -> None:
    assert [one.text for one in find_shares(normalise(text), text)] == shares
