"""One form for a mobile number, however it is written; nothing else passes as one."""

import pytest

from storage.phone_numbers import normal_number


@pytest.mark.parametrize(
    "written",
    [
        "13800138000", "+8613800138000", "008613800138000", "8613800138000", "013800138000",
        " +86 138-0013-8000 ", "138 0013 8000", "１３８００１３８０００",
        "+86（138）00138000", "138\u20110013\u20118000",
    ],
)  # fmt: skip
def test_a_chinese_number_is_eleven_digits(written: str) -> None:
    assert normal_number(written) == "13800138000"


def test_a_foreign_number_keeps_its_country_and_is_no_chinese_one() -> None:
    assert normal_number("+1 415 555 2671") == "+14155552671"
    assert normal_number("0085291234567") == "+85291234567"


@pytest.mark.parametrize(
    "written",
    [
        "", "12345", "12800138000", "14155552671x", "+", "+86", "+8612345", "+86 010 8888 6666",
        "010-88886666",
        "138001380001", "1380013800", "医院", "+0123456789", "13800138000\n10086", "+86+13800138000",
        "١٣٨٠٠١٣٨٠٠٠x",
        "9" * 500,
    ],
)  # fmt: skip
def test_what_is_no_mobile_number_is_none(written: str) -> None:
    assert normal_number(written) is None
