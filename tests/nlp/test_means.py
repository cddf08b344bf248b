"""By what means something changed hands."""

import pytest

from nlp.means import Way, find_means
from nlp.normalise import normalise


@pytest.mark.parametrize(
    ("text", "said", "way"),
    [
        ("给的現金", "現金", Way.CASH), ("微信转账1000", "微信转账", Way.WECHAT),
        ("vx转给他", "vx转", Way.WECHAT), ("支付宝转的", "支付宝转", Way.ALIPAY),
        ("扫码付的", "扫码", Way.QR), ("个人收款码", "个人收款码", Way.QR),
        ("银行卡转账", "银行卡转账", Way.BANK), ("打到他卡里", "打到他卡里", Way.BANK),
        ("购物卡一千", "购物卡", Way.CARD), ("加油卡", "加油卡", Way.CARD),
        ("装在信封里", "信封", Way.ENVELOPE), ("夹在病历里", "夹在病历", Way.ENVELOPE),
        ("送了特产", "特产", Way.GOODS),
    ],
)  # fmt: skip
def test_means(text: str, said: str, way: Way) -> None:
    assert [(one.text, one.way) for one in find_means(normalise(text), text)] == [(said, way)]


@pytest.mark.parametrize("text", ["扫码挂号", "扫码关注", "加微信", "银行卡号", "微信收到", "医保刷卡"])
def test_ordinary_things_are_no_means(text: str) -> None:
    assert list(find_means(normalise(text), text)) == []
