"""The time of a report made after discharge tells its local day and nothing more."""

from datetime import UTC, datetime

import pytest

from storage.followup.unlinked import blurred
from tests.factories import make_house


@pytest.mark.parametrize(("now", "day"), [
    (datetime(2025, 11, 24, 1, 30, tzinfo=UTC), datetime(2025, 11, 23, 16, tzinfo=UTC)),
    (datetime(2025, 11, 24, 15, 59, 59, tzinfo=UTC), datetime(2025, 11, 23, 16, tzinfo=UTC)),
    (datetime(2025, 11, 24, 16, 0, tzinfo=UTC), datetime(2025, 11, 24, 16, tzinfo=UTC)),
])  # fmt: skip
def test_all_moments_of_a_local_day_become_its_midnight(now: datetime, day: datetime) -> None:
    found = blurred(now, make_house())
    assert found == day
    assert found.tzinfo is UTC
