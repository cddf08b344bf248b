"""How a form looks: a piece of text, a question with large buttons, the summary, what was signed."""

from collections.abc import Mapping

from handlers.staff.duties.finding import list_row
from handlers.staff.forms.steps import NO, YES, Step, before, why_key
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.duties.book import Form, FormKind, FormQuestion
from storage.duties.mine import Owing
from storage.duties.promises import Promise, answers_in, signature_in, text_signed
from storage.errors import SealError
from storage.messages import Choice, Reply

Row = tuple[Choice, ...]


def step_view(
    turn: Turn, owed: Owing, form: Form, step: Step, answers: Mapping[str, str], news: str = ""
) -> Reply:
    """What is read or asked now."""
    number, rows = owed.occurrence.id, list[Row]()
    title = turn.words("forms.title", title=form.title)
    match step.kind:
        case "read":
            text, rows = step.piece, [(_go(turn, number, step),)]
        case "ask" if step.question is not None:
            text, rows = _asked(turn, form, step.question), _answers(turn, number, step, step.question)
        case "why" if step.question is not None:
            text, rows = turn.words("forms.why", question=step.question.text), []
        case _:
            text, rows = summary(turn, form, answers), _confirm(turn, form, number)
    back = Choice(turn.words("forms.back"), f"fill:back:{number}:{step.number}")
    later = Choice(turn.words("forms.pause"), f"fill:pause:{number}")
    ways: Row = (back, later) if before(form, step, answers) != step else (later,)
    said = "\n\n".join(filter(None, [news, f"{title}\n{text}"]))
    return Reply(said, (*rows, ways), edits=turn.inbound.pressed)


def summary(turn: Turn, form: Form, answers: Mapping[str, str]) -> str:
    """All questions with what was answered, and what comes next."""
    sign = turn.words("forms.sign" if form.sign else "forms.confirm")
    return "\n".join(filter(None, [answer_lines(turn, form, answers), sign]))


def answer_lines(turn: Turn, form: Form, answers: Mapping[str, str]) -> str:
    """A line for each question."""
    lines = []
    for place, question in enumerate(form.questions, 1):
        answer = _answer_words(turn, question, answers.get(question.key, ""))
        lines.append(turn.words("forms.line", place=place, question=question.text, answer=answer))
        why = answers.get(why_key(question), "") if answers.get(question.key) == YES else ""
        lines += [turn.words("forms.line_why", why=why)] if why else []
    return "\n".join(lines)


def signed_view(turn: Turn, promise: Promise) -> Reply:
    """What somebody signed, in the words that they signed."""
    form, at = text_signed(turn.session, promise), promise.signed_at or turn.now
    try:
        answers = answers_in(promise, vault=turn.house.vault)
        name = signature_in(promise, vault=turn.house.vault)
    except SealError:
        return turn.reply("duties.unopened", (list_row(turn),), edit=True)
    signed = turn.words("forms.signed_by" if name else "forms.sent_at", name=name, at=Sight.of(turn).at(at))
    lines = [
        turn.words("forms.title", title=form.title),
        form.text,
        answer_lines(turn, form, answers),
        signed,
    ]
    return Reply("\n\n".join(filter(None, lines)), (list_row(turn),), edits=turn.inbound.pressed)


def _asked(turn: Turn, form: Form, question: FormQuestion) -> str:
    place = form.questions.index(question) + 1
    head = turn.words("forms.question", place=place, count=len(form.questions), question=question.text)
    how = turn.words(f"forms.how_{question.kind}")
    return "\n".join(filter(None, [head, how]))


def _answers(turn: Turn, number: int | None, step: Step, question: FormQuestion) -> list[Row]:
    rows: list[Row] = []
    if question.kind is FormKind.YES_NO:
        rows.append(tuple(_pick(turn.words(f"forms.{one}"), number, step, one) for one in (YES, NO)))
    if question.kind is FormKind.CHOICE:
        rows += [(_pick(label, number, step, str(at)),) for at, label in enumerate(question.choices)]
    if question.optional:
        rows.append((_pick(turn.words("forms.skip"), number, step, "skip"),))
    return rows


def _answer_words(turn: Turn, question: FormQuestion, answer: str) -> str:
    if not answer:
        return turn.words("forms.no_answer")
    if question.kind is FormKind.YES_NO:
        return turn.words(f"forms.{answer}")
    return answer


def _confirm(turn: Turn, form: Form, number: int | None) -> list[Row]:
    """A form that is signed is confirmed by typing one's name."""
    return [] if form.sign else [(Choice(turn.words("forms.send"), f"fill:send:{number}"),)]


def _go(turn: Turn, number: int | None, step: Step) -> Choice:
    return Choice(turn.words("forms.go"), f"fill:go:{number}:{step.number}")


def _pick(label: str, number: int | None, step: Step, answer: str) -> Choice:
    return Choice(label, f"fill:pick:{number}:{step.number}:{answer}")
