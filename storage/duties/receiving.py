"""What was handed in lately, for whoever receives it."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from storage.duties.assignments import Assignment
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.submission_access import receives
from storage.duties.submissions import Submission, SubmissionStage
from storage.hospital import Hospital
from storage.members import Member, Right, may

_LATELY = timedelta(days=60)
"""After it was due; what is older comes with `lianxin duties files`."""
_MOST = 20


def received_lately(
    session: Session, member: Member, hospital: Hospital, *, now: datetime
) -> list[tuple[Occurrence, int]]:
    """Occurrences that somebody receives, and how much of each is handed in; the last due come first."""
    if not may(member, Right.HANDLE):
        return []
    found = (
        select(Occurrence, func.count(col(Submission.id)))
        .join(Assignment, col(Assignment.occurrence_id) == col(Occurrence.id))
        .join(Submission, col(Submission.assignment_id) == col(Assignment.id))
        .where(
            col(Occurrence.stage).in_((OccurrenceStage.OPEN, OccurrenceStage.CLOSED)),
            Occurrence.due_at > now - _LATELY,
            Submission.stage == SubmissionStage.HANDED_IN,
        )
        .group_by(col(Occurrence.id))
        .order_by(col(Occurrence.due_at).desc(), col(Occurrence.id))
    )
    mine = [(one, count) for one, count in session.exec(found) if receives(session, one, member, hospital)]
    return mine[:_MOST]
