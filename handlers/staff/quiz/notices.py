"""What goes on in a private chat after a press in a group: the quiz, or the material to read."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.staff.quiz.material import has_material, material_of
from handlers.telling import member_addressed
from handlers.turn import Desk
from handlers.words import Words
from storage.duties.assignments import find_assignment
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.letters import Letter
from storage.messages import Choice, Reply
from storage.staff.employees import employee_of
from storage.training.examining import quiz_of


def quiz_notice(
    letter: Letter, arguments: dict[str, Any], *, session: Session, desk: Desk, words: Words, now: datetime
) -> Reply | None:
    """The words for `quiz.begin` and `quiz.material`; None for who owes it no more, or once it was passed."""
    occurrence = session.get(Occurrence, arguments.get("occurrence"))
    employee = employee_of(session, member_addressed(letter, session))
    if occurrence is None or employee is None or occurrence.stage is OccurrenceStage.STOPPED:
        return None
    assignment = find_assignment(session, occurrence, employee)
    if assignment is None:
        return None
    if letter.notice == "quiz.material":
        return material_of(session, occurrence, house=desk.house, words=words, now=now)
    if letter.notice != "quiz.begin":
        return None
    if assignment.passed:
        return Reply(words("quiz.passed_already", score=assignment.score))
    return _invitation(occurrence, desk, words)


def _invitation(occurrence: Occurrence, desk: Desk, words: Words) -> Reply:
    quiz = quiz_of(occurrence, desk.house)
    local = desk.house.local(occurrence.due_at)
    due = words("quiz.at_day", month=local.month, day=local.day, time=f"{local:%H:%M}")
    text = words("quiz.invite", title=occurrence.title, count=quiz.questions, mark=quiz.pass_mark, due=due)
    rows = [(Choice(words("quiz.begin"), f"quiz:begin:{occurrence.id}"),)]
    if has_material(occurrence, desk.house):
        rows.insert(0, (Choice(words("quiz.material"), f"quiz:material:{occurrence.id}"),))
    return Reply(text, tuple(rows))
