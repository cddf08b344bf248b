"""What a report holds, and what it holds back."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from handlers.followup.satisfaction_report import report_of, two_months
from handlers.turn import Desk
from tests.surveys import add_tally

MONTH = "2026-10"


@pytest.mark.parametrize("department", ["", "骨科"])
def test_of_integrity_nothing_is_told_before_the_month_is_over(
    session: Session, desk: Desk, department: str
) -> None:
    """A head who looks before and after the one patient who is asked that day would see their answer."""
    add_tally(session, MONTH, "骨科", "money", "no", 20)
    add_tally(session, MONTH, "骨科", "money", "yes", 4)
    history = two_months(session, MONTH, house=desk.house)
    for now, shown in (
        (datetime(2026, 10, 31, 15, 59, tzinfo=UTC), ()),
        (datetime(2026, 10, 31, 16, 0, tzinfo=UTC), ((24, 4),)),
    ):
        report = report_of(session, department, history, house=desk.house, now=now)
        assert tuple((one.answers, one.yes) for one in report.integrity) == shown
