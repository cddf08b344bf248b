"""The few questions after a report: only what the text has not said, never more than three."""

from nlp.entities import mentions
from nlp.reading import Verdict
from nlp.taxonomy import Intent

DEPARTMENT, WHEN, DETAIL = "department", "when", "detail"
_BARE_ROLE = 2
"""Characters of a role alone, such as 医生 or 护士, which does not say who it was."""


def questions_for(text: str, verdict: Verdict) -> list[str]:
    """What is still worth asking, in order; a complaint is not asked who or how much."""
    said = mentions(text)
    missing = []
    if not said.departments:
        missing.append(DEPARTMENT)
    if not said.when:
        missing.append(WHEN)
    somebody = any(len(person.text) > _BARE_ROLE for person in said.people)
    if verdict.intent is Intent.REPORT and not (somebody and said.amounts):
        missing.append(DETAIL)
    return missing


def still_missing(asked: list[str], text: str, verdict: Verdict) -> list[str]:
    """Of the questions left, those the text has not answered meanwhile."""
    open_ones = set(questions_for(text, verdict))
    return [question for question in asked if question in open_ones]
