"""What the hospital decides about asking discharged patients: plans, quiet hours, wards, questions."""

import tomllib
from collections.abc import Mapping
from datetime import time
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from storage.hospital_types import Name, Section, TimeOfDay

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,23}$")]


class Kind(StrEnum):
    """What a survey is about; integrity is asked and counted apart from the rating."""

    SATISFACTION = "satisfaction"
    INTEGRITY = "integrity"


class Scale(StrEnum):
    """How a question is answered; see storage/data/questions.toml."""

    RATING = "rating"
    OFTEN = "often"
    ASKED = "asked"
    LIKELY = "likely"
    WORDS = "words"


class Question(Section):
    """One question, by its key in plans."""

    key: Key
    scale: Scale
    text: str = Field(min_length=2, max_length=200)


class SurveyPlan(Section):
    """What is asked when: so many days after discharge at a time of day, or so many hours after it.

    Without `departments` a plan is for all that have no plan of the same kind of their own. `key` must stay
    the same as long as the plan is meant to be the same.
    """

    key: Key
    kind: Literal["satisfaction", "integrity"]
    after_days: int | None = Field(None, strict=True, ge=0, le=365)
    after_hours: int | None = Field(None, strict=True, ge=1, le=720)
    at: TimeOfDay = time(10, 0)
    departments: tuple[Name, ...] = ()
    questions: tuple[Key, ...] = Field(min_length=1, max_length=5)

    @model_validator(mode="after")
    def _says_when_once(self) -> Self:
        if (self.after_days is None) == (self.after_hours is None):
            raise PydanticCustomError("days_or_hours", "either after_days or after_hours")
        return self


class Ward(Section):
    """Whom patients of a department, or of one of its wards, call about their health."""

    department: Name
    ward: str = Field("", max_length=30)
    nurse_line: str = Field("", max_length=40)


class Columns(Section):
    """Headings of the hospital's own tables, in addition to the usual ones."""

    number: tuple[Name, ...] = ()
    visit: tuple[Name, ...] = ()
    department: tuple[Name, ...] = ()
    ward: tuple[Name, ...] = ()
    discharged: tuple[Name, ...] = ()
    contact: tuple[Name, ...] = ()
    consent: tuple[Name, ...] = ()
    language: tuple[Name, ...] = ()
    standing: tuple[Name, ...] = ()


_PLANS = (
    SurveyPlan(
        key="day3", kind="satisfaction", after_days=3, questions=("overall", "doctor", "nurse", "say")
    ),
    SurveyPlan(key="day30", kind="integrity", after_days=30, questions=("money", "outside", "private_code")),
)


class Followup(Section):
    """Asking after discharge.

    Nothing is sent from `quiet_from` to `quiet_until`, nor on days off where `working_days` is set. One
    reminder after `remind_after` days; what is not answered `expire_after` days after sending is over. What
    could not be sent for `late` days is not sent any more. `recovery_days` (working days) is the clock of a
    low rating, `callback_minutes` that of a health trouble. `care_office` and `recovery_office` stand in
    where nobody of a department has joined. Figures of fewer than `least_answers` are not shown.
    `consent_without_column`: patients of a table that says nothing of consent have all given it.
    """

    enabled: StrictBool = True
    plans: tuple[SurveyPlan, ...] = _PLANS
    questions: tuple[Question, ...] = ()
    quiet_from: TimeOfDay = time(20, 0)
    quiet_until: TimeOfDay = time(9, 0)
    working_days: StrictBool = False
    remind_after: int = Field(2, strict=True, ge=1, le=60)
    expire_after: int = Field(14, strict=True, ge=2, le=90)
    late: int = Field(4, strict=True, ge=0, le=60)
    recovery_days: int = Field(3, strict=True, ge=1, le=60)
    callback_minutes: int = Field(30, strict=True, ge=5, le=1440)
    care_office: str = Field("", max_length=30)
    recovery_office: str = Field("", max_length=30)
    least_answers: int = Field(10, strict=True, ge=10, le=1000)
    watch_folder: StrictBool = True
    consent_without_column: StrictBool = False
    columns: Columns = Columns()
    wards: tuple[Ward, ...] = ()

    @cached_property
    def bank(self) -> Mapping[str, Question]:
        """Every question that can be asked, by its key."""
        return {**usual_questions(), **{question.key: question for question in self.questions}}

    def plan(self, key: str) -> SurveyPlan | None:
        """The plan with this key, if there still is one."""
        return next((plan for plan in self.plans if plan.key == key), None)

    def plans_for(self, department: str) -> tuple[SurveyPlan, ...]:
        """The plans for one department: its own, and the general ones of kinds it has none of."""
        own = [plan for plan in self.plans if department in plan.departments]
        kinds = {plan.kind for plan in own}
        return (*own, *(plan for plan in self.plans if not plan.departments and plan.kind not in kinds))

    def still_asks(self, key: str, kind: str) -> bool:
        """Whether there still is a plan with this key, and about the same."""
        plan = self.plan(key)
        return plan is not None and plan.kind == kind

    def questions_for(self, key: str, kind: str, department: str) -> tuple[str, ...]:
        """What a survey that was sent asks, by key; where its plan is gone, as another of its kind does.

        What a patient is answering must not break off because a plan got another name.
        """
        known = (self.plan(key), *self.plans_for(department), *_PLANS)
        return next((plan.questions for plan in known if plan is not None and plan.kind == kind), ())

    def nurse_line(self, department: str, ward: str) -> str:
        """The number to call about health: the ward's, else the department's; empty if none is set."""
        lines = {(one.department, one.ward): one.nurse_line for one in self.wards}
        return lines.get((department, ward)) or lines.get((department, "")) or ""


@lru_cache(maxsize=1)
def usual_questions() -> Mapping[str, Question]:
    """The questions that come along."""
    table = tomllib.loads(files("storage").joinpath("data/questions.toml").read_text("utf-8"))
    return {key: Question(key=key, **values) for key, values in table.items()}
