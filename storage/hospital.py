"""What the hospital decides: offices, routing, clocks, files, answers to common questions."""

from datetime import time
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(min_length=1, max_length=30)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Office(_Section):
    """A responsible department; `aliases` are other names people write for it."""

    name: Name
    aliases: tuple[Name, ...] = ()


class Route(_Section):
    """Who leads and who supports a category of case."""

    lead: Name
    supporting: tuple[Name, ...] = ()


class Leader(_Section):
    """Somebody whose naming in a report seals the case: a head of the hospital or of discipline."""

    name: Name
    title: str = ""


class Clocks(_Section):
    """Limits in working days, counted from the day after receipt, and the office's hours."""

    first_look: int = Field(1, ge=1, le=250)
    decide: int = Field(3, ge=1, le=250)
    complaint_answer: int = Field(5, ge=1, le=250)
    complaint_answer_several: int = Field(10, ge=1, le=250)
    discipline_notice: int = Field(15, ge=1, le=250)
    discipline_answer: int = Field(60, ge=1, le=250)
    reminders: tuple[Annotated[int, Field(ge=1, le=100)], ...] = (50, 80, 100)
    day_starts: time = time(9, 0)
    day_ends: time = time(17, 0)


class Files(_Section):
    """What may be sent in: sizes in megabytes, count per case."""

    max_mb: int = Field(20, ge=1, le=50)
    max_per_case: int = Field(30, ge=1, le=500)
    keep_uncleaned: bool = True


class Retention(_Section):
    """How long things stay, in days."""

    addresses: int = Field(90, ge=1, le=3650)


class Faq(_Section):
    """A question people ask: it is answered when all words of one of `words` occur ("a b" = both)."""

    title: Name
    words: tuple[str, ...] = Field(min_length=1)
    answer: str = Field(min_length=1, max_length=600)


class Hospital(_Section):
    """The whole of hospital.toml.

    `discipline_office` takes what no other office may see; `service_desk` what no rule routes;
    `praise_office` keeps the ethics record. `routing` is keyed by category code.
    """

    name: Name
    timezone: str = "Asia/Shanghai"
    emergency_line: str = "120"
    discipline_office: Name
    service_desk: Name
    praise_office: Name
    offices: tuple[Office, ...] = Field(min_length=1)
    leaders: tuple[Leader, ...] = ()
    departments: tuple[Name, ...] = ()
    routing: dict[str, Route]
    clocks: Clocks = Clocks()
    files: Files = Files()
    retention: Retention = Retention()
    faq: tuple[Faq, ...] = ()
