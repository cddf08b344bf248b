"""Finds what a button of staff is about: who pressed, which duty, and what is theirs of it."""

from collections.abc import Sequence

from sqlmodel import col, select

from handlers.turn import Turn
from storage.duties.assignments import Assignment
from storage.duties.book import Duty
from storage.duties.mine import Owing, owing
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.submission_access import receives
from storage.members import Right, may
from storage.messages import Choice, Reply
from storage.staff.employees import Employee, employee_of
from storage.staff.permits import oversees

_LONGEST = 9


def number_in(arguments: Sequence[str], place: int = 0) -> int:
    """The number at a place of a button's arguments; 0, which nothing has, where there is none."""
    word = arguments[place] if len(arguments) > place else ""
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= _LONGEST else 0


def me(turn: Turn) -> Employee | None:
    """Who pressed, as the roster knows them."""
    return employee_of(turn.session, turn.member)


def owing_in(turn: Turn, arguments: Sequence[str]) -> Owing | None:
    """What whoever pressed owes, or owed, of the occurrence that is named first."""
    return owing(turn.session, number_in(arguments), me(turn))


def occurrence_in(turn: Turn, arguments: Sequence[str]) -> Occurrence | None:
    """The occurrence that is named first, if it was given out."""
    found = turn.session.get(Occurrence, number_in(arguments))
    return None if found is None or found.stage is OccurrenceStage.PLANNED else found


def heads_of_it(turn: Turn, assignment: Assignment) -> bool:
    """Whether whoever pressed may excuse people of the office that owes this."""
    return oversees_it(turn) and assignment.office in oversees(turn.officer, turn.house.hospital)


def oversees_it(turn: Turn) -> bool:
    """Whether whoever pressed reads names of who has not answered: heads and supervisors."""
    return may(turn.officer, Right.APPROVE) and may(turn.officer, Right.STATISTICS)


def looks_in(turn: Turn, occurrence: Occurrence) -> bool:
    """Whether a duty that is not owed by them may be opened all the same."""
    if receives(turn.session, occurrence, turn.officer, turn.house.hospital):
        return True
    return oversees_it(turn) and _is_owed_below(turn, occurrence)


def _is_owed_below(turn: Turn, occurrence: Occurrence) -> bool:
    """Whether anybody of the offices that they oversee owes it."""
    offices = sorted(oversees(turn.officer, turn.house.hospital))
    owed = select(Assignment.id).where(
        Assignment.occurrence_id == occurrence.id, col(Assignment.office).in_(offices)
    )
    return turn.session.exec(owed.limit(1)).first() is not None


def no_such(turn: Turn) -> list[Reply]:
    """One sentence for what does not exist, and for what is not theirs."""
    said = turn.words("duties.no_such")
    if turn.inbound.in_group:
        return [Reply("", toast=said)]
    return [Reply(said, (list_row(turn),), toast=said)]


def sent_to_private(turn: Turn) -> list[Reply]:
    """In a group nothing is shown: it goes on in the private chat."""
    return [Reply("", toast=turn.words("duties.sent_to_you"))]


def list_row(turn: Turn) -> tuple[Choice, ...]:
    """Back to the list; officers have their menu beside it."""
    mine = (Choice(turn.words("duties.list"), "due:list:0"),)
    return (*mine, Choice(turn.words("desk.menu"), "desk")) if turn.at_desk else mine


def duty_of(turn: Turn, occurrence: Occurrence) -> Duty | None:
    """The duty in the book, if it still stands there."""
    return turn.house.duties.by_key.get(occurrence.duty)
