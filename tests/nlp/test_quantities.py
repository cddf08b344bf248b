"""Numbers are read as people say them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.quantities import Quantity, quantity


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2000", 2000), ("2,000", 2000), ("两千", 2000), ("两千五", 2500), ("一万二", 12_000),
        ("三百五", 350),
        ("2k", 2000), ("1.5w", 15_000), ("1.5万", 15_000), ("3千5", 3500), ("1万2", 12_000),
        ("1万2000", 12_000),
        ("一百零五", 105), ("两万零五百", 20_500), ("十五万", 150_000), ("一亿两千万", 120_000_000),
        ("伍仟", 5000), ("六八八八", 6888), ("一万两千三百", 12_300), ("二十", 20), ("三千零五", 3005),
    ],
)  # fmt: skip
def test_one_number(written: str, value: int) -> None:
    assert quantity(written) == Quantity(Decimal(value), Decimal(value))


@pytest.mark.parametrize(
    ("written", "low", "high", "about"),
    [
        ("三五千", 3000, 5000, False), ("两三千", 2000, 3000, False), ("十五六万", 150_000, 160_000, False),
        ("三千五千", 3000, 5000, False), ("两千五六", 2500, 2600, False), ("一千多", 1000, 2000, True),
        ("20多万", 200_000, 300_000, True), ("1500多", 1500, 1600, True), ("十几万", 110_000, 190_000, True),
        ("几千", 2000, 9000, True), ("千八百", 800, 1000, True), ("百八十", 80, 100, True),
        ("万儿八千", 8000, 10_000, True), ("万把", 10_000, 10_000, True),
        ("二十来万", 200_000, 200_000, True),
        ("上万", 10_000, None, True),
    ],
)  # fmt: skip
def test_what_lies_between(written: str, low: int, high: int | None, about: bool) -> None:
    assert quantity(written) == Quantity(Decimal(low), None if high is None else Decimal(high), about)


@pytest.mark.parametrize("written", ["", "万", "百", "零", "一一", "12.3.4", "三千零", "千百", "一" * 30])
def test_what_is_no_number(written: str) -> None:
    assert quantity(written) is None


@given(st.text("0123456789.,零一二两三五十百千万亿几多来把数上kw", max_size=25))
def test_any_run_is_read_without_an_error(written: str) -> None:
    found = quantity(written)
    assert found is None or found.high is None or found.low <= found.high
