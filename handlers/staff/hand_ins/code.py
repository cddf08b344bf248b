"""The code of an anonymous hand-in is given: how it stands, the confirmation, or taking it back.

Anybody may come with it, from any chat. Nothing is kept of who came: no dialogue, no button with its number.
"""

from handlers.staff.hand_ins.words import confirmation_lines
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.errors import HandInMoved
from storage.hand_ins.giving import hand_in_by_code, take_back
from storage.hand_ins.rows import HandIn, HandInState
from storage.messages import Reply


def on_hand_in_code(turn: Turn, code: str, beside: str) -> list[Reply] | None:
    """What a code opens, `beside` being the words around it; None where it is none of a hand-in.

    The caller has seen to it that whoever guesses waits.
    """
    row = hand_in_by_code(turn.session, code, vault=turn.house.vault)
    if row is None:
        return None
    turn.dialogue.clear()
    if "".join(filter(str.isalnum, beside)) in turn.words("hand_in.words_recall").split():
        return [Reply(_taken_back(turn, row))]
    return [Reply(_shown(turn, row))]


def _taken_back(turn: Turn, row: HandIn) -> str:
    number, office = row.number, turn.house.hospital.discipline_office
    try:
        take_back(turn.session, row, by=None, house=turn.house, now=turn.now)
    except HandInMoved:
        late = turn.words("hand_in.recall_late", office=office)
        return _shown(turn, row) if row.state is HandInState.WITHDRAWN else f"{late}\n\n{_shown(turn, row)}"
    return turn.words("hand_in.recalled", number=number)


def _shown(turn: Turn, row: HandIn) -> str:
    lines = confirmation_lines(row, Sight.of(turn))
    if row.state is HandInState.REPORTED:
        lines += ["", turn.words("hand_in.anon_recall_hint")]
    return "\n".join(lines)
