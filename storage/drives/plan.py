"""A drive as the hospital wrote it down: drives/NAME.toml in the data folder."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool
from pydantic_core import PydanticCustomError

from storage.duties.book import Proof, Quiz
from storage.hospital_types import Name, Section, TimeOfDay

FARTHEST = 1500
"""Days after its start in which a drive is over: four years, as the longest plan in the field lasts."""
SUMMARY = "summary"
"""The key of what every drive ends with."""


def _moment(value: object) -> object:
    """Takes a date, a date as text, or the number of a day counted from the start, which is day 1."""
    if type(value) is date or (type(value) is int and 1 <= value <= FARTHEST):
        return value
    if isinstance(value, str) and len(value.strip()) == len("2026-12-01"):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise PydanticCustomError("drive_moment", "neither a date nor a day")


def _day(value: object) -> object:
    """Takes a date, and no number: pydantic would count it in seconds."""
    found = _moment(value)
    if isinstance(found, int):
        raise PydanticCustomError("drive_day", "not a date")
    return found


def _due(value: object) -> object:
    return "last" if value == "last" else _moment(value)


Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[date | int, BeforeValidator(_moment)]
Due = Annotated[date | int | Literal["last"], BeforeValidator(_due)]
DriveKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{0,9}$")]
PartKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,11}$")]
Title = Annotated[str, Field(min_length=2, max_length=40)]
OwedBy = Literal["offices", "everyone", "heads", "lead"]


class Asked(Section):
    """What somebody has to hand in: for whom it counts as done by what.

    `owed_by` says who: each office that takes part as one, every person there, their heads, or the lead
    office alone; `offices` limits it to some. `unit` is what a figure is counted in, `to_office` receives it
    (the lead office if empty), `at` is the local time by which it is due.
    """

    key: PartKey
    title: Title
    text: str = Field("", max_length=2000)
    owed_by: OwedBy = "offices"
    offices: tuple[Name, ...] = ()
    proof: Proof = Proof.FILE
    unit: str = Field("", max_length=40)
    link: str = Field("", max_length=300)
    file: str = Field("", max_length=100)
    form: str = Field("", max_length=24)
    quiz: Quiz = Quiz()
    to_office: str = Field("", max_length=30)
    at: TimeOfDay = time(17, 0)


class Deliverable(Asked):
    """Something handed in once: on a date, on a day counted from the start, or on the phase's last day."""

    due: Due = "last"


class Recurring(Asked):
    """Something handed in again and again while the phase lasts.

    Each week on `weekday` (1 is Monday), or on the last day of each month or quarter that lies in it.
    """

    every: Literal["week", "month", "quarter"]
    weekday: int = Field(5, strict=True, ge=1, le=7)


class Phase(Section):
    """A part of the drive, from one day to another, both included."""

    key: PartKey
    title: Title
    text: str = Field("", max_length=1000)
    from_: Moment = Field(alias="from")
    to: Moment
    deliverables: tuple[Deliverable, ...] = ()
    recurring: tuple[Recurring, ...] = ()


class Summary(Section):
    """What the lead office hands in at the end; `due` may lie after the last phase."""

    title: Title = "专项行动总结"
    due: Due = "last"
    proof: Proof = Proof.FILE
    to_office: str = Field("", max_length=30)


class TakesPart(Section):
    """Who takes part: the whole house, or these offices and those of groups in duties.toml."""

    everyone: StrictBool = False
    offices: tuple[Name, ...] = ()
    groups: tuple[Name, ...] = ()


class Drive(Section):
    """A campaign; `lead` is the office that runs it. `ended`, once set, is the day it was ended early."""

    key: DriveKey
    title: Title
    text: str = Field("", max_length=2000)
    start: Day
    lead: Name
    takes_part: TakesPart
    phases: tuple[Phase, ...] = Field(min_length=1, max_length=12)
    summary: Summary = Summary()
    ended: Day | None = None

    def day(self, moment: date | int) -> date:
        """The date of a moment: day 1 is the start."""
        return self.start + timedelta(days=moment - 1) if isinstance(moment, int) else moment

    def first(self, phase: Phase) -> date:
        """The first day of a phase."""
        return self.day(phase.from_)

    def last(self, phase: Phase) -> date:
        """The last day of a phase."""
        return self.day(phase.to)

    def due(self, phase: Phase, due: date | int | str) -> date:
        """The day on which something of a phase is due."""
        return self.last(phase) if isinstance(due, str) else self.day(due)

    @property
    def over(self) -> date:
        """The last day of the whole drive."""
        days = [self.last(phase) for phase in self.phases]
        planned = max([*days, self.due(self.phases[-1], self.summary.due)])
        return min(planned, self.ended) if self.ended else planned

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed, or it was ended."""
        return today > self.over or (self.ended is not None and today >= self.ended)

    def phase_on(self, today: date) -> Phase | None:
        """The phase of a day; of several that overlap, the one that began last."""
        running = [one for one in self.phases if self.first(one) <= today <= self.last(one)]
        return max(running, key=self.first) if running and not self.is_over(today) else None

    def phase(self, key: str) -> Phase | None:
        """The phase with this key."""
        return next((phase for phase in self.phases if phase.key == key), None)

    def asked(self) -> Iterator[tuple[Phase, Deliverable | Recurring]]:
        """All that is to be handed in but the summary, phase by phase."""
        for phase in self.phases:
            for deliverable in phase.deliverables:
                yield phase, deliverable
            for item in phase.recurring:
                yield phase, item


def find_drive(drives: tuple[Drive, ...], key: str) -> Drive | None:
    """The drive with this key."""
    return next((drive for drive in drives if drive.key == key), None)
