"""A whole year of duties with the clock as an argument: 春节 and 国庆 2026, make-up days, month ends."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session, col, select

from scheduler.duties import post_cards, redraw_cards, remind_people, sweep_occurrences, tell_heads
from storage.duties.assignments import Assignment
from storage.duties.completing import complete
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.planning import plan_occurrences
from storage.duties.reminding import reminded_of
from storage.letters import Letter
from storage.members import Role
from storage.staff.employees import Employee
from tests.duties import duty_house, make_employee

HOUSE = duty_house(
    {"key": "study", "when": {"monthly": "last working day"}},
    {"key": "weekly", "title": "周报", "when": {"weekly": 5}, "at": "11:00", "leads": [0], "each": "office",
     "owed_by": {"offices": ["药剂科"]}, "done": "text"},
    {"key": "price", "title": "价格培训", "when": {"yearly": "02-28"}, "done": "quiz"},
    {"key": "gala", "title": "节前提醒", "when": {"before_holidays": 1}, "leads": [0]},
)  # fmt: skip
FIRST = datetime(2025, 12, 31, 0, 30, tzinfo=UTC)
"""08:30 in Shanghai."""


def sweep(session: Session, now: datetime) -> None:
    while now.weekday() == 0 and plan_occurrences(session, house=HOUSE, now=now):
        pass
    while sweep_occurrences(session, house=HOUSE, now=now, troubled=_raised):
        pass
    for tell in (tell_heads, post_cards, remind_people, redraw_cards):
        while tell(session, house=HOUSE, now=now):
            pass


def _raised(error: Exception) -> None:
    raise error


def answer_all(session: Session, person: Employee, now: datetime) -> None:
    for occurrence, assignment in reminded_of(session, person):
        assert occurrence.stage is OccurrenceStage.OPEN
        complete(session, assignment, by=person, now=now)


def test_a_year_is_told_on_working_mornings_once_and_never_after_the_answer(session: Session) -> None:
    diligent, member = make_employee(session, HOUSE, "赵敏", role=Role.HEAD)
    idle, other = make_employee(session, HOUSE, "钱多")
    assert member is not None
    assert other is not None
    told: Counter[tuple[str, date]] = Counter()
    for number in range(366):
        for hours in (0, 12) if number % 7 == 0 else (0,):
            now = FIRST + timedelta(days=number, hours=hours)
            seen = session.exec(select(Letter.id).order_by(col(Letter.id).desc())).first() or 0
            sweep(session, now)
            for letter in session.exec(select(Letter).where(col(Letter.id) > seen)):
                told[letter.audience or "", HOUSE.local_day(now)] += 1
            answer_all(session, diligent, now + timedelta(hours=1))
    assert set(told.values()) == {1}
    assert all(HOUSE.calendar.is_working_day(when) for _, when in told)
    assert {who for who, _ in told} == {
        f"due:{member.id}", f"due:{other.id}", "dueheads:药剂科", "duechiefs",
    }  # fmt: skip
    mine, theirs = ([when for who, when in told if who == f"due:{one.id}"] for one in (member, other))
    # Who answers at once hears of each duty once; who never does, at each lead and each day overdue.
    assert len(mine) < 80 < len(theirs)
    assert date(2026, 2, 28) in theirs, "a Saturday that is worked"
    counts = states(session)
    assert counts[diligent.id, "study", "done"] == counts[idle.id, "study", "open"] == 11
    assert (counts[diligent.id, "price", "done"], counts[idle.id, "price", "open"]) == (1, 1)
    assert counts[None, "weekly", "done"] > 45


def test_a_month_without_anybody_tells_nobody(session: Session) -> None:
    for number in range(30):
        sweep(session, FIRST + timedelta(days=number))
    letters = session.exec(select(Letter)).all()
    assert [one for one in letters if one.notice == "due.digest"] == []


def states(session: Session) -> Counter[tuple[int | None, str, str]]:
    """How many assignments of what was due by December, by employee, duty and state."""
    rows = select(Assignment, Occurrence).where(Assignment.occurrence_id == Occurrence.id)
    by_december = rows.where(Occurrence.due_at < datetime(2026, 12, 15, tzinfo=UTC))
    return Counter(
        (one.employee_id, occurrence.duty, one.state.value) for one, occurrence in session.exec(by_december)
    )
