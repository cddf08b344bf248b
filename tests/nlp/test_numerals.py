"""Numbers as people write them."""

import pytest

from nlp.numerals import number


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("5", 5), ("4.5", 4.5), ("四", 4), ("十", 10), ("十二", 12), ("九十五", 95), ("一百", 100),
        ("四点五", 4.5), ("肆", 4), ("贰", 2), ("两", 2), ("三四", 3.5), ("five", 5), ("零", 0),
    ],
)  # fmt: skip
def test_value(written: str, value: float) -> None:
    assert number(written) == value


@pytest.mark.parametrize("written", ["五一", "点", "十十", "百百", "三点", "一三五", ""])
def test_what_is_no_number_has_no_value(written: str) -> None:
    assert number(written) is None
