"""The questions of a form: their words, buttons and choices."""

from collections.abc import Sequence

from handlers.triage.actions import Action
from handlers.triage.form import Form, keep_form
from handlers.triage.sight import Sight
from handlers.triage.steps import CLOSINGS, Step, StepKind
from handlers.triage.views import in_rows
from handlers.turn import Turn
from storage.access import case_for, handlers_of, open_offices
from storage.cases import Case, Outcome
from storage.copies import count_copies
from storage.members import Member
from storage.messages import Choice, Reply
from storage.recusal import may_be_asked_to_recuse, recused_members


def ask(turn: Turn, form: Form, problem: str = "", *, edit: bool = False) -> Reply:
    """The question that waits, after a word about what was wrong with the last answer."""
    case = case_for(turn.session, str(form.case_id), turn.officer, turn.house.hospital, now=turn.now)
    step = form.now_at
    form.options = options_for(turn, case, step) if step.kind is StepKind.PICK else []
    keep_form(form, turn.dialogue)
    rows = in_rows(
        [Choice(label, f"form:pick:{form.ticket}:{n}") for n, (label, _) in enumerate(form.options)], 2
    )
    values = form.answers | form.labels | {"number": case.number, "most": str(step.most)}
    if step.kind is StepKind.CONFIRM:
        values["told"] = told_to_reporter(turn, form)
        values["inside"] = _inside(turn, form)
        values["copies"] = _with_copies(turn, form)
    values["count"], values["days"] = str(form.copies), str(turn.house.hospital.retention.warning)
    text = turn.words(f"triage.{form.action}_{step.name}", **values)
    if form.copies and form.action is Action.ASK:
        text += "\n" + turn.words("triage.ask_only_here", count=form.copies)
    reply = turn.reply(
        "triage.question", (*rows, _buttons(turn, form, step)), edit=edit, problem=problem, text=text
    )
    return Reply(reply.text.strip(), reply.choices, edits=reply.edits, about=case.number)


def options_for(turn: Turn, case: Case, step: Step) -> list[list[str]]:
    """Label and value of everything that may be picked."""
    match step.name:
        case "office":
            offices = [office.name for office in turn.house.hospital.offices]
            return [[name, name] for name in open_offices(turn.session, case, offices)]
        case "colleague":
            return _named(turn, colleagues(turn, case))
        case "whom":
            asked = may_be_asked_to_recuse(turn.session, case, turn.officer, turn.house.hospital)
            return _named(turn, asked)
        case "recused":
            return _named(turn, recused_members(turn.session, case))
        case "copies":
            count = count_copies(turn.session, case)
            return [[turn.words(f"desk.copies_{which}", count=count), which] for which in ("all", "one")]
    return [[turn.words(f"card.outcome_{outcome}"), outcome.value] for outcome in CLOSINGS]


def _named(turn: Turn, members: Sequence[Member]) -> list[list[str]]:
    sight = Sight.of(turn)
    return [[sight.name(one.id), str(one.id)] for one in members]


def colleagues(turn: Turn, case: Case) -> list[Member]:
    """Who else may be given the case."""
    able = handlers_of(turn.session, case, turn.house.hospital)
    return [one for one in able if one.id != case.assignee_id]


def told_to_reporter(turn: Turn, form: Form) -> str:
    """What the reporter will read, in the very words."""
    outcome = form.answers.get("outcome", Outcome.NOT_ACCEPTED.value)
    text = form.answers.get("answer") or form.answers.get("reason", "")
    key = f"case.step_closed_{outcome}"
    return turn.words(key, text=text, office="") if turn.words.has(key) else text


def _inside(turn: Turn, form: Form) -> str:
    """What stays inside, one line each."""
    kept = [(name, form.answers.get(name, "")) for name in ("referred_to", "duplicate_of", "disposition")]
    return "".join(turn.words(f"triage.inside_{name}", text=text) + "\n" for name, text in kept if text)


def _with_copies(turn: Turn, form: Form) -> str:
    """Whom the decision also reaches, one line; empty where nobody else sent the same words."""
    which = form.answers.get("copies")
    return turn.words(f"triage.copies_{which}", count=form.copies) + "\n" if which and form.copies else ""


def _buttons(turn: Turn, form: Form, step: Step) -> list[Choice]:
    names = ["send", "change"] if step.kind is StepKind.CONFIRM else ["skip"] if step.optional else []
    own = f"desk.send_{form.action}"
    labels = {"send": own if turn.words.has(own) else "desk.send"}
    return [
        Choice(turn.words(labels.get(name, f"desk.{name}")), f"form:{name}:{form.ticket}")
        for name in [*names, "cancel"]
    ]


def form_name(turn: Turn, action: Action) -> str:
    """The form by the name of its button."""
    return turn.words(f"desk.{action}")
