"""The last step of a form, and the buttons without one: the verb of the office is called once."""

from collections.abc import Callable, Sequence

from handlers.triage.actions import EVENT, Action, allowed_actions
from handlers.triage.asking import ask, colleagues
from handlers.triage.form import Form
from handlers.triage.showing import show_case, show_moved, take_over_card
from handlers.triage.steps import steps_for
from handlers.turn import Turn
from storage import triage
from storage.access import case_for, may_see, open_offices
from storage.cases import Case, Outcome
from storage.copies import count_copies
from storage.errors import CaseMoved, NobodyLeft
from storage.holds import hold_case, lift_hold
from storage.members import Member
from storage.messages import Reply
from storage.newcomers import look_through_case
from storage.recusal import lift_recusal, may_be_asked_to_recuse, recuse, recused_members
from storage.refusals import note_refusal
from storage.regrouping import part_with, take_out

Answers = dict[str, str]
Verb = Callable[[Turn, Case, Answers], None]
_GIVES_AWAY = (Action.TRANSFER, Action.RECUSE)


def finish(turn: Turn, form: Form) -> list[Reply]:
    """Does what the form was for; if the case has moved since it began, nothing changes."""
    case = case_for(turn.session, str(form.case_id), turn.officer, turn.house.hospital, now=turn.now)
    if _asks_for_copies(turn, case, form):
        return [ask(turn, form, turn.words("triage.copies_came", count=form.copies))]
    turn.dialogue.clear()
    unsent = form.last_text()
    if form.action in EVENT and case.version != form.version:
        return [show_moved(turn, case, form.action, unsent=unsent)]
    return [carry_out(turn, case, form.action, form.answers, form.labels, unsent=unsent)]


def _asks_for_copies(turn: Turn, case: Case, form: Form) -> bool:
    """Whether the same words came from others while the form was open: then that is asked first."""
    if "copies" not in (step.name for step in steps_for(form.action, "", copies=True)):
        return False
    if "copies" in form.answers or not (count := count_copies(turn.session, case)):
        return False
    form.copies, form.step = count, "copies"
    return True


def carry_out(
    turn: Turn, case: Case, action: Action, answers: Answers, labels: Answers, *, unsent: str = ""
) -> Reply:
    """The verb of an action, and the case as it stands afterwards."""
    hospital = turn.house.hospital
    if action not in allowed_actions(turn.session, case, turn.officer, hospital):
        note_refusal(turn.session, turn.officer, "action", case_id=case.id, now=turn.now, wish=action.value)
        return show_moved(turn, case, action, unsent=unsent)
    if action not in _GIVES_AWAY:  # the card of who gives a case away must not keep its text
        take_over_card(turn, case)
    if answers.get("copies") == "one":
        part_with(turn.session, case, house=turn.house, now=turn.now)
    copies = count_copies(turn.session, case)
    try:
        _VERBS[action](turn, case, answers)
    except CaseMoved:
        turn.session.refresh(case)
        return show_moved(turn, case, action, unsent=unsent)
    except NobodyLeft:
        return show_case(turn, case, news=turn.words("triage.nobody_left"), edit=True, looked=False)
    news = turn.words(f"triage.done_{action}", **{"number": case.number} | answers | labels)
    if copies and action in _REACHING:
        news += turn.words("triage.done_copies", count=copies)
    if not may_see(turn.session, case, turn.officer, hospital):
        return turn.reply("triage.gone", edit=True, toast=news, news=news)
    return show_case(turn, case, news=news, edit=True, looked=False)


def _accept(turn: Turn, case: Case, answers: Answers) -> None:
    triage.accept_case(turn.session, case, turn.officer, house=turn.house, now=turn.now)


def _investigate(turn: Turn, case: Case, answers: Answers) -> None:
    triage.start_investigation(turn.session, case, turn.officer, house=turn.house, now=turn.now)


def _transfer(turn: Turn, case: Case, answers: Answers) -> None:
    """An office that was left out, or closed, while the form was open takes no case.

    Who joined another office since the report was out of its reach then: they are looked for now.
    """
    office, before = answers["office"], case.version
    people = turn.desk.roster.people(turn.session, vault=turn.house.vault)
    look_through_case(turn.session, case, people, house=turn.house, now=turn.now)
    if case.version != before or case.sealed:
        raise CaseMoved("the case went elsewhere")
    if office not in open_offices(turn.session, case, [one.name for one in turn.house.hospital.offices]):
        raise CaseMoved("the office may not have the case")
    triage.transfer_case(
        turn.session, case, turn.officer, office, answers["reason"], house=turn.house, now=turn.now
    )


