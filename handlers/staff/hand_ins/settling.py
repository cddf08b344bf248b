"""How a hand-in ends: the way, the number of receipt or voucher, proof, a remark, and a last look."""

from collections.abc import Callable
from dataclasses import asdict

from handlers.staff.hand_ins.ending import (
    BEFORE,
    FLOW,
    MORE,
    NOTE,
    PROOF,
    REASON,
    REFERENCE,
    SURE,
    Ending,
    ask_ending,
)
from handlers.staff.hand_ins.views import Rows, button, hand_in_view
from handlers.triage.sight import Sight
from handlers.turn import Turn
from nlp.commands import Answer, Command, find_answer, find_command
from storage.errors import HandInMoved, NoSuchHandIn
from storage.hand_ins.access import hand_in_for, may_settle
from storage.hand_ins.handling import LONGEST_NOTE, LONGEST_REFERENCE, MOST_FILES, add_proof, refuse, settle
from storage.hand_ins.rows import HandIn, HandInState, Settled, Way
from storage.messages import Reply, StoredFile


def on_way(turn: Turn, row: HandIn, version: int, rest: list[str]) -> list[Reply]:
    """办结: first which way it went. Raises HandInMoved."""
    _check(turn, row, version, HandInState.RECEIVED)
    if rest and rest[0] in set(Way):
        return [ask_ending(turn, row, Ending(row.id or 0, version, way=rest[0]), REFERENCE, edit=True)]
    sight = Sight.of(turn)
    ways = tuple((button(sight, f"way_{way}", f"way:{row.id}:{version}:{way}"),) for way in Way)
    rows = (*ways, (button(sight, "leave", f"open:{row.id}"),))
    return [turn.reply("hand_in.choose_way", rows, edit=True, number=row.number)]


def on_refuse(turn: Turn, row: HandIn, version: int, _rest: list[str]) -> list[Reply]:
    """不受理: asks for the reason. Raises HandInMoved."""
    _check(turn, row, version, HandInState.REPORTED, HandInState.RECEIVED)
    return [ask_ending(turn, row, Ending(row.id or 0, version), REASON, edit=True)]


def on_proof(turn: Turn, row: HandIn, version: int, _rest: list[str]) -> list[Reply]:
    """补凭证, once it is settled. Raises HandInMoved."""
    if row.state is not HandInState.SETTLED or version != row.version:
        raise HandInMoved("the hand-in has moved")
    return [ask_ending(turn, row, Ending(row.id or 0, version), MORE, edit=True)]


def on_ending_choice(turn: Turn, argument: str) -> list[Reply] | None:
    """A button below a question (`end:skip`, `end:back`, `end:TICKET`); None where none is open."""
    found = _here(turn)
    if found is None:
        return None
    row, ending = found
    step = turn.dialogue.step
    if argument == "back" and step in BEFORE:
        return [ask_ending(turn, row, ending, BEFORE[step], edit=True)]
    if argument == "skip" and step in (PROOF, NOTE):
        return [ask_ending(turn, row, ending, NOTE if step == PROOF else SURE, edit=True)]
    if step == SURE and argument and argument == ending.ticket:
        return _settle(turn, row, ending)
    return [ask_ending(turn, row, ending, step)]


def on_ending_words(turn: Turn) -> list[Reply]:
    """What is typed or sent while an end is being told."""
    found = _here(turn)
    if found is None:
        turn.dialogue.clear()
        return [turn.reply("hand_in.not_found")]
    row, ending = found
    if not turn.inbound.files and find_command(turn.inbound.text) is Command.BACK:
        step = BEFORE.get(turn.dialogue.step)
        if step is not None:
            return [ask_ending(turn, row, ending, step)]
        turn.dialogue.clear()
        return [hand_in_view(row, turn.officer, Sight.of(turn))]
    try:
        return _HEARD[turn.dialogue.step](turn, row, ending)
    except HandInMoved:
        turn.dialogue.clear()
        turn.session.refresh(row)
        return [hand_in_view(row, turn.officer, Sight.of(turn), news=turn.words("hand_in.moved"))]


def _on_reference(turn: Turn, row: HandIn, ending: Ending) -> list[Reply]:
    text = turn.inbound.text.strip()
    if not any(map(str.isalnum, text)) or len(text) > LONGEST_REFERENCE:
        key = "reference_long" if len(text) > LONGEST_REFERENCE else "reference_short"
        before = turn.words(f"hand_in.{key}", most=LONGEST_REFERENCE)
        return [ask_ending(turn, row, ending, REFERENCE, before=before)]
    ending.reference = text
    return [ask_ending(turn, row, ending, PROOF)]


