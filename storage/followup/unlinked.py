"""What keeps a report apart from the stay of whoever made it: its time tells the day and nothing more."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from storage.house import House


def blurred(now: datetime, house: House) -> datetime:
    """Local midnight at which the day of `now` began, in UTC."""
    zone = ZoneInfo(house.hospital.timezone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)
