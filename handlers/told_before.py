"""The same person sends the same words again: they belong to the case they opened, and open no other."""

from handlers.turn import Turn
from nlp.crisis import crisis_in
from storage.cases import Case, Status
from storage.entries import reported_text
from storage.likeness import SHORTEST, likeness_of, plain_form
from storage.messages import Reply

_LATELY = 20_000
"""Characters of a case, the last ones, in which they are looked for."""


def remember_told(turn: Turn, case_id: int, likeness: str) -> None:
    """Keeps with the dialogue which words opened which case; it goes when the dialogue does."""
    turn.dialogue.told = [case_id, likeness] if likeness else []


def told_before(turn: Turn, likeness: str) -> list[Reply]:
    """A kind word where these words opened a case a moment ago, which is taken up again; else nothing."""
    known = turn.dialogue.told
    if turn.inbound.files or not likeness or len(known) != 2 or known[1] != likeness:
        return []
    if crisis_in(turn.inbound.text) is not None:  # who is in danger is heard however often they say it
        return []
    case = turn.session.get(Case, known[0])
    if case is None or case.status is Status.CLOSED:
        return []
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.case_id = "report", case.id
    return [_kind_word(turn)]


def told_in(turn: Turn, case: Case) -> list[Reply]:
    """The same for words that the case has already; short answers may well repeat."""
    text = turn.inbound.text
    plain = "" if turn.inbound.files else plain_form(text)
    if len(plain) < SHORTEST or crisis_in(text) is not None:
        return []
    before = reported_text(turn.session, case.id or 0, vault=turn.house.vault)[-_LATELY - len(text) :]
    return [_kind_word(turn)] if plain in plain_form(before) else []


def likeness_here(turn: Turn, text: str) -> str:
    """By what these words are recognised; empty for few words."""
    return likeness_of(text, vault=turn.house.vault)


def _kind_word(turn: Turn) -> Reply:
    return turn.reply("report.same_again", ((turn.button("back", "back"),),))
