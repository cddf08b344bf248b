"""Surveys as they stand in the table after a month, by the dozen."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count

from sqlmodel import Session

from storage.followup.discharges import Discharge
from storage.followup.surveys import Stage, Survey
from storage.followup.tallies import SurveyTally
from storage.hospital_followup import Kind

_numbers = count(1)


def add_surveys(
    session: Session,
    month: str,
    department: str,
    ward: str = "",
    *,
    scores: Sequence[int] = (),
    silent: int = 0,
    unreached: int = 0,
    after: Sequence[int] = (),
    kind: Kind = Kind.SATISFACTION,
) -> None:
    """So many answered with these grades, so many were reached and silent, so many not even reached.

    The first of those with a grade were asked again and gave the grades in `after`.
    """
    moment = datetime(int(month[:4]), int(month[5:]), 15, 2, tzinfo=UTC)
    discharge = Discharge(
        uid="u", number_hash=f"n{next(_numbers)}", number=b"x", department=department, ward=ward,
        discharged_at=moment, changed_at=moment,
    )  # fmt: skip
    session.add(discharge)
    session.flush()
    told = [(score, Stage.ANSWERED, True) for score in scores]
    told += [(None, Stage.SENT, True)] * silent  # type: ignore[list-item]
    told += [(None, Stage.UNREACHABLE, False)] * unreached  # type: ignore[list-item]
    for place, (score, stage, reached) in enumerate(told):
        session.add(
            Survey(
                discharge_id=discharge.id or 0, plan="day3", plan_version="1", kind=kind,
                department=department, ward=ward, stage=stage, due_at=moment, sent_at=moment, month=month,
                reached=reached, score=score, score_after=after[place] if place < len(after) else None,
            )
        )  # fmt: skip
    session.flush()


def add_tally(
    session: Session, month: str, department: str, subject: str, answer: str, many: int, *, ward: str = ""
) -> None:
    """So many answers, or mentions of a term."""
    session.add(
        SurveyTally(month=month, department=department, ward=ward, subject=subject, answer=answer, count=many)
    )
    session.flush()
