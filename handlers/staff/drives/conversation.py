"""专项 in a private chat or a group: which drives there are, one of them, what its buttons do."""

from collections.abc import Callable, Sequence

from handlers.staff.drives.asking import begin_adding, on_step_words
from handlers.staff.drives.items import items_reply, offices_reply
from handlers.staff.drives.steps import on_item
from handlers.staff.drives.view import drive_view
from handlers.staff.drives.ways import FLOW, no_such
from handlers.staff.drives.wording import day_words
from handlers.staff.leaving_off import meant_for_others
from handlers.turn import Turn
from nlp.normalise import normalise
from storage.drives.permits import leads, may_see_drive
from storage.drives.plan import Drive, find_drive
from storage.errands import ErrandKind, ask_for
from storage.members import Right, may
from storage.messages import Choice, Reply
from storage.outbox import announce
from storage.refusals import note_refusal

_STILL_SHOWN = 60
"""Days after its end in which a drive stands in the list."""
_MADE = {
    "picture": ErrandKind.DRIVE_PICTURE,
    "ledger": ErrandKind.DRIVE_LEDGER,
    "summary": ErrandKind.DRIVE_SUMMARY,
}


def on_drive_choice(turn: Turn, argument: str) -> list[Reply]:
    """A button `drive:VERB:…`; in a group it goes on in the private chat of whoever pressed."""
    verb, *arguments = argument.split(":")
    if turn.inbound.in_group:
        return _in_group(turn, verb, arguments)
    if verb in _OF_DRIVES or verb == "list":
        _leave(turn)
    if verb == "list":
        return [_list(turn)]
    conversation = _OF_DRIVES.get(verb)
    if conversation is None:
        return on_item(turn, verb, arguments)
    drive = _drive(turn, arguments)
    return conversation(turn, drive, arguments[1:]) if drive is not None else no_such(turn)


def on_drive_words(turn: Turn) -> list[Reply] | None:
    """The answer to a question of ours; a command ends the question."""
    return None if meant_for_others(turn) else on_step_words(turn)


def on_drive_command(turn: Turn) -> list[Reply] | None:
    """专项 and the like; None for other words."""
    word = normalise(turn.inbound.text).text.strip().removeprefix("/").partition("@")[0]
    if word not in turn.words("drives.words_list").split():
        return None
    seen = _seen(turn)
    running = [one for one in seen if one.phase_on(turn.house.local_day(turn.now)) is not None]
    return [_shown(turn, running[0], edit=False)] if len(running) == 1 else [_list(turn)]


def _in_group(turn: Turn, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """Nothing is shown where all read along."""
    drive = _drive(turn, arguments) if verb == "show" else None
    if drive is None:
        return no_such(turn)
    announce(turn.session, f"member:{turn.officer.id}", "drive.view", now=turn.now, drive=drive.key)
    return [Reply("", toast=turn.words("drives.sent_to_you"))]


def _drive(turn: Turn, arguments: Sequence[str]) -> Drive | None:
    """The drive that is named first, if whoever pressed may see it."""
    drive = find_drive(turn.house.drives, arguments[0] if arguments else "")
    if drive is None or not may_see_drive(turn.officer, drive, turn.house):
        note_refusal(turn.session, turn.officer, "drive", now=turn.now)
        return None
    return drive


def _seen(turn: Turn) -> list[Drive]:
    today = turn.house.local_day(turn.now)
    return [
        one
        for one in turn.house.drives
        if may_see_drive(turn.officer, one, turn.house) and (today - one.over).days <= _STILL_SHOWN
    ]


def _list(turn: Turn) -> Reply:
    today, rows = turn.house.local_day(turn.now), list[Sequence[Choice]]()
    for drive in _seen(turn):
        phase = drive.phase_on(today)
        if phase is not None:
            more = turn.words("drives.list_phase", phase=phase.title)
        elif drive.is_over(today):
            more = turn.words("drives.list_over")
        elif today < drive.start:
            start = day_words(drive.start, turn.words, today=today)
            more = turn.words("drives.list_waits", start=start)
        else:
            more = ""
        label = turn.words("drives.list_line", title=drive.title, more=more)
        rows.append((Choice(label, f"drive:show:{drive.key}"),))
    key = "drives.list_title" if rows else "drives.none_running"
    desk = [(Choice(turn.words("desk.menu"), "desk"),)] if turn.at_desk else []
    return turn.reply(key, [*rows, *desk], edit=True)


def _shown(turn: Turn, drive: Drive, *, edit: bool = True) -> Reply:
    seen = drive_view(
        drive, turn.officer, session=turn.session, house=turn.house, words=turn.words, now=turn.now
    )
    return Reply(seen.text, seen.choices, edits=turn.inbound.pressed if edit else None)


def _show(turn: Turn, drive: Drive, _: Sequence[str]) -> list[Reply]:
    return [_shown(turn, drive)]


def _items(turn: Turn, drive: Drive, arguments: Sequence[str]) -> list[Reply]:
    scope, which, page = [*arguments, "", "", ""][:3]
    found = items_reply(turn, drive, scope, which, page)
    if found is None:
        note_refusal(turn.session, turn.officer, "drive", now=turn.now)
        return no_such(turn)
    return [found]


def _offices(turn: Turn, drive: Drive, _: Sequence[str]) -> list[Reply]:
    if not leads(turn.officer, drive):
        note_refusal(turn.session, turn.officer, "drive", now=turn.now)
        return no_such(turn)
    return [offices_reply(turn, drive)]


def _add(turn: Turn, drive: Drive, _: Sequence[str]) -> list[Reply]:
    return begin_adding(turn, drive)


def _made(what: str) -> Callable[[Turn, Drive, Sequence[str]], list[Reply]]:
    def ask(turn: Turn, drive: Drive, _: Sequence[str]) -> list[Reply]:
        allowed = leads(turn.officer, drive) or (what == "picture" and may(turn.officer, Right.STATISTICS))
        if not allowed:
            note_refusal(turn.session, turn.officer, "drive", now=turn.now)
            return no_such(turn)
        left = ask_for(turn.session, _MADE[what], turn.officer.id or 0, now=turn.now, drive=drive.key)
        said = turn.words(f"drives.{what}_asked" if left else "drives.too_many")
        back = (Choice(turn.words("drives.button_drive"), f"drive:show:{drive.key}"),)
        return [Reply(said, (back,), toast=said)]

    return ask


def _leave(turn: Turn) -> None:
    """A question of ours is left by pressing something else."""
    if turn.dialogue.flow == FLOW:
        turn.dialogue.clear()


_OF_DRIVES: dict[str, Callable[[Turn, Drive, Sequence[str]], list[Reply]]] = {
    "show": _show,
    "items": _items,
    "offices": _offices,
    "add": _add,
    **{what: _made(what) for what in _MADE},
}
"""Verbs of buttons that name a drive; those that name an item are in steps.py."""
