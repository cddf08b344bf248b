"""What keeps a report apart from the stay of whoever made it: its time tells the day and nothing more."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from storage.house import House


def is_unlinked(received_at: datetime, house: House) -> bool:
    """Whether a case is such a report: no other is received at midnight to the microsecond."""
    return received_at == blurred(received_at, house)


def blurred(now: datetime, house: House) -> datetime:
    """Local midnight at which the day of `now` began, in UTC."""
    zone = ZoneInfo(house.hospital.timezone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)
