"""Holds the cases against the trail: what the trail tells of and is not there was removed past the program.

A case and every message of its reporter leave an event in the same transaction, and an event is keyed. So
who has the database and not the keys cannot remove a case or such a message unnoticed. What officers wrote,
files, states, offices and who is left out of a case are not seen here.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, func
from sqlmodel import Session, col, select

from storage.cases import Case
from storage.entries import FROM_REPORTER, EntryRow
from storage.errors import TrailBroken
from storage.event_names import EventName
from storage.events import Event

PAGE = 2000
"""Cases looked at in one transaction."""
_KEPT_BY = (EventName.OPENED, EventName.ADDED)


def check_cases(
    run: Callable[[Callable[[Session], Any]], Any], *, advance: Callable[[int], None] = lambda _: None
) -> None:
    """Goes through all cases of which the trail tells; `run` is Database.run_now, `advance` hears of events.

    Raises TrailBroken with the first case that is gone, or lacks a message of its reporter though its
    content was not destroyed (or has one too many).
    """
    last = run(lambda session: session.exec(select(func.max(Event.case_id))).one()) or 0
    for start in range(1, last + 1, PAGE):
        advance(run(lambda session, start=start: _check(session, start, start + PAGE - 1)))  # type: ignore[misc]


def _check(session: Session, first: int, last: int) -> int:
    told = _told(session, first, last, col(Event.action).in_(_KEPT_BY))
    destroyed = _told(session, first, last, col(Event.action) == EventName.PURGED)
    there = session.exec(select(Case.id).where(col(Case.id).between(first, last)))
    if gone := set(told) - set(there):
        raise TrailBroken(f"case {min(gone)} stands in the trail and nowhere else: it was removed")
    kept = _kept(session, first, last)
    for number, count in sorted(told.items()):
        expected, found = 0 if number in destroyed else count, kept.get(number, 0)
        if found != expected:
            raise TrailBroken(
                f"case {number}: the trail tells of {expected} messages by its reporter, there are {found}"
            )
    return sum(told.values())


def _told(session: Session, first: int, last: int, which: Any) -> dict[int, int]:
    wanted = and_(col(Event.case_id).between(first, last), which)
    return _counted(session, select(Event.case_id, func.count()).where(wanted).group_by(col(Event.case_id)))


def _kept(session: Session, first: int, last: int) -> dict[int, int]:
    case_id = col(EntryRow.case_id)
    wanted = and_(case_id.between(first, last), col(EntryRow.kind).in_(FROM_REPORTER))
    return _counted(session, select(EntryRow.case_id, func.count()).where(wanted).group_by(case_id))


def _counted(session: Session, found: Any) -> dict[int, int]:
    return {int(number): int(count) for number, count in session.exec(found)}
