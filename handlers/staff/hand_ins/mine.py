"""What somebody gave up by name: a list, the confirmation, the slip, and taking it back."""

from collections.abc import Sequence

from handlers.staff.hand_ins.asking import choice, ways_out
from handlers.staff.hand_ins.words import confirmation_lines, state_words
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.errands import ErrandKind, ask_for
from storage.errors import HandInMoved
from storage.hand_ins.giving import hand_ins_of, take_back
from storage.hand_ins.rows import HandIn, HandInState
from storage.messages import Choice, Reply
from storage.refusals import note_refusal
from storage.staff.employees import employee_of

_MOST = 10
_LONGEST_NUMBER = 9


def on_mine(turn: Turn) -> list[Reply]:
    """我的上交: the newest ten."""
    rows = _own(turn)
    if not rows:
        return [turn.reply("hand_in.mine_empty", (ways_out(turn)[:1],), edit=True)]
    sight, here = Sight.of(turn), rows[:_MOST]
    buttons = [
        (choice(turn, "line", f"one:{row.id}", number=row.number, state=state_words(row, sight)),)
        for row in here
    ]
    more = turn.words("hand_in.mine_more", count=_MOST) if len(rows) > _MOST else ""
    said = "\n".join(filter(None, [turn.words("hand_in.mine_title", count=len(rows)), more]))
    return [Reply(said, (*buttons, ways_out(turn)[:1]), edits=turn.inbound.pressed)]


def on_own(turn: Turn, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """A button of one of one's own: look, slip, take back; whose it is not learns nothing."""
    row = _find_own(turn, arguments)
    if row is None:
        said = turn.words("hand_in.not_found")
        return [Reply(said, (ways_out(turn),), toast=said)]
    match verb, list(arguments[1:]):
        case "slip", _:
            return [_slip(turn, row)]
        case "recall", []:
            return [_sure(turn, row)]
        case "recall", ["yes"]:
            return [_take_back(turn, row)]
    return [show(turn, row)]


def show(turn: Turn, row: HandIn, *, before: str = "") -> Reply:
    """The confirmation as it stands now."""
    said = "\n".join(confirmation_lines(row, Sight.of(turn)))
    return Reply("\n\n".join(filter(None, [before, said])), own_rows(turn, row), edits=turn.inbound.pressed)


def own_rows(turn: Turn, row: HandIn) -> tuple[tuple[Choice, ...], ...]:
    """What can be done with one's own."""
    slip = () if row.state is HandInState.WITHDRAWN else (choice(turn, "slip", f"slip:{row.id}"),)
    recall = (choice(turn, "recall", f"recall:{row.id}"),) if row.state is HandInState.REPORTED else ()
    first = (*slip, *recall)
    return (*((first,) if first else ()), (choice(turn, "mine", "mine:0"),))


def _slip(turn: Turn, row: HandIn) -> Reply:
    taken = ask_for(turn.session, ErrandKind.HAND_IN_SLIP, turn.officer.id or 0, now=turn.now, hand_in=row.id)
    said = turn.words("hand_in.slip_wait" if taken else "hand_in.slip_many")
    return Reply(said, (ways_out(turn)[1:],), toast=said)


def _sure(turn: Turn, row: HandIn) -> Reply:
    if row.state is not HandInState.REPORTED:
        return show(turn, row, before=_too_late(turn))
    yes = choice(turn, "recall_yes", f"recall:{row.id}:yes")
    return turn.reply(
        "hand_in.recall_sure", ((yes, choice(turn, "recall_no", f"one:{row.id}")),), edit=True,
        number=row.number,
    )  # fmt: skip


def _take_back(turn: Turn, row: HandIn) -> Reply:
    try:
        take_back(turn.session, row, by=turn.officer, house=turn.house, now=turn.now)
    except HandInMoved:
        return show(turn, row, before=_too_late(turn))
    return turn.reply("hand_in.recalled", (ways_out(turn),), edit=True, number=row.number)


def _too_late(turn: Turn) -> str:
    return turn.words("hand_in.recall_late", office=turn.house.hospital.discipline_office)


def _own(turn: Turn) -> list[HandIn]:
    employee = employee_of(turn.session, turn.member)
    return hand_ins_of(turn.session, employee.id if employee is not None else None)


def _find_own(turn: Turn, arguments: Sequence[str]) -> HandIn | None:
    number = arguments[0] if arguments else ""
    good = number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER
    row = turn.session.get(HandIn, int(number)) if good else None
    employee = employee_of(turn.session, turn.member)
    if row is not None and employee is not None and row.employee_id == employee.id:
        return row
    note_refusal(turn.session, turn.officer, "hand_in", now=turn.now, hand_in=int(number) if good else 0)
    return None
