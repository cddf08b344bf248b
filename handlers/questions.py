"""The few questions after a report: only what the text has not said, never more than three."""

from nlp.reading import Reader, Verdict
from nlp.taxonomy import Intent

DEPARTMENT, WHEN, DETAIL = "department", "when", "detail"
_BARE_ROLE = 2
"""Characters of a role alone, such as 医生 or 护士, which does not say who it was."""


def questions_for(text: str, verdict: Verdict, reader: Reader) -> list[str]:
    """What is still worth asking, in order; a complaint is not asked who or how much."""
    said = reader.mentions(text)
    missing = []
    if not said.departments:
        missing.append(DEPARTMENT)
    if not said.when:
        missing.append(WHEN)
    somebody = any(len(person.text) > _BARE_ROLE for person in said.people)
    if verdict.intent is Intent.REPORT and not (somebody and said.amounts):
        missing.append(DETAIL)
    return missing


def still_missing(asked: list[str], text: str, verdict: Verdict, reader: Reader) -> list[str]:
    """Of the questions left, those the text has not answered meanwhile."""
    open_ones = set(questions_for(text, verdict, reader))
    return [question for question in asked if question in open_ones]
