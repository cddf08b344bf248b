"""What was refused stands in the trail: who asked for what, never what it would have told."""

from datetime import datetime

from sqlmodel import Session

from storage.event_names import EventName
from storage.events import record_event
from storage.members import Member


def note_refusal(
    session: Session,
    member: Member,
    what: str,
    *,
    case_id: int | None = None,
    now: datetime,
    **facts: str | int,
) -> None:
    """A member asked for a `what` (case, file or action) that they may not have, or that is not there.

    The transaction must commit all the same: who catches the refusal, catches it inside.
    """
    record_event(
        session, f"member:{member.id}", EventName.REFUSED, case_id=case_id, now=now, what=what, **facts
    )
