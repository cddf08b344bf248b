"""A head survives being written down by hand, and a slip of the pen is not taken for an attack."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import ConfigError
from storage.trail_heads import Head, head_of, read_head, read_heads

LINE = str(head_of(12345, "9f3a7b" * 10 + "0123"))


@given(st.integers(0, 10**12), st.binary(min_size=32, max_size=32))
def test_what_is_written_is_read(count: int, chain: bytes) -> None:
    head = head_of(count, chain.hex())
    assert read_head(str(head)) == head
    assert len(head.tag) == 16


def test_a_head_is_short_and_in_groups() -> None:
    count, *groups = LINE.split("-")
    assert count == "12345"
    assert [len(group) for group in groups] == [4] * 5


@pytest.mark.parametrize("other", [(12346, "9f3a7b" * 10 + "0123"), (12345, "9f3a7c" * 10 + "0123")])
def test_another_trail_has_another_head(other: tuple[int, str]) -> None:
    assert str(head_of(*other)) != LINE


@pytest.mark.parametrize(
    "written",
    [
        LINE.lower(),
        f"  2026-11-22  {LINE}  ",
        LINE.replace("0", "O").replace("1", "I", 1).replace("I", "1", 1),
        LINE[:6] + LINE[6:].replace("-", " "),
        f"记录指纹 {LINE}。",
    ],
)
def test_a_head_is_understood_as_people_write_it(written: str) -> None:
    assert str(read_head(written)) == LINE


@pytest.mark.parametrize("place", [0, 3, 7, 12, 17, 24, 28])
def test_slip_of_the_pen_is_called_one(place: int) -> None:
    wrong = "7" if LINE[place] != "7" else "8"
    with pytest.raises(ConfigError, match="copied wrongly"):
        read_head(LINE[:place] + wrong + LINE[place + 1 :])


@pytest.mark.parametrize("line", ["", "12345", "hello", "12345-AAAA", "x" * 1000, "1-" * 500])
def test_line_without_a_head_is_told(line: str) -> None:
    with pytest.raises(ConfigError, match="no head in it"):
        read_head(line)


def test_file_of_heads() -> None:
    lines = ["# kept in the safe", "", f"2026-11-22 {LINE}", LINE]
    assert [str(head) for head in read_heads(lines)] == [LINE, LINE]


def test_unreadable_line_of_a_file_is_named() -> None:
    with pytest.raises(ConfigError, match="line 2: there is no head"):
        list(read_heads([LINE, "12345-AAAA"]))


def test_head_is_plain_data() -> None:
    assert Head(1, "0" * 16) == Head(1, "0" * 16)
