"""What staff owe, as time passes: given out, called to mind, told to heads, and at last closed."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session

from storage.duties.cards import put_on_cards
from storage.duties.drawing import (
    claim_cards_to_post,
    claim_cards_to_redraw,
    forget_old_cards,
    post_card,
    redraw_if_changed,
)
from storage.duties.escalating import begin_morning, headed_offices, newly_overdue
from storage.duties.moments import DIGEST, NAMES, telling_moment
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.opening import open_occurrence
from storage.duties.reminding import (
    claim_due_occurrence,
    claim_people,
    is_any_due,
    mark_people,
    offices_missing,
)
from storage.duties.stepping import all_dues, closing, extensions, plan_next_step, reminders
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.house import House
from storage.outbox import announce

_AGAIN = timedelta(hours=1)
"""What went wrong with one occurrence must not keep the others away."""


def sweep_occurrences(
    session: Session, *, house: House, now: datetime, troubled: Callable[[Exception], None] | None = None
) -> int:
    """The one occurrence that has been due longest; 1, or 0 when nothing is due.

    One each time: giving it out to ten thousand people is a transaction of its own. Where that fails,
    `troubled` hears of it, and the occurrence comes up again in an hour.
    """
    claimed = claim_due_occurrence(session, now=now)
    if claimed is None:
        return 0
    occurrence, step_at = claimed
    try:
        with session.begin_nested():
            _look_after(session, occurrence, step_at, house=house, now=now)
    except Exception as error:
        session.refresh(occurrence)
        occurrence.next_at = now + _AGAIN
        session.add(occurrence)
        if troubled is not None:
            troubled(error)
    return 1


def tell_heads(session: Session, *, house: House, now: datetime) -> int:
    """Once each working morning: leaves word to the heads of offices where something lies overdue.

    Only when something new came to `head_after` working days, or ended unanswered; the letter then lists
    all. The discipline office hears from `discipline_after` on, and at once of offices that no head has
    joined for: it is one letter, however many offices they are. Returns how many letters were left.
    """
    if is_any_due(session, now=now):  # what ends this morning belongs to it
        return 0
    since = begin_morning(session, house=house, now=now)
    if since is None:
        return 0
    forget_old_cards(session, now=now)
    told = newly_overdue(session, since=since, house=house, now=now)
    alone = told.offices.keys() - (headed_offices(session) - {house.hospital.discipline_office})
    headed = sorted(told.offices.keys() - alone)
    for office in headed:
        over = sorted(told.offices[office])
        announce(session, f"dueheads:{office}", NAMES, now=now, offices=[office], over=over)
    if told.chiefs or alone:
        offices = [] if told.chiefs else sorted(alone)
        announce(session, "duechiefs", NAMES, now=now, offices=offices, over=sorted(told.over))
    return len(headed) + bool(told.chiefs or alone)


def remind_people(session: Session, *, house: House, now: datetime) -> int:
    """One letter for each of the next people who are to be told; returns how many were looked at.

    What it says is settled when it is sent. While an occurrence still waits to be looked after, nobody is
    told: all that is due on one morning is one message.
    """
    if is_any_due(session, now=now):
        return 0
    taken, members = claim_people(session, house=house, now=now)
    day_off = not house.calendar.is_working_day(house.local_day(now))
    facts = {"urgent": 1} if day_off else {}  # nothing else is told on such a day
    for member in members:
        announce(session, f"due:{member}", DIGEST, now=now, **facts)
    return taken


def post_cards(session: Session, *, house: House, now: datetime) -> int:
    """The next cards whose moment has come go to their groups; returns how many."""
    if is_any_due(session, now=now):
        return 0
    cards = claim_cards_to_post(session, now=now)
    for card in cards:
        post_card(session, card, now=now)
    return len(cards)


def redraw_cards(session: Session, *, house: House, now: datetime) -> int:
    """The next cards of duties in which something changed; returns how many were looked at."""
    cards = claim_cards_to_redraw(session, now=now)
    for card in cards:
        redraw_if_changed(session, card, now=now)
    return len(cards)


def _look_after(
    session: Session, occurrence: Occurrence, step_at: datetime, *, house: House, now: datetime
) -> None:
    match occurrence.stage:
        case OccurrenceStage.PLANNED:
            _open(session, occurrence, step_at, house=house, now=now)
        case OccurrenceStage.OPEN:
            _step(session, occurrence, step_at, house=house, now=now)
        case OccurrenceStage.CLOSED | OccurrenceStage.STOPPED:
            pass


def _open(
    session: Session, occurrence: Occurrence, step_at: datetime, *, house: House, now: datetime
) -> None:
    gone = occurrence.duty not in house.duties.by_key
    if gone or closing(occurrence.due_at, occurrence, house.duties, house) <= now:
        occurrence.stage, occurrence.changed_at = OccurrenceStage.STOPPED, now
        session.add(occurrence)
        session.flush()
        return
    if open_occurrence(session, occurrence, house=house, now=now):
        occurrence.steps = 1
        _tell(session, occurrence, step_at, None, house=house, now=now)


def _step(
    session: Session, occurrence: Occurrence, step_at: datetime, *, house: House, now: datetime
) -> None:
    """Reminds those whose morning it is, whatever of it was missed during a stop; or ends it."""
    assert occurrence.id is not None
    dues = all_dues(occurrence, extensions(session, occurrence.id))
    missing = bool(offices_missing(session, occurrence))
    if closing(max(dues), occurrence, house.duties, house) <= now or (not missing and max(dues) <= now):
        return _close(session, occurrence, now=now)
    told = {
        due
        for due in dues
        if any(step_at <= one <= now for one in reminders(due, occurrence, house.duties, house))
    }
    if missing and told:
        occurrence.steps += 1
        _tell(session, occurrence, step_at, told, house=house, now=now)
    plan_next_step(session, occurrence, house=house, now=now)
    return None


def _tell(
    session: Session,
    occurrence: Occurrence,
    step_at: datetime,
    dues: set[datetime] | None,
    *,
    house: House,
    now: datetime,
) -> None:
    """Marks the people who still owe it, and has it shown in the groups of offices that do."""
    duty = house.duties.by_key.get(occurrence.duty)
    urgent = duty is not None and duty.urgent
    moment = telling_moment(occurrence, step_at, urgent=urgent, house=house, now=now)
    mark_people(session, occurrence, dues=dues, moment=moment, house=house)
    offices = offices_missing(session, occurrence, dues)
    put_on_cards(session, occurrence, offices, moment=moment, now=now)


def _close(session: Session, occurrence: Occurrence, *, now: datetime) -> None:
    missing = sum(offices_missing(session, occurrence).values())
    occurrence.stage, occurrence.next_at = OccurrenceStage.CLOSED, None
    occurrence.closed_at = occurrence.changed_at = now
    session.add(occurrence)
    session.flush()
    record_event(
        session, SYSTEM, EventName.DUTY_CLOSED, now=now, occurrence=occurrence.id, missing=missing
    )  # fmt: skip
