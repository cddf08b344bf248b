"""A sender who was blocked writes: nothing is kept, and once a day one sentence says where else to turn."""

from handlers.turn import Turn
from nlp.crisis import crisis_in
from storage.blocks import find_block, tell_once_a_day
from storage.messages import Reply

_READ = 20_000
"""Characters in which an urgent word is looked for."""


def held_back(turn: Turn, text: str) -> list[Reply] | None:
    """The answer to what would be kept of a blocked sender; None for everybody else.

    Urgent words always pass, whoever writes them. Reading one's own cases is no matter for this.
    """
    block = find_block(turn.session, turn.sender, vault=turn.house.vault, now=turn.now)
    if block is None or block.until is None or _presses(turn, text[:_READ]):
        return None
    if not tell_once_a_day(turn.session, block, now=turn.now):
        return []
    until = turn.house.local(block.until)
    hospital = turn.house.hospital
    date = {"month": str(until.month), "day": str(until.day)}
    said = turn.words("report.blocked", ways=hospital.other_ways, emergency=hospital.emergency_line, **date)
    return [Reply(said)]


def _presses(turn: Turn, text: str) -> bool:
    return bool(text) and (crisis_in(text) is not None or turn.desk.reader.read(text).urgent)
