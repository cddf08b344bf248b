"""When a duty is due: one of several ways to say it."""

from datetime import date
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from storage.duties.when_words import CronText, DayOfYear, Every, RuleText, Spot, SpotOfMonth, Weekday
from storage.hospital_types import Section

WAYS = (
    "dates", "yearly", "half_yearly", "quarterly", "monthly", "weekly", "every", "rrule", "cron", "after",
    "before_holidays", "on_request",
)  # fmt: skip
"""Each says by itself when a duty is due."""
_BESIDE = {
    "month": ("quarterly", "half_yearly"),
    "since": ("every", "rrule"),
    "days": ("after", "on_request"),
}
_MONTHS = {"quarterly": 3, "half_yearly": 6}
_ON_REQUEST = 7


def _several(value: object) -> object:
    """One alone may stand without brackets."""
    return (value,) if isinstance(value, str) else value


class When(Section):
    """Exactly one of WAYS says when something is due.

    `yearly`: "MM-DD" each; 02-29 falls on 02-28 in common years. `monthly`, `quarterly`, `half_yearly`: a
    day of the month, "last day", "first working day", "3rd working day" or "last working day"; of a quarter
    or half year in its month number `month`, the last one if empty. `weekly`: 1 (Monday) to 7. `every` so
    many days, weeks or months from `since`. `rrule` (RFC 5545, counted from `since`) and `cron` (five
    fields) say days, the hour is the duty's `at`. `after`: the due day of the duty with this key and `days`
    working days. `before_holidays`: working days before each run of three days off or more. `on_request`:
    `days` working days after somebody started it.
    """

    dates: tuple[date, ...] = ()
    yearly: Annotated[tuple[DayOfYear, ...], BeforeValidator(_several)] = ()
    half_yearly: SpotOfMonth | None = None
    quarterly: SpotOfMonth | None = None
    monthly: SpotOfMonth | None = None
    month: int | None = Field(None, strict=True, ge=1, le=6)
    weekly: Weekday | None = None
    every: Every | None = None
    since: date | None = None
    rrule: RuleText = ""
    cron: CronText = ""
    after: str = Field("", max_length=24)
    before_holidays: int | None = Field(None, strict=True, ge=1, le=20)
    on_request: StrictBool = False
    days: int | None = Field(None, strict=True, ge=1, le=250)

    @property
    def way(self) -> str:
        """Which of WAYS it is."""
        return next(name for name in WAYS if getattr(self, name) not in ((), None, "", False))

    @property
    def spot(self) -> Spot | None:
        """The day of a month, quarter or half year."""
        return self.monthly or self.quarterly or self.half_yearly

    @property
    def working_days(self) -> int:
        """The working days of `after` and `on_request`."""
        return self.days or _ON_REQUEST

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        said = [name for name in WAYS if getattr(self, name) not in ((), None, "", False)]
        if len(said) != 1:
            raise PydanticCustomError("when_none" if not said else "when_several", "one of the ways")
        for name, ways in _BESIDE.items():
            if getattr(self, name) is not None and said[0] not in ways:
                told = {"name": name, "ways": " or ".join(ways)}
                raise PydanticCustomError("when_beside", "belongs to another way", told)
        if self.every is not None and self.since is None:
            raise PydanticCustomError("when_since", "counts from a day")
        if self.month is not None and self.month > _MONTHS[said[0]]:
            raise PydanticCustomError("when_month", "no such month", {"most": _MONTHS[said[0]]})
        return self