def _refuse(turn: Turn, case: Case, answers: Answers) -> None:
    triage.refuse_case(turn.session, case, turn.officer, answers["reason"], house=turn.house, now=turn.now)


def _ask(turn: Turn, case: Case, answers: Answers) -> None:
    triage.ask_reporter(turn.session, case, turn.officer, answers["question"], house=turn.house, now=turn.now)


def _note(turn: Turn, case: Case, answers: Answers) -> None:
    triage.add_note(turn.session, case, turn.officer, answers["note"], house=turn.house, now=turn.now)


def _close(turn: Turn, case: Case, answers: Answers) -> None:
    triage.close_case(
        turn.session,
        case,
        turn.officer,
        Outcome(answers["outcome"]),
        answers["disposition"],
        answers["answer"],
        referred_to=answers.get("referred_to", ""),
        duplicate_of=answers.get("duplicate_of", ""),
        house=turn.house,
        now=turn.now,
    )


def _reopen(turn: Turn, case: Case, answers: Answers) -> None:
    triage.reopen_case(turn.session, case, turn.officer, answers["reason"], house=turn.house, now=turn.now)


def _assign(turn: Turn, case: Case, answers: Answers) -> None:
    """A colleague who left, or was left out, while the form was open gets no case."""
    to = _one_of(colleagues(turn, case), answers["colleague"])
    triage.assign_case(turn.session, case, turn.officer, to, house=turn.house, now=turn.now)


def _recuse(turn: Turn, case: Case, answers: Answers) -> None:
    _leave_out(turn, case, turn.officer, answers)


def _recuse_other(turn: Turn, case: Case, answers: Answers) -> None:
    asked = may_be_asked_to_recuse(turn.session, case, turn.officer, turn.house.hospital)
    _leave_out(turn, case, _one_of(asked, answers["whom"]), answers)


def _leave_out(turn: Turn, case: Case, who: Member, answers: Answers) -> None:
    people = turn.desk.roster.people(turn.session, vault=turn.house.vault)
    recuse(
        turn.session, case, who, by=turn.officer, reason=answers.get("reason", ""), people=people,
        house=turn.house, now=turn.now,
    )  # fmt: skip


def _lift(turn: Turn, case: Case, answers: Answers) -> None:
    who = _one_of(recused_members(turn.session, case), answers["recused"])
    people = turn.desk.roster.people(turn.session, vault=turn.house.vault)
    lift_recusal(turn.session, case, who, by=turn.officer, people=people, house=turn.house, now=turn.now)


def _hold(turn: Turn, case: Case, answers: Answers) -> None:
    hold_case(turn.session, case, turn.officer, answers["reason"], house=turn.house, now=turn.now)


def _unhold(turn: Turn, case: Case, answers: Answers) -> None:
    lift_hold(turn.session, case, turn.officer, answers["reason"], house=turn.house, now=turn.now)


def _one_of(members: Sequence[Member], number: str) -> Member:
    """Whoever left, or was left out, while the form was open is not among them any more."""
    found = next((one for one in members if str(one.id) == number), None)
    if found is None:
        raise CaseMoved("this member is not on the case any more")
    return found


def _separate(turn: Turn, case: Case, answers: Answers) -> None:
    take_out(turn.session, case, turn.officer, house=turn.house, now=turn.now)


_REACHING = (
    Action.ACCEPT, Action.INVESTIGATE, Action.TRANSFER, Action.REFUSE, Action.CLOSE, Action.REOPEN,
)  # fmt: skip
"""What is decided for the copies as well."""
_VERBS: dict[Action, Verb] = {
    Action.ACCEPT: _accept,
    Action.INVESTIGATE: _investigate,
    Action.TRANSFER: _transfer,
    Action.REFUSE: _refuse,
    Action.ASK: _ask,
    Action.NOTE: _note,
    Action.CLOSE: _close,
    Action.REOPEN: _reopen,
    Action.ASSIGN: _assign,
    Action.SEPARATE: _separate,
    Action.RECUSE: _recuse,
    Action.RECUSE_OTHER: _recuse_other,
    Action.LIFT: _lift,
    Action.HOLD: _hold,
    Action.UNHOLD: _unhold,
}
