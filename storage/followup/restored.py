"""After a restore nobody is asked twice: what was due before that moment counts as sent.

A backup does not know what went out since it was made. A patient who was asked then may still answer where
they were asked; one who was not, because nothing ran meanwhile, is passed over.
"""

from datetime import UTC, datetime

from sqlalchemy import delete, text
from sqlmodel import Session, col

from storage.letters import Letter
from storage.marks import read_mark, set_mark

_MARK = "followup:restored"


def note_restored(session: Session, *, now: datetime) -> int:
    """Remembers the moment, and drops questions to patients that waited; returns how many."""
    set_mark(session, _MARK, now.astimezone(UTC).isoformat().encode())
    waiting = text("outbox.state IN ('pending', 'claimed')")
    gone = delete(Letter).where(col(Letter.audience).startswith("survey:"), waiting)
    return int(session.execute(gone).rowcount)  # type: ignore[attr-defined]


def restored_at(session: Session) -> datetime | None:
    """When this database was last put back from a backup; None if it never was."""
    mark = read_mark(session, _MARK)
    return datetime.fromisoformat(mark.decode()) if mark else None
