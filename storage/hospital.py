"""What the hospital decides: offices, routing, clocks, files, answers to common questions."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Literal, Self

from pydantic import Field, PrivateAttr, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from storage.hospital_checks import mistakes
from storage.hospital_followup import Followup
from storage.hospital_types import Days, Name, Percent, Section, TimeOfDay, WebAddress

_NUMBER = re.compile(r"[0-9][0-9-]{2,14}")


class Office(Section):
    """A responsible department; `aliases` are other names people write for it."""

    name: Name
    aliases: tuple[Name, ...] = ()


class Route(Section):
    """Who leads and who supports a category of case."""

    lead: Name
    supporting: tuple[Name, ...] = ()


class Leader(Section):
    """Somebody whose naming in a report seals the case: a head of the hospital or of discipline."""

    name: Name
    title: str = ""


class Clocks(Section):
    """Limits in working days, counted from the day after receipt, and the office's hours."""

    first_look: Days = 1
    decide: Days = 3
    complaint_answer: Days = 5
    complaint_answer_several: Days = 10
    discipline_notice: Days = 15
    discipline_answer: Days = 60
    hand_in: Days = 3
    reminders: tuple[Percent, ...] = (50, 80, 100)
    day_starts: TimeOfDay = time(9, 0)
    day_ends: TimeOfDay = time(17, 0)


class Files(Section):
    """What may be sent in: sizes in megabytes, count per case."""

    max_mb: int = Field(20, strict=True, ge=1, le=50)
    max_per_case: int = Field(30, strict=True, ge=1, le=500)
    keep_uncleaned: StrictBool = True


class Limits(Section):
    """`visitors_per_minute`: new visitors of the page above which each page works a moment first."""

    visitors_per_minute: int = Field(100, strict=True, ge=10, le=3000)


class Retention(Section):
    """How long things stay, in days.

    `content` is counted from closing: texts, files and the code to come back with. `warning`: how long
    before that officers are told. `ratings`: the words of a rating; its grade stays. `undelivered`: messages
    that could not be delivered. `invites`: join codes after they were used or ran out, with the name in them.
    `leavers`: name and address of a member who left and handles no case that still has content.
    `discharges`: number and way to be reached of a discharged patient, counted from the last question.
    """

    content: int = Field(90, strict=True, ge=2, le=3650)
    warning: int = Field(14, strict=True, ge=1, le=365)
    ratings: int = Field(365, strict=True, ge=1, le=3650)
    addresses: int = Field(90, strict=True, ge=1, le=3650)
    undelivered: int = Field(90, strict=True, ge=1, le=3650)
    invites: int = Field(7, strict=True, ge=1, le=3650)
    leavers: int = Field(365, strict=True, ge=1, le=3650)
    discharges: int = Field(90, strict=True, ge=1, le=3650)


class Copies(Section):
    """For how many days the same long text from others is joined to the first; 0 joins nothing."""

    joined_days: int = Field(30, strict=True, ge=0, le=365)


class Trail(Section):
    """How often the supervisors get the head of the trail in their chats."""

    head_to_supervisors: Literal["weekly", "monthly", "never"] = "monthly"


class Faq(Section):
    """A question people ask: it is answered when all words of one of `words` occur ("a b" = both)."""

    title: Name
    words: tuple[str, ...] = Field(min_length=1)
    answer: str = Field(min_length=1, max_length=600)


class Hospital(Section):
    """The whole of hospital.toml.

    `discipline_office` takes what no other office may see; `service_desk` what no rule routes;
    `praise_office` keeps the ethics record; `security_office`, if there is one, hears of violence. Who leaves
    the page quickly is at `exit_url` then (a page about washing hands, if empty). `routing` is keyed by
    category code.
    """

    name: Name
    timezone: str = "Asia/Shanghai"
    emergency_line: str = "120"
    crisis_line: Name = "12356"
    other_ways: str = Field("医院总机，或者门诊大厅的意见箱", min_length=1, max_length=100)
    exit_url: WebAddress = ""
    discipline_office: Name
    security_office: str = Field("", max_length=30)
    service_desk: Name
    praise_office: Name
    offices: tuple[Office, ...] = Field(min_length=1)
    leaders: tuple[Leader, ...] = ()
    departments: tuple[Name, ...] = ()
    routing: dict[str, Route]
    clocks: Clocks = Clocks()
    files: Files = Files()
    retention: Retention = Retention()
    limits: Limits = Limits()
    trail: Trail = Trail()
    copies: Copies = Copies()
    followup: Followup = Followup()
    faq: tuple[Faq, ...] = ()
    _nicknames: Mapping[str, str] = PrivateAttr(default_factory=dict)

    @property
    def clinical(self) -> tuple[str, ...]:
        """The departments of patients that are no offices: their staff call patients back and see no case."""
        offices = {office.name for office in self.offices}
        named = (*self.departments, *(ward.department for ward in self.followup.wards))
        return tuple(name for name in dict.fromkeys(named) if name not in offices)

    @property
    def places(self) -> tuple[str, ...]:
        """Where somebody of the hospital can belong: offices, then clinical departments."""
        return (*(office.name for office in self.offices), *self.clinical)

    @property
    def numbers_to_call(self) -> frozenset[str]:
        """The lines for people in need, the police, and wards' nurses, as far as they are numbers."""
        nurses = (ward.nurse_line for ward in self.followup.wards)
        lines = (self.emergency_line, self.crisis_line, "110", *nurses)
        return frozenset(line for line in lines if _NUMBER.fullmatch(line))

    @property
    def nicknames(self) -> Mapping[str, str]:
        """Whom a name from words.csv means: a full name, a leader's title or an office."""
        return self._nicknames

    def with_nicknames(self, nicknames: Mapping[str, str]) -> Self:
        """The same hospital with these nicknames; they are no key of hospital.toml."""
        copy = self.model_copy()
        copy._nicknames = dict(nicknames)
        return copy

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if found := mistakes(self):
            places = "; ".join(f"{'.'.join(map(str, one.place))}: {one.kind} {one.value!r}" for one in found)
            raise PydanticCustomError("cross_check", "{places}", {"places": places, "mistakes": found})
        return self
