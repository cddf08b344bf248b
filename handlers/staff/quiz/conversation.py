"""Training of staff by buttons and words: beginning a quiz, going on with it, practice, material."""

from collections.abc import Callable, Mapping, Sequence
from random import Random, SystemRandom
from typing import Any

from handlers.staff.quiz.doors import find_occurrence, is_taken_back, next_quiz
from handlers.staff.quiz.material import has_material, material_reply
from handlers.staff.quiz.sitting import on_step, show_sitting
from handlers.staff.quiz.views import list_button, local_words, practice_button
from handlers.triage.form import form_in
from handlers.triage.forms import leave_form
from handlers.turn import Turn
from nlp.normalise import normalise
from storage.duties.assignments import Assignment, AssignmentState, find_assignment
from storage.duties.book import Proof
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.messages import Choice, Reply
from storage.outbox import announce
from storage.staff.employees import Employee, employee_of
from storage.training.examining import NoQuestions, StudyFirst, begin, practise, quiz_of, unfinished_of

_CHANCE: Random = SystemRandom()
_STEPS = ("pick", "sure", "next")
Conversation = Callable[[Turn, Employee, Sequence[str]], list[Reply]]


def on_quiz_choice(turn: Turn, argument: str) -> list[Reply]:
    """A button `quiz:VERB[:NUMBER[:…]]`, in a private chat or a group."""
    verb, *arguments = argument.split(":")
    employee = employee_of(turn.session, turn.member)
    if employee is None:
        said = turn.words("quiz.no_employee")
        return [Reply("" if turn.inbound.in_group else said, toast=said)]
    if turn.inbound.in_group:
        return _in_group(turn, employee, verb, arguments)
    left = leave_form(turn) if form_in(turn.dialogue) is not None else []
    if verb in _STEPS:
        return [*left, *on_step(turn, employee, verb, arguments)]
    conversation = _VERBS.get(verb)
    return [*left, *(conversation(turn, employee, arguments) if conversation else _told(turn, "quiz.gone"))]


def on_quiz_command(turn: Turn) -> list[Reply] | None:
    """练习, 答题; None for other words, and for these in the middle of an officer's form."""
    said = normalise(turn.inbound.text).text.strip().lower()
    word = said.removeprefix("/").partition("@")[0]
    practice = word in turn.words("quiz.words_practice").split()
    if not practice and word not in turn.words("quiz.words_resume").split():
        return None
    if form_in(turn.dialogue) is not None and not said.startswith("/"):
        return None
    employee = employee_of(turn.session, turn.member)
    if employee is None:
        return _told(turn, "quiz.no_employee")
    left = leave_form(turn) if form_in(turn.dialogue) is not None else []
    return [*left, *(_practice(turn, employee, ()) if practice else _resume(turn, employee))]


def _in_group(turn: Turn, employee: Employee, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """In a group nothing is asked: it goes on in the private chat of whoever pressed."""
    if verb not in ("begin", "material"):
        return [Reply("", toast=turn.words("quiz.only_private"))]
    occurrence = find_occurrence(turn, arguments)
    if occurrence is None or find_assignment(turn.session, occurrence, employee) is None:
        return [Reply("", toast=turn.words("quiz.not_yours"))]
    to = f"member:{turn.officer.id}"
    announce(turn.session, to, f"quiz.{verb}", now=turn.now, occurrence=occurrence.id)
    key = "quiz.to_private" if verb == "begin" else "quiz.material_to_private"
    return [Reply("", toast=turn.words(key))]


def _begin(turn: Turn, employee: Employee, arguments: Sequence[str]) -> list[Reply]:
    occurrence = find_occurrence(turn, arguments)
    assignment = find_assignment(turn.session, occurrence, employee) if occurrence else None
    if occurrence is None or assignment is None or occurrence.proof is not Proof.QUIZ:
        return _told(turn, "quiz.not_yours")
    return _refused(turn, occurrence, assignment) or _sit_down(turn, employee, occurrence, assignment)


def _refused(turn: Turn, occurrence: Occurrence, assignment: Assignment) -> list[Reply]:
    """Why there is nothing to be answered; nothing where there is."""
    if is_taken_back(occurrence):
        return _told(turn, "quiz.stopped")
    if occurrence.stage is OccurrenceStage.PLANNED:
        return _told(turn, "quiz.not_yet")
    if assignment.passed:
        return _told(turn, "quiz.passed_already", score=assignment.score)
    if assignment.state is AssignmentState.DONE:
        return _told(turn, "quiz.done_already")
    return []


def _sit_down(turn: Turn, employee: Employee, occurrence: Occurrence, assignment: Assignment) -> list[Reply]:
    quiz = quiz_of(occurrence, turn.house)
    try:
        sitting = begin(
            turn.session, assignment, employee, quiz, house=turn.house, chance=_CHANCE, now=turn.now
        )
    except StudyFirst as pause:
        rows = [[practice_button(turn.words)]]
        if has_material(occurrence, turn.house):
            rows.insert(0, [Choice(turn.words("quiz.material"), f"quiz:material:{occurrence.id}")])
        return [turn.reply("quiz.pause", rows, at=local_words(pause.until, turn))]
    except NoQuestions:
        return _told(turn, "quiz.no_questions")
    count = len(sitting.questions)
    above = turn.words("quiz.intro", title=occurrence.title, count=count, mark=quiz.pass_mark)
    if sitting.marks or sitting.ticked:
        above = turn.words("quiz.resumed")
    return show_sitting(turn, employee, sitting, above=above)


def _practice(turn: Turn, employee: Employee, _: Sequence[str]) -> list[Reply]:
    sitting = practise(turn.session, employee, house=turn.house, chance=_CHANCE, now=turn.now)
    above = turn.words("quiz.intro_practice", count=len(sitting.questions))
    return show_sitting(turn, employee, sitting, above="" if sitting.marks else above)


def _resume(turn: Turn, employee: Employee) -> list[Reply]:
    """What was begun last; otherwise the quiz that is due first."""
    sitting = unfinished_of(turn.session, employee, house=turn.house, now=turn.now)
    if sitting is not None and sitting.marks:
        return on_step(turn, employee, "show", (str(sitting.id),))
    occurrence = next_quiz(turn, employee)
    if occurrence is not None:
        return _begin(turn, employee, (str(occurrence.id),))
    return _told(turn, "quiz.nothing_open")


def _material(turn: Turn, _: Employee, arguments: Sequence[str]) -> list[Reply]:
    occurrence = find_occurrence(turn, arguments)
    return material_reply(turn, occurrence) if occurrence else _told(turn, "quiz.not_yours")


def _told(turn: Turn, key: str, **values: Any) -> list[Reply]:
    rows = [[practice_button(turn.words), list_button(turn.words)]] if key != "quiz.no_employee" else []
    return [turn.reply(key, rows, toast=turn.words(key, **values), **values)]


_VERBS: Mapping[str, Conversation] = {"begin": _begin, "practice": _practice, "material": _material}
