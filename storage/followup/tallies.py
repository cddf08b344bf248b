"""Counts of answers and of what people mention, by month, department and ward, tied to nobody."""

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, Session, SQLModel

from storage.followup.surveys import Survey
from storage.hospital_followup import Kind


class SurveyTally(SQLModel, table=True):
    """How often `answer` was given to `subject`: a question's key, or `praise` or `complaint` with a term.

    Answers about integrity are counted without the ward: of its few patients a count could tell who said yes.
    """

    __tablename__ = "survey_tallies"

    month: str = Field(primary_key=True)
    department: str = Field(primary_key=True)
    ward: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    answer: str = Field(primary_key=True)
    count: int


def count_answer(session: Session, survey: Survey, subject: str, answer: str) -> None:
    """Counts one answer where the survey belongs; nothing of it stays with the survey."""
    make = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    row = make(SurveyTally.__table__).values(  # type: ignore[attr-defined]
        month=survey.month or "", department=survey.department, ward=_ward(survey), subject=subject,
        answer=answer, count=1,
    )  # fmt: skip
    one_more = {"count": SurveyTally.count + 1}
    key = ["month", "department", "ward", "subject", "answer"]
    session.execute(row.on_conflict_do_update(index_elements=key, set_=one_more))


def take_back_answer(session: Session, survey: Survey, subject: str, answer: str) -> None:
    """An answer that was counted was changed."""
    table = SurveyTally.__table__  # type: ignore[attr-defined]
    key = {
        "month": survey.month or "", "department": survey.department, "ward": _ward(survey),
        "subject": subject, "answer": answer,
    }  # fmt: skip
    known = update(table).where(*(table.c[name] == value for name, value in key.items()), table.c.count > 0)
    session.execute(known.values(count=table.c.count - 1))


def _ward(survey: Survey) -> str:
    return "" if survey.kind is Kind.INTEGRITY else survey.ward