def _on_proof_sent(turn: Turn, row: HandIn, ending: Ending) -> list[Reply]:
    if not turn.inbound.files:
        skipped = find_answer(turn.inbound.text) is Answer.SKIP
        return [ask_ending(turn, row, ending, NOTE if skipped else PROOF)]
    ending.files += [asdict(file) for file in turn.inbound.files[: MOST_FILES - len(ending.files)]]
    return [ask_ending(turn, row, ending, PROOF)]


def _on_note(turn: Turn, row: HandIn, ending: Ending) -> list[Reply]:
    text = turn.inbound.text.strip()
    if len(text) > LONGEST_NOTE:
        before = turn.words("hand_in.note_long", most=LONGEST_NOTE)
        return [ask_ending(turn, row, ending, NOTE, before=before)]
    skipped = find_answer(text) in (Answer.SKIP, Answer.NO) or text == turn.words("hand_in.no_note")
    ending.note = "" if skipped else text
    return [ask_ending(turn, row, ending, SURE)]


def _on_sure(turn: Turn, row: HandIn, ending: Ending) -> list[Reply]:
    if find_answer(turn.inbound.text) is Answer.YES or turn.inbound.text == turn.words("hand_in.confirm"):
        return _settle(turn, row, ending)
    return [ask_ending(turn, row, ending, SURE)]


def _on_reason(turn: Turn, row: HandIn, ending: Ending) -> list[Reply]:
    text = turn.inbound.text.strip()
    if not any(map(str.isalnum, text)) or len(text) > LONGEST_NOTE:
        key = "note_long" if text else "ask_reason"
        return [ask_ending(turn, row, ending, REASON, before=turn.words(f"hand_in.{key}", most=LONGEST_NOTE))]
    version = ending.version
    refuse(turn.session, row, turn.officer, text, version=version, house=turn.house, now=turn.now)
    turn.dialogue.clear()
    return [turn.reply("hand_in.refused", _to_list(turn), number=row.number)]


def _on_more(turn: Turn, row: HandIn, ending: Ending) -> list[Reply]:
    if not turn.inbound.files:
        return [ask_ending(turn, row, ending, MORE)]
    files = turn.inbound.files
    count = add_proof(turn.session, row, turn.officer, files, house=turn.house, now=turn.now)
    turn.dialogue.clear()
    said = turn.words("hand_in.proof_kept", count=count) if count else turn.words("hand_in.proof_full")
    return [hand_in_view(row, turn.officer, Sight.of(turn), news=said)]


def _settle(turn: Turn, row: HandIn, ending: Ending) -> list[Reply]:
    turn.dialogue.clear()
    try:
        settle(
            turn.session, row, turn.officer, Way(ending.way), Settled(ending.reference, ending.note),
            files=[StoredFile(**one) for one in ending.files], version=ending.version, house=turn.house,
            now=turn.now,
        )  # fmt: skip
    except HandInMoved:
        turn.session.refresh(row)
        return [hand_in_view(row, turn.officer, Sight.of(turn), news=turn.words("hand_in.moved"))]
    return [turn.reply("hand_in.settled", _to_list(turn), edit=True, number=row.number)]


def _here(turn: Turn) -> tuple[HandIn, Ending] | None:
    """The hand-in whose end is being told, and what was told; None where there is none, or no more."""
    if turn.dialogue.flow != FLOW:
        return None
    ending = Ending(**turn.dialogue.data)
    try:
        row = hand_in_for(turn.session, ending.hand_in, turn.officer, house=turn.house, now=turn.now)
    except NoSuchHandIn:
        return None
    return row, ending


def _check(turn: Turn, row: HandIn, version: int, *states: HandInState) -> None:
    able = may_settle(turn.session, row, turn.officer, house=turn.house)
    if version != row.version or row.state not in states or not able:
        raise HandInMoved("the hand-in has moved")


def _to_list(turn: Turn) -> Rows:
    return ((button(Sight.of(turn), "list_none", "list:0"),),)


_HEARD: dict[str, Callable[[Turn, HandIn, Ending], list[Reply]]] = {
    REFERENCE: _on_reference, PROOF: _on_proof_sent, NOTE: _on_note, SURE: _on_sure, REASON: _on_reason,
    MORE: _on_more,
}  # fmt: skip
