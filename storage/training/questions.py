"""One question of a bank: what is asked, what can be answered, what is right, and why."""

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from storage.hospital_types import Section

LETTERS = "ABCDEF"
RULES = range(1, 10)
"""The nine rules for staff of medical institutions, 国卫医发〔2021〕37号."""
QuestionKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
BankName = Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]{0,23})?$")]
RuleNumber = Annotated[int, Field(strict=True, ge=1, le=9)]
ChoiceText = Annotated[str, Field(strict=True, min_length=1, max_length=80)]


class Kind(StrEnum):
    """SINGLE: one choice is right. MULTIPLE: several. JUDGE: true or not. CASE: which rule it breaks."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    JUDGE = "judge"
    CASE = "case"


class Question(Section):
    """`bank` is empty for the questions on the nine rules; `rule` 0 is a question on none of them.

    `choices` are texts, for a case numbers of rules, and empty for a statement that is true or not. `right`
    holds the letters of what is right, or true or false.
    """

    key: QuestionKey
    bank: BankName = ""
    rule: int = Field(0, strict=True, ge=0, le=9)
    kind: Kind
    text: str = Field(min_length=4, max_length=300)
    choices: tuple[RuleNumber | ChoiceText, ...] = ()
    right: StrictBool | Annotated[str, Field(strict=True)]
    explanation: str = Field(min_length=4, max_length=300)

    @cached_property
    def answers(self) -> frozenset[int]:
        """Which choices are right, counted from 0; of a statement 0 is true and 1 is false."""
        if isinstance(self.right, bool):
            return frozenset({0 if self.right else 1})
        return frozenset(LETTERS.index(letter) for letter in self.right)

    @property
    def count(self) -> int:
        """How many choices there are."""
        return 2 if self.kind is Kind.JUDGE else len(self.choices)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        wrong = self._mistake()
        if wrong:
            raise PydanticCustomError(f"question_{wrong}", "the parts of the question do not fit together")
        return self

    def _mistake(self) -> str:
        """A short word for what does not fit, or empty."""
        if self.kind is Kind.JUDGE:
            return "judge" if self.choices or not isinstance(self.right, bool) else ""
        if not 2 <= len(self.choices) <= len(LETTERS):
            return "choices"
        if len(set(self.choices)) < len(self.choices):
            return "twice"
        if isinstance(self.right, bool) or not self._letters_fit(self.right):
            return "right"
        are_rules = all(isinstance(choice, int) for choice in self.choices)
        if self.kind is Kind.CASE and not (are_rules and self.choices[min(self.answers)] == self.rule):
            return "case"
        if self.kind is not Kind.CASE and any(isinstance(choice, int) for choice in self.choices):
            return "text"
        return ""

    def _letters_fit(self, right: str) -> bool:
        known = set(LETTERS[: len(self.choices)])
        if not right or len(set(right)) < len(right) or not set(right) <= known:
            return False
        return len(right) == 1 if self.kind is not Kind.MULTIPLE else 1 < len(right) < len(known)
