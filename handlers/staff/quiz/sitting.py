"""Goes through a sitting: shows where it stands, takes an answer, goes on, tells the result, or ends it."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from handlers.staff.quiz.doors import find_sitting, held_for, is_taken_back, number_in, on_screen
from handlers.staff.quiz.material import has_material
from handlers.staff.quiz.typed import LONGEST, Typed, typed_answer
from handlers.staff.quiz.views import (
    answered_view,
    list_button,
    practice_button,
    practised_view,
    question_view,
    result_view,
)
from handlers.turn import Turn
from storage.duties.occurrences import Occurrence
from storage.messages import Reply
from storage.staff.employees import Employee, employee_of
from storage.training.examining import Outcome, finish, outcome_of, quiz_of
from storage.training.questions import Kind, Question
from storage.training.sittings import (
    Sitting,
    SittingState,
    answer,
    close_sitting,
    drop_lost_questions,
    go_on,
    tick,
)

FLOW = "quiz"


def show_sitting(turn: Turn, employee: Employee, sitting: Sitting, *, above: str = "") -> list[Reply]:
    """Where it stands now, in place of the pressed message; what is typed from here on is an answer."""
    if sitting.state is not SittingState.OPEN:
        return _over(turn, sitting)
    question = on_screen(turn, sitting)
    if question is None:
        if sitting.is_answered:  # there is nothing left to explain it with
            go_on(turn.session, sitting)
        drop_lost_questions(turn.session, sitting, turn.house.questions)
        question = on_screen(turn, sitting)
    if question is None:
        return _result(turn, employee, sitting)
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.data = FLOW, {"sitting": sitting.id}
    if sitting.is_answered:
        shown = answered_view(sitting, question, turn)
    else:
        shown = question_view(sitting, question, turn, above=above)
    return [replace(shown, edits=turn.inbound.pressed)]


def on_step(turn: Turn, employee: Employee, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """A button under a question: `VERB:SITTING:POSITION[:CHOICE]`; that of an earlier one does nothing."""
    sitting = find_sitting(turn, employee, number_in(arguments))
    if sitting is None:
        return _said(turn, "quiz.gone")
    if sitting.state is SittingState.OPEN and is_taken_back(held_for(turn, sitting)):
        return _stop(turn, sitting)
    if sitting.state is SittingState.OPEN and number_in(arguments, 1) == sitting.position:
        question = on_screen(turn, sitting)
        if sitting.is_answered and verb == "next":
            return _onward(turn, employee, sitting)
        if question is not None and not sitting.is_answered:
            return _on_question(turn, employee, sitting, question, verb, number_in(arguments, 2))
    return show_sitting(turn, employee, sitting)


def on_quiz_text(turn: Turn) -> list[Reply] | None:
    """What is typed while a question is on the screen; None where it is no answer."""
    text, employee = turn.inbound.text, employee_of(turn.session, turn.member)
    if employee is None or turn.inbound.files or not text or len(text) > LONGEST:
        return None
    sitting = find_sitting(turn, employee, turn.dialogue.data.get("sitting"))
    if sitting is None or sitting.state is not SittingState.OPEN:
        return None
    question = on_screen(turn, sitting)
    typed = typed_answer(text, question, turn.words) if question is not None else None
    if question is None or typed is None:
        return None
    if is_taken_back(held_for(turn, sitting)):
        return _stop(turn, sitting)
    if sitting.is_answered:
        return _typed_after(turn, employee, sitting, typed)
    return _typed(turn, employee, sitting, question, typed)


def _on_question(
    turn: Turn, employee: Employee, sitting: Sitting, question: Question, verb: str, shown: int | None
) -> list[Reply]:
    if verb == "pick" and shown is not None and shown < question.count:
        return _pick(turn, employee, sitting, question, {shown})
    if verb == "sure" and question.kind is Kind.MULTIPLE:
        return _submit(turn, employee, sitting, question)
    return show_sitting(turn, employee, sitting)


def _pick(
    turn: Turn, employee: Employee, sitting: Sitting, question: Question, shown: Collection[int]
) -> list[Reply]:
    """One choice of several is ticked; anything else is the answer."""
    if question.kind is Kind.MULTIPLE and len(shown) == 1:
        tick(turn.session, sitting, min(shown))
    else:
        answer(turn.session, sitting, question, shown)
    return show_sitting(turn, employee, sitting)


def _submit(turn: Turn, employee: Employee, sitting: Sitting, question: Question) -> list[Reply]:
    if not sitting.ticked:
        said = turn.words("quiz.tick_first")
        return [replace(one, toast=said) for one in show_sitting(turn, employee, sitting, above=said)]
    answer(turn.session, sitting, question, {int(place) for place in sitting.ticked})
    return show_sitting(turn, employee, sitting)


def _typed(turn: Turn, employee: Employee, sitting: Sitting, question: Question, typed: Typed) -> list[Reply]:
    if typed.sure and question.kind is Kind.MULTIPLE:
        return _submit(turn, employee, sitting, question)
    if not typed.shown:
        key = "quiz.type_judge" if question.kind is Kind.JUDGE else "quiz.type_letter"
        return show_sitting(turn, employee, sitting, above=turn.words(key))
    return _pick(turn, employee, sitting, question, typed.shown)


def _typed_after(turn: Turn, employee: Employee, sitting: Sitting, typed: Typed) -> list[Reply]:
    if typed.onward or typed.sure:
        return _onward(turn, employee, sitting)
    [shown] = show_sitting(turn, employee, sitting)
    return [replace(shown, text=turn.words("quiz.answered_already"))]


def _onward(turn: Turn, employee: Employee, sitting: Sitting) -> list[Reply]:
    go_on(turn.session, sitting)
    return show_sitting(turn, employee, sitting)


def _result(turn: Turn, employee: Employee, sitting: Sitting) -> list[Reply]:
    turn.dialogue.clear()
    occurrence = held_for(turn, sitting)
    outcome = finish(turn.session, sitting, employee, occurrence, house=turn.house, now=turn.now)
    shown = practised_view(outcome, turn) if occurrence is None else _result_of(turn, outcome, occurrence)
    return [replace(shown, edits=turn.inbound.pressed)]


def _result_of(turn: Turn, outcome: Outcome, occurrence: Occurrence) -> Reply:
    quiz, material = quiz_of(occurrence, turn.house), has_material(occurrence, turn.house)
    return result_view(outcome, occurrence, quiz, turn, has_material=material)


def _over(turn: Turn, sitting: Sitting) -> list[Reply]:
    """A button of a sitting that has ended: its result once more."""
    occurrence = held_for(turn, sitting)
    if occurrence is None or sitting.state is SittingState.CLOSED:
        return _said(turn, "quiz.stopped")
    shown = _result_of(turn, outcome_of(sitting, occurrence, house=turn.house), occurrence)
    return [replace(shown, edits=turn.inbound.pressed)]


def _stop(turn: Turn, sitting: Sitting) -> list[Reply]:
    """The quiz was taken back in the middle."""
    close_sitting(turn.session, sitting, now=turn.now)
    turn.dialogue.clear()
    return _said(turn, "quiz.stopped")


def _said(turn: Turn, key: str) -> list[Reply]:
    return [turn.reply(key, [[practice_button(turn.words), list_button(turn.words)]], toast=turn.words(key))]
