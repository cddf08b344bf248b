"""A receipt code is given: tells it from a story with a number in it, and opens the case."""

import re
from dataclasses import replace

from handlers import returning
from handlers.staff.hand_ins.code import on_hand_in_code
from handlers.turn import Turn
from nlp.commands import find_receipt
from nlp.crisis import crisis_in
from nlp.normalise import normalise
from nlp.taxonomy import Intent
from storage.cases import Case
from storage.event_names import EventName
from storage.messages import Reply
from storage.receipts import find_by_code, must_wait, note_wrong_guess
from storage.tallies import count_up

_CODE = re.compile(r"\d(?:[ \-.·—–‐‑‒−－ー~/_]{0,3}\d){15}")
_BESIDE_NUMBER, _MORE, _STORY = 2, 4, 24
"""Letters that are something to keep: beside a number in an open case, beside a code, and in any case."""


def on_code_text(turn: Turn) -> list[Reply] | None:
    """A code was given: the case, or one sentence that tells nothing about what exists.

    None where the message is no code but a story, perhaps with the number of a bank card in it.
    """
    code = find_receipt(turn.inbound.text)
    waits = must_wait(turn.session, turn.sender, now=turn.now)
    case = find_by_code(turn.session, code, vault=turn.house.vault) if code and not waits else None
    if case is not None:
        return _come_back(turn, case)
    if code and case is None and not waits:
        given_up = on_hand_in_code(turn, code, beside_code(turn.inbound.text))
        if given_up is not None:
            return given_up
        note_wrong_guess(turn.session, turn.sender, channel=turn.inbound.channel, now=turn.now)
        count_up(turn.session, EventName.WRONG_CODES, now=turn.now)
    if _tells_more(turn, beside_code(turn.inbound.text)):
        return None
    if returning.case_of(turn) is None:
        turn.dialogue.clear()
        turn.dialogue.flow = "code"
    if waits:
        return [turn.reply("case.wait", ((turn.button("back", "back"),),))]
    rows = ((turn.button("report", "report"), turn.button("back", "back")),)
    days = turn.house.hospital.retention.content
    return [turn.reply("case.wrong_code" if code else "case.no_code", rows, days=days)]


def _come_back(turn: Turn, case: Case) -> list[Reply]:
    """Opens the case; what was said beside the code is added, without the code."""
    rest = beside_code(turn.inbound.text)
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.case_id = "case", case.id
    says_more = _count_letters(turn, rest) >= _MORE or crisis_in(rest) is not None
    if not turn.inbound.files and not says_more:
        return [returning.show(turn, case)]
    words = rest if says_more else ""
    added = returning.on_message(replace(turn, inbound=replace(turn.inbound, text=words)))
    return [*(Reply(reply.text) for reply in added), returning.show(turn, case)]


def beside_code(text: str) -> str:
    """What was written beside the sixteen digits: the code itself is for nobody else's eyes."""
    return _CODE.sub("", text).strip()


def _count_letters(turn: Turn, rest: str) -> int:
    """How many letters the rest has beyond the words that usually stand around a code."""
    said = normalise(rest).text
    for word in turn.words("case.words_around_code").split():
        said = said.replace(word, "")
    return sum(map(str.isalnum, said))


def _tells_more(turn: Turn, rest: str) -> bool:
    """Whether a message without a known code is something to keep: in an open case, or by how it reads."""
    if turn.inbound.files or crisis_in(rest) is not None:
        return True
    letters = _count_letters(turn, rest)
    if returning.case_of(turn) is not None:
        return letters >= _BESIDE_NUMBER
    if letters < _MORE:
        return False
    told = turn.desk.reader.read(turn.inbound.text).intent in (Intent.REPORT, Intent.COMPLAINT)
    return told or letters >= _STORY
