"""Words of self-harm or violence: help comes first, whatever else the message is, and somebody is told."""

from collections.abc import Callable
from dataclasses import replace

from handlers.codes import beside_code
from handlers.opening import HELPED, open_report
from handlers.report import add_and_reconsider
from handlers.turn import Turn
from nlp.crisis import Crisis, crisis_in
from nlp.crisis_book import CrisisKind
from nlp.normalise import normalise
from storage.cases import Case, last_case
from storage.crisis import mark_crisis
from storage.entries import last_reported, reported_text
from storage.messages import Reply

_LATELY = 20_000
"""Characters of a case in which the same words are looked for."""


def crisis_of(turn: Turn) -> Crisis | None:
    """The danger in what a person types in private; an officer's words for a form are about somebody else."""
    inbound = turn.inbound
    if inbound.choice is not None or inbound.in_group or not inbound.text:
        return None
    if turn.member is not None and turn.dialogue.flow in ("form", "task"):
        return None
    return crisis_in(inbound.text)


def with_help(turn: Turn, crisis: Crisis, go_on: Callable[[Turn], list[Reply]]) -> list[Reply]:
    """Help first, then the conversation as it would have gone on; the words are in a case afterwards.

    They are where the conversation put them, else in the case that is open here, else in one of their own.
    """
    again = turn.dialogue.data.get(HELPED) == _name(crisis)
    if turn.dialogue.flow == "report":
        turn.dialogue.data["asking"] = []  # nobody in danger is asked for the department
    newest, newest_case = last_reported(turn.session), last_case(turn.session)
    replies = go_on(turn)
    case = _case_here(turn)
    if case is None or last_reported(turn.session, case.id) <= newest:
        more, case = _keep(turn, case)
        replies = [*more, *replies]
    if case is not None:
        _tell(turn, case, crisis, announced=(case.id or 0) > newest_case)
    if turn.dialogue.flow:
        turn.dialogue.data[HELPED] = _name(crisis)
    return [help_reply(turn, crisis, again=again), *replies]


def help_reply(turn: Turn, crisis: Crisis, *, again: bool = False) -> Reply:
    """Whom to call, each number on a line of its own so that it can be tapped."""
    name = _name(crisis)
    if crisis.kind is CrisisKind.SELF_HARM:
        name += "_other" if crisis.other else "_again" if again else ""
    elif again:
        name = "violence_again"
    hospital = turn.house.hospital
    numbers = {"emergency": hospital.emergency_line, "line": hospital.crisis_line}
    text = turn.words(f"crisis.{name}", **numbers)
    if crisis.kind is CrisisKind.SELF_HARM and crisis.is_violent:
        text += "\n\n" + turn.words("crisis.and_violence")
    return Reply(text)


def _name(crisis: Crisis) -> str:
    """Whose words are said: what is past and over gets calmer ones."""
    return "violence_past" if crisis.past else crisis.kind.value


def _case_here(turn: Turn) -> Case | None:
    known = turn.dialogue.case_id
    case = turn.session.get(Case, known) if known is not None else None
    return case if case is not None and case.purged_at is None else None


def _keep(turn: Turn, case: Case | None) -> tuple[list[Reply], Case | None]:
    """Puts the words into the open case, or into a new one; a code beside them is nobody's to read."""
    text = beside_code(turn.inbound.text)
    here = replace(turn, inbound=replace(turn.inbound, text=text, files=()))
    if case is not None:
        if _has(turn, case, text):
            return [], case
        newest = last_reported(turn.session, case.id)
        replies = add_and_reconsider(here, case)
        if last_reported(turn.session, case.id) > newest:
            return replies, case
    replies = open_report(here, text)
    return replies, _case_here(turn)


def _has(turn: Turn, case: Case, text: str) -> bool:
    said = reported_text(turn.session, case.id or 0, vault=turn.house.vault)[-_LATELY:]
    return normalise(text).text in normalise(said).text


def _tell(turn: Turn, case: Case, crisis: Crisis, *, announced: bool) -> None:
    said = normalise(turn.inbound.text).text
    accused = any(word in said for word in turn.words("crisis.words_security").split())
    mark_crisis(
        turn.session, case, crisis, announced=announced, accused=accused, house=turn.house, now=turn.now
    )
