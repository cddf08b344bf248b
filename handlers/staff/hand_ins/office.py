"""上交办理: the discipline office opens a hand-in, takes it, marks it, opens a case from it."""

from collections.abc import Callable, Sequence

from handlers.staff.hand_ins.case import on_case
from handlers.staff.hand_ins.settling import on_proof, on_refuse, on_way
from handlers.staff.hand_ins.views import button, hand_in_line, hand_in_view
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.deposits import deposits_of, to_stored
from storage.errors import HandInMoved, NoSuchHandIn, SealError
from storage.event_names import EventName
from storage.events import record_event
from storage.hand_ins.access import hand_in_for, is_givers, may_open_hand_in, may_take
from storage.hand_ins.figures import open_hand_ins
from storage.hand_ins.handling import mark_kept_first, matters, receive
from storage.hand_ins.rows import HandIn, HandInState
from storage.messages import Choice, Reply, StoredFile
from storage.moves import actor
from storage.outbox import announce
from storage.refusals import note_refusal

_PAGE = 8
_LONGEST_NUMBER = 9


def on_office_choice(turn: Turn, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """A button of the office: who has no part in hand-ins is refused without learning anything."""
    if not may_take(turn.officer, turn.house):
        note_refusal(turn.session, turn.officer, "action", now=turn.now, wish="hand_in")
        said = turn.words("hand_in.not_yours", office=turn.house.hospital.discipline_office)
        return [Reply("" if turn.inbound.in_group else said, toast=said)]
    if turn.inbound.in_group:
        return [_to_private(turn, verb, arguments)]
    if verb == "list":
        return [listed(turn, arguments[0] if arguments else "0")]
    try:
        return _on_one(turn, verb, arguments)
    except NoSuchHandIn:
        return [_no_such(turn, arguments)]


def listed(turn: Turn, page: str) -> Reply:
    """What somebody has still to settle, without what gave who."""
    rows = [
        row
        for row in open_hand_ins(turn.session)
        if may_open_hand_in(turn.session, row, turn.officer, house=turn.house)
    ]
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 4 else 0
    number = number if number * _PAGE < len(rows) else 0
    sight, here = Sight.of(turn), rows[number * _PAGE : (number + 1) * _PAGE]
    shown = [(Choice(hand_in_line(row, sight), f"handin:open:{row.id}"),) for row in here]
    turning = [Choice(turn.words("desk.previous"), f"handin:list:{number - 1}")] if number else []
    if (number + 1) * _PAGE < len(rows):
        turning.append(Choice(turn.words("desk.next"), f"handin:list:{number + 1}"))
    last = (Choice(turn.words("desk.menu"), "desk"),)
    key = "hand_in.list_title" if rows else "hand_in.list_empty"
    return turn.reply(key, [*shown, *([tuple(turning)] if turning else []), last], edit=True)


def find(turn: Turn, arguments: Sequence[str]) -> HandIn:
    """The hand-in a button is about, first among its arguments. Raises NoSuchHandIn."""
    number = arguments[0] if arguments else ""
    good = number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER
    return hand_in_for(turn.session, int(number) if good else 0, turn.officer, house=turn.house, now=turn.now)


def version_in(arguments: Sequence[str]) -> int:
    """The version a button was drawn for; -1, which none has, where there is none."""
    version = arguments[1] if len(arguments) > 1 else ""
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else -1


def show(turn: Turn, row: HandIn, news: str = "") -> Reply:
    """The whole of it; that it was read stands in the trail."""
    record_event(turn.session, actor(turn.officer), EventName.HAND_IN_READ, now=turn.now, hand_in=row.id)
    return hand_in_view(row, turn.officer, Sight.of(turn), news=news, edits=turn.inbound.pressed)


def _on_one(turn: Turn, verb: str, arguments: Sequence[str]) -> list[Reply]:
    row = find(turn, arguments)
    step = _STEPS.get(verb)
    if step is None:
        return [show(turn, row)]
    try:
        return step(turn, row, version_in(arguments), list(arguments[2:]))
    except HandInMoved:
        turn.session.refresh(row)
        return [show(turn, row, turn.words("hand_in.moved"))]


def _on_got(turn: Turn, row: HandIn, version: int, rest: list[str]) -> list[Reply]:
    """Past the limit it has to be said whether it was handed over before it."""
    if version != row.version or row.state is not HandInState.REPORTED:
        raise HandInMoved("the hand-in has moved")
    if turn.now > row.due_at and not row.late and rest not in (["in"], ["late"]):
        drawn, sight = f"{row.id}:{row.version}", Sight.of(turn)
        rows = (
            (button(sight, "got_in_time", f"got:{drawn}:in"), button(sight, "got_late", f"got:{drawn}:late")),
            (button(sight, "leave", f"open:{row.id}"),),
        )
        return [turn.reply("hand_in.got_when", rows, edit=True)]
    receive(turn.session, row, turn.officer, version=version, in_time=rest != ["late"], now=turn.now)
    return [show(turn, row)]


def _on_kept(turn: Turn, row: HandIn, version: int, rest: list[str]) -> list[Reply]:
    if rest != ["yes"]:
        sight = Sight.of(turn)
        yes = button(sight, "kept_yes", f"kept:{row.id}:{row.version}:yes")
        rows = ((yes, button(sight, "leave", f"open:{row.id}")),)
        return [turn.reply("hand_in.kept_sure", rows, edit=True)]
    mark_kept_first(turn.session, row, turn.officer, version=version, house=turn.house, now=turn.now)
    return [show(turn, row)]


def _on_files(turn: Turn, row: HandIn, _version: int, _rest: list[str]) -> list[Reply]:
    back = ((button(Sight.of(turn), "back_to_view", f"open:{row.id}"),),)
    files = tuple(_stored(turn, row))
    if not files:
        return [turn.reply("hand_in.files_none", back)]
    return [Reply(turn.words("hand_in.files_shown", number=row.number), back, files=files)]


def _stored(turn: Turn, row: HandIn) -> list[StoredFile]:
    found = []
    for matter in matters(row):
        for one in deposits_of(turn.session, matter):
            try:
                found.append(to_stored(one, vault=turn.house.vault))
            except SealError:  # changed from outside: not shown; lianxin audit verify tells of it
                continue
    return found


def _to_private(turn: Turn, verb: str, arguments: Sequence[str]) -> Reply:
    """In a group nothing is shown: whoever pressed gets it in their private chat."""
    if verb != "open":
        return Reply("", toast=turn.words("hand_in.only_private"))
    try:
        row = find(turn, arguments)
    except NoSuchHandIn:
        return Reply("", toast=_no_such(turn, arguments).text)
    announce(turn.session, f"member:{turn.officer.id}", "handin.card", now=turn.now, hand_in=row.id)
    return Reply("", toast=turn.words("hand_in.take_private"))


def _no_such(turn: Turn, arguments: Sequence[str]) -> Reply:
    number = arguments[0] if arguments else ""
    good = number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER
    row = turn.session.get(HandIn, int(number)) if good else None
    own = row is not None and is_givers(turn.session, row, turn.officer)
    said = turn.words("hand_in.own" if own else "hand_in.not_found")
    return Reply(said, ((Choice(turn.words("desk.menu"), "desk"),),), toast=said)


_Step = Callable[[Turn, HandIn, int, list[str]], list[Reply]]
_STEPS: dict[str, _Step] = {
    "got": _on_got, "kept": _on_kept, "files": _on_files, "way": on_way, "refuse": on_refuse,
    "proof": on_proof, "case": on_case,
}  # fmt: skip
