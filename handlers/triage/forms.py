"""Fills in a form, step by step, from presses and typed words."""

from handlers.triage.actions import Action
from handlers.triage.asking import ask, form_name, options_for
from handlers.triage.finishing import finish
from handlers.triage.form import Form, form_in
from handlers.triage.showing import show_case
from handlers.triage.steps import FORMS, Step, StepKind
from handlers.turn import Turn
from nlp.commands import Answer, find_answer
from storage.access import case_for
from storage.cases import Case
from storage.copies import count_copies
from storage.errors import NoSuchCase
from storage.messages import Reply

_NOBODY = {
    "colleague": "triage.nobody_to_assign",
    "whom": "triage.nobody_to_recuse",
    "recused": "triage.nobody_recused",
}
"""What is said where a form would begin with nobody to choose from."""


def begin_form(turn: Turn, case: Case, action: Action) -> list[Reply]:
    """Opens the form of an action with its first question."""
    assert case.id is not None
    first = FORMS[action][0]
    if first.name in _NOBODY and not options_for(turn, case, first):
        said = turn.words(_NOBODY[first.name])
        return [Reply(said, toast=said)]
    copies = count_copies(turn.session, case)
    return [ask(turn, Form(action, case.id, case.version, first.name, copies=copies))]


def on_form_choice(turn: Turn, verb: str, ticket: str, option: str) -> list[Reply]:
    """A button of a form; one of an earlier question changes nothing."""
    form = form_in(turn.dialogue)
    if form is None:
        return [turn.reply("triage.form_over", toast=turn.words("triage.form_over"))]
    if ticket != form.ticket:
        return [ask(turn, form, turn.words("triage.stale_button"))]
    step = form.now_at
    match verb:
        case "cancel":
            return cancel_form(turn)
        case "pick" if option.isdecimal() and int(option[:4]) < len(form.options):
            return _pick(turn, form, *form.options[int(option)])
        case "skip" if step.optional:
            return _answer(turn, form, "", edit=True)
        case "send" if step.kind is StepKind.CONFIRM:
            return finish(turn, form)
        case "change" if step.kind is StepKind.CONFIRM:
            return _change(turn, form)
    return [ask(turn, form, turn.words("triage.stale_button"))]


def on_form_text(turn: Turn, form: Form) -> list[Reply]:
    """Typed words while a form is open."""
    text, step = turn.inbound.text.strip(), form.now_at
    if turn.inbound.files and not text:
        return [ask(turn, form, turn.words("triage.no_files_here"))]
    match step.kind:
        case StepKind.PICK:
            return _typed_pick(turn, form, text)
        case StepKind.CONFIRM:
            return _typed_confirmation(turn, form, text)
        case StepKind.NUMBER:
            return _number(turn, form, text)
    return _text(turn, form, step, text)


def cancel_form(turn: Turn) -> list[Reply]:
    """Nothing is sent; the case is shown again."""
    form = form_in(turn.dialogue)
    turn.dialogue.clear()
    if form is None:
        return [turn.reply("triage.form_over")]
    case = case_for(turn.session, str(form.case_id), turn.officer, turn.house.hospital, now=turn.now)
    news = turn.words("triage.cancelled", form=form_name(turn, form.action))
    return [show_case(turn, case, news=news, edit=True)]


def leave_form(turn: Turn) -> list[Reply]:
    """Another button was pressed in the middle: the form is put away, and that is said."""
    form = form_in(turn.dialogue)
    if form is None:
        return []
    turn.dialogue.clear()
    return [turn.reply("triage.left_form", form=form_name(turn, form.action))]


def _text(turn: Turn, form: Form, step: Step, text: str) -> list[Reply]:
    if step.optional and find_answer(text) is Answer.SKIP:
        return _answer(turn, form, "")
    if not any(character.isalnum() for character in text):
        return [ask(turn, form, turn.words("triage.empty"))]
    if len(text) > step.most:
        return [ask(turn, form, turn.words("triage.too_long", most=step.most, count=len(text)))]
    return _answer(turn, form, text)


def _typed_pick(turn: Turn, form: Form, text: str) -> list[Reply]:
    for label, value in form.options:
        if text == label:
            return _pick(turn, form, label, value)
    return [ask(turn, form, turn.words("triage.pick_one"))]


def _typed_confirmation(turn: Turn, form: Form, text: str) -> list[Reply]:
    if text == turn.words("desk.send") or find_answer(text) is Answer.YES:
        return finish(turn, form)
    if text == turn.words("desk.change"):
        return _change(turn, form)
    return [ask(turn, form, turn.words("triage.confirm_first"))]


def _number(turn: Turn, form: Form, text: str) -> list[Reply]:
    """The other case must exist, be another one, and be known to this officer."""
    try:
        other = case_for(turn.session, text, turn.officer, turn.house.hospital, now=turn.now)
    except NoSuchCase:
        return [ask(turn, form, turn.words("triage.no_such_duplicate"))]
    if form.case_id in (other.id, other.same_as):
        return [ask(turn, form, turn.words("triage.duplicate_of_itself"))]
    return _answer(turn, form, other.number)


def _pick(turn: Turn, form: Form, label: str, value: str) -> list[Reply]:
    form.labels[form.step] = label
    return _answer(turn, form, value, edit=True)


def _answer(turn: Turn, form: Form, value: str, *, edit: bool = False) -> list[Reply]:
    form.answers[form.step] = value
    following = form.following()
    if following is None:
        return finish(turn, form)
    form.step = following.name
    return [ask(turn, form, edit=edit)]


def _change(turn: Turn, form: Form) -> list[Reply]:
    """Back to the words for the reporter, which are what people want to change."""
    form.step = next(step.name for step in reversed(form.steps) if step.kind is StepKind.TEXT)
    return [ask(turn, form, edit=True)]
