"""What staff owe, as the hospital wrote it down in duties.toml: duties, groups, forms, reminding."""

import hashlib
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from storage.duties.when import When
from storage.hospital_types import Days, Name, Section, TimeOfDay

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
Lead = Annotated[int, Field(strict=True, ge=0, le=60)]


class Proof(StrEnum):
    """What counts as done: confirming to have read, passing a quiz, or handing something in."""

    READING = "reading"
    QUIZ = "quiz"
    FILE = "file"
    FIGURE = "figure"
    TEXT = "text"
    FORM = "form"


class Answers(StrEnum):
    """Who answers: each person for themselves, or somebody for the whole office."""

    PERSON = "person"
    OFFICE = "office"


class Owed(Section):
    """Who owes a duty: everybody, or all who are in one of these; with `roles` only such people of them.

    `offices` are offices or clinical departments, `groups` those of [[groups]].
    """

    everyone: StrictBool = False
    offices: tuple[Name, ...] = ()
    groups: tuple[Name, ...] = ()
    roles: tuple[Literal["staff", "officer", "head"], ...] = ()


class Group(Section):
    """People who owe the same: whole offices, and whoever the roster puts in the group by name."""

    name: Name
    offices: tuple[Name, ...] = ()


class Quiz(Section):
    """A draw from the question bank; `rules` limits it to these (1 to 9), `again_after` is the study pause.

    `bank` names one of questions.toml, empty for the nine rules. `pass_mark` is in percent, `again_after` in
    minutes.
    """

    bank: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]{0,23})?$")] = ""
    questions: int = Field(10, strict=True, ge=1, le=50)
    pass_mark: int = Field(80, strict=True, ge=1, le=100)
    again_after: int = Field(30, strict=True, ge=0, le=10_080)
    rules: tuple[Annotated[int, Field(strict=True, ge=1, le=9)], ...] = ()


class FormKind(StrEnum):
    """How a question of a form is answered."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    FIGURE = "figure"
    DATE = "date"
    TEXT = "text"


class FormQuestion(Section):
    """One question of a form; `choices` for a choice, `explain`: a yes is to be explained in words."""

    key: Key
    kind: FormKind
    text: str = Field(min_length=2, max_length=300)
    choices: tuple[Name, ...] = ()
    explain: StrictBool = False
    optional: StrictBool = False


class Form(Section):
    """A promise or self-check: read, answered and, with `sign`, signed with one's name."""

    key: Key
    title: str = Field(min_length=2, max_length=40)
    text: str = Field("", max_length=2000)
    questions: tuple[FormQuestion, ...] = ()
    sign: StrictBool = False


class Duty(Section):
    """Something staff owe by a date; `key` stays the same as long as the duty is meant to be the same.

    `text` says what is to be done, or, with several `texts`, one of them in turn. `link` and `file` (a name
    in the folder `materials`) are material to read. `figure` is the unit a figure is counted in. `to_office`
    receives what is handed in and hears when it is not; the discipline office if empty. `at` is the local
    time by which it is due. `leads` (working days before, 0 on the day) override those of [reminding].
    `urgent` goes out at once and not with the morning's digest. It is given out when it `begins`, whatever
    the leads: what a drive asks for can be handed in from the first day of its phase.
    """

    key: Key
    title: str = Field(min_length=2, max_length=40)
    text: str = Field("", max_length=2000)
    texts: tuple[str, ...] = ()
    link: str = Field("", max_length=300)
    file: str = Field("", max_length=100)
    owed_by: Owed
    each: Answers = Answers.PERSON
    when: When
    at: TimeOfDay = time(17, 0)
    done: Proof = Proof.READING
    quiz: Quiz = Quiz()
    form: str = Field("", max_length=24)
    figure: str = Field("", max_length=40)
    to_office: str = Field("", max_length=30)
    shift: Literal["before", "after", "none"] = "before"
    timezone: str = Field("", max_length=40)
    leads: tuple[Lead, ...] | None = None
    begins: date | None = None
    drive: str = Field("", max_length=24)
    phase: str = Field("", max_length=40)
    urgent: StrictBool = False


class Reminding(Section):
    """How staff are reminded; days are working days.

    `leads` before the day it is due, each with the morning's digest at `at`; nothing is sent from
    `quiet_from` to `quiet_until` or on days off. What is overdue is called to mind every working day, for
    `nag_days`; the office's head reads the names after `head_after` days, the discipline office after
    `discipline_after`. The heads' coverage digest goes out on `coverage_day`, weekday 1 (Monday) to 7.
    """

    at: TimeOfDay = time(8, 30)
    leads: tuple[Lead, ...] = (7, 3, 1, 0)
    quiet_from: TimeOfDay = time(20, 0)
    quiet_until: TimeOfDay = time(7, 30)
    nag_days: Days = 10
    head_after: Days = 1
    discipline_after: Days = 3
    coverage_day: int = Field(1, strict=True, ge=1, le=7)


class DutyBook(Section):
    """The whole of duties.toml; drives add the duties of their phases (see storage.drives)."""

    reminding: Reminding = Reminding()
    groups: tuple[Group, ...] = ()
    forms: tuple[Form, ...] = ()
    duties: tuple[Duty, ...] = ()

    @cached_property
    def by_key(self) -> Mapping[str, Duty]:
        """Every duty, by its key."""
        return {duty.key: duty for duty in self.duties}

    @cached_property
    def forms_by_key(self) -> Mapping[str, Form]:
        """Every form, by its key."""
        return {form.key: form for form in self.forms}

    @cached_property
    def fingerprint(self) -> str:
        """A short one of all that stands in it, worked out once: the plan of the year is held against it."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def groups_of_office(self, office: str) -> frozenset[str]:
        """The groups that a whole office belongs to."""
        return frozenset(group.name for group in self.groups if office in group.offices)

    def leads_of(self, duty: Duty) -> tuple[int, ...]:
        """Working days before the due day on which it is called to mind, the longest first."""
        leads = self.reminding.leads if duty.leads is None else duty.leads
        return tuple(sorted(set(leads), reverse=True))
