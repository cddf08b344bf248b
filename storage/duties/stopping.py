"""Takes an occurrence back, and lets it go on."""

from datetime import datetime

from sqlmodel import Session

from storage.duties.completing import excuse_all, owe_all_again
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.stepping import plan_next_step
from storage.house import House


def stop_occurrence(
    session: Session, occurrence: Occurrence, *, by_hand: bool = False, now: datetime
) -> None:
    """Nobody owes it any more, and nothing more is done with it; what was answered stays.

    `by_hand`: somebody decided so, and planning does not bring it back.
    """
    was_open = occurrence.stage is OccurrenceStage.OPEN
    occurrence.stage, occurrence.next_at = OccurrenceStage.STOPPED, None
    occurrence.by_hand = by_hand or occurrence.by_hand
    occurrence.changed_at = now
    session.add(occurrence)
    if was_open:
        excuse_all(session, occurrence, now=now)


def resume_occurrence(session: Session, occurrence: Occurrence, *, house: House, now: datetime) -> None:
    """What was stopped goes on: given out already, it is owed again; if not, it waits for its day."""
    if occurrence.opened_at is None:
        occurrence.stage, occurrence.next_at = OccurrenceStage.PLANNED, occurrence.opens_at
    else:
        occurrence.stage = OccurrenceStage.OPEN
        owe_all_again(session, occurrence, now=now)
        plan_next_step(session, occurrence, house=house, now=now)
    occurrence.changed_at = now
    session.add(occurrence)
