"""Shares with the bounds that chance leaves them."""

import pytest

from storage.followup.shares import change_of, share_of


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # Newcombe (1998, Stat. Med. 17: 857), table I, method 3: Wilson without continuity correction.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_bounds_are_wilsons(part: int, whole: int, low: float, high: float) -> None:
    share = share_of(part, whole)
    assert (round(share.low, 4), round(share.high, 4)) == (low, high)
    assert share.value == part / whole


@pytest.mark.parametrize(("part", "whole"), [(0, 0), (3, 2), (-1, 5)])
def test_what_is_no_share_is_refused(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="share"):
        share_of(part, whole)


def test_a_difference_has_newcombes_bounds() -> None:
    # Newcombe (1998, Stat. Med. 17: 873), table II, method 10: 56/70 - 48/80.
    change = change_of(share_of(48, 80), share_of(56, 70))
    assert [round(one, 4) for one in (change.value, change.low, change.high)] == [0.2, 0.0524, 0.3339]
    assert change.is_real


def test_the_same_difference_among_few_may_be_chance() -> None:
    assert not change_of(share_of(6, 10), share_of(8, 10)).is_real
