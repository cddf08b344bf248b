"""When something is next to be done with an occurrence: a lead, a day overdue, the end."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from storage.duties.assignments import Assignment, AssignmentState
from storage.duties.book import Duty, DutyBook
from storage.duties.moments import due_day, morning_of
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.house import House


def next_step(
    occurrence: Occurrence,
    book: DutyBook,
    house: House,
    *,
    after: datetime,
    extended: Collection[datetime] = (),
) -> datetime | None:
    """The first moment later than `after` at which somebody is to be reminded, or the occurrence ends.

    `extended` are later due times of people who were granted more time: each has leads and days overdue of
    its own. None where even the end is past.
    """
    dues = all_dues(occurrence, extended)
    moments = [moment for due in dues for moment in reminders(due, occurrence, book, house)]
    moments.append(closing(max(dues), occurrence, book, house))
    return min((moment for moment in moments if moment > after), default=None)


def reminders(due: datetime, occurrence: Occurrence, book: DutyBook, house: House) -> Iterator[datetime]:
    """Every morning on which what is due then is called to mind: leads before, then each day overdue.

    `due` is the occurrence's, or a later one that somebody was granted.
    """
    duty, rules = book.by_key.get(occurrence.duty), book.reminding
    leads = book.leads_of(duty) if duty is not None else tuple(sorted(set(rules.leads), reverse=True))
    day = due_day(due, duty, house)
    for lead in leads:
        moment = morning_of(house.calendar.step(day, -lead), house)
        if moment < due:
            yield moment
    for number in range(1, rules.nag_days + 1):
        yield morning_of(house.calendar.step(day, number), house)


def closing(due: datetime, occurrence: Occurrence, book: DutyBook, house: House) -> datetime:
    """The morning on which nobody is reminded any more."""
    day = due_day(due, book.by_key.get(occurrence.duty), house)
    return morning_of(house.calendar.step(day, book.reminding.nag_days + 1), house)


def days_overdue(due: datetime, duty: Duty | None, house: House, now: datetime) -> int:
    """Working days after the due day, up to and with today; 0 where it is not overdue."""
    day, today, count = due_day(due, duty, house), house.local_day(now), 0
    while due <= now and house.calendar.step(day, count + 1) <= today:
        count += 1
    return count


def all_dues(occurrence: Occurrence, extended: Collection[datetime]) -> set[datetime]:
    """The due time of all, and those of people who have longer."""
    return {occurrence.due_at, *(due for due in extended if due > occurrence.due_at)}


def extensions(session: Session, occurrence_id: int) -> list[datetime]:
    """The times from which it is called to mind for some apart: they have longer, or owe it again."""
    own = col(Assignment.extended_until), col(Assignment.owed_again_at)
    owed = select(*own).where(
        Assignment.occurrence_id == occurrence_id, Assignment.state == AssignmentState.OPEN,
        or_(*(one.is_not(None) for one in own)),
    )  # fmt: skip
    return sorted({moment for row in session.exec(owed.distinct()) for moment in row if moment is not None})


def plan_next_step(session: Session, occurrence: Occurrence, *, house: House, now: datetime) -> None:
    """Sets when an open occurrence comes up again: after its due day moved, or somebody was given time."""
    if occurrence.stage is OccurrenceStage.OPEN:
        assert occurrence.id is not None
        extended = extensions(session, occurrence.id)
        step = next_step(occurrence, house.duties, house, after=now, extended=extended)
        occurrence.next_at = step or now
        session.add(occurrence)
        session.flush()
