"""Questions about an item that are answered in words or files: problem, plan, proof, why it returns."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from handlers.staff.day_in import day_in
from handlers.staff.drives.items import item_view
from handlers.staff.drives.ways import FLOW, cancel_row, drive_row, no_such, number_in
from handlers.staff.drives.wording import day_words
from handlers.turn import Turn
from nlp.commands import Command, find_command
from storage.deposits import deposit, deposits_of
from storage.drives.item_changes import LONGEST
from storage.drives.item_steps import add_item, item_for, say_fixed, set_plan
from storage.drives.items import DriveItem, matter_of
from storage.drives.judging import return_item
from storage.drives.plan import FARTHEST, Drive, find_drive
from storage.errors import ItemMoved, NoSuchItem
from storage.messages import Choice, Reply

CHAIN = ("measure", "responsible", "due")
"""What is asked one after another when a problem was added; each may be left for later."""
_DAYS = (7, 14, 30)
_MOST_FILES = 10


def begin_adding(turn: Turn, drive: Drive) -> list[Reply]:
    """Asks for a problem."""
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.step = FLOW, "problem"
    turn.dialogue.data = {"drive": drive.key}
    return [turn.reply("drives.ask_problem", cancel_row(turn, f"drive:show:{drive.key}"), edit=True)]


def ask(
    turn: Turn, item: DriveItem, step: str, *, said: str = "", chain: bool = False, edit: bool = False
) -> list[Reply]:
    """Asks for one thing; in a chain it may be left for later."""
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.step = FLOW, step
    turn.dialogue.data = {"item": item.id, "version": item.version} | ({"chain": True} if chain else {})
    drive = find_drive(turn.house.drives, item.drive)
    asked = turn.words(f"drives.ask_{step}", number=item.number)
    rows: list[Sequence[Choice]] = []
    if step == "due" and drive is not None:
        rows += _due_rows(turn, item, drive)[:-1]
    if chain:
        rows.append((Choice(turn.words("drives.skip"), f"drive:skip:{item.id}:{item.version}:{step}"),))
    else:
        rows += cancel_row(turn, f"drive:item:{item.id}")
    text = "\n".join(filter(None, [said, asked]))
    return [Reply(text, tuple(map(tuple, rows)), edits=turn.inbound.pressed if edit else None)]


def _due_rows(turn: Turn, item: DriveItem, drive: Drive) -> list[Sequence[Choice]]:
    """Usual spans, the end of the phase where it is ahead, and a way back."""
    today = turn.house.local_day(turn.now)
    begin = f"drive:due:{item.id}:{item.version}"
    row = [Choice(turn.words("drives.due_days", days=days), f"{begin}:{days}") for days in _DAYS]
    rows: list[Sequence[Choice]] = [row]
    phase = drive.phase_on(today)
    if phase is not None and drive.last(phase) > today:
        last: date = drive.last(phase)
        label = turn.words("drives.due_phase", day=day_words(last, turn.words, today=today))
        rows.append((Choice(label, f"{begin}:{(last - today).days}"),))
    return [*rows, *cancel_row(turn, f"drive:item:{item.id}")]


def on_step_words(turn: Turn) -> list[Reply]:
    """Words or files after a question of ours."""
    text, step = turn.inbound.text.strip(), turn.dialogue.step
    if step == "problem":
        return _on_problem(turn, text)
    number = str(turn.dialogue.data.get("item"))
    try:
        item, drive = item_for(
            turn.session, number_in([number], 0), turn.house.drives, turn.officer, now=turn.now
        )
        if find_command(text) is Command.BACK:
            turn.dialogue.clear()
            return [item_view(turn, item, drive, turn.words("drives.kept"), edit=False)]
        return _HEARD[step](turn, item, drive, text) if step in _HEARD else no_such(turn)
    except NoSuchItem:
        turn.dialogue.clear()
        return no_such(turn)
    except ItemMoved:
        turn.dialogue.clear()
        turn.session.refresh(item)
        return [item_view(turn, item, drive, turn.words("drives.moved"), edit=False)]


def _on_problem(turn: Turn, text: str) -> list[Reply]:
    drive = find_drive(turn.house.drives, str(turn.dialogue.data.get("drive")))
    if drive is None or find_command(text) is Command.BACK:
        turn.dialogue.clear()
        return no_such(turn) if drive is None else [turn.reply("drives.kept", drive_row(turn, drive))]
    if wrong := _wrong(turn, text, "problem", files=False):
        return wrong
    try:
        item = add_item(turn.session, drive, turn.officer, text, house=turn.house, now=turn.now)
    except NoSuchItem:
        turn.dialogue.clear()
        return no_such(turn)
    said = turn.words("drives.added", number=item.number)
    return ask(turn, item, "measure", said=said, chain=True)


def _heard_plan(turn: Turn, item: DriveItem, drive: Drive, text: str) -> list[Reply]:
    step, chain = turn.dialogue.step, bool(turn.dialogue.data.get("chain"))
    if wrong := _wrong(turn, text, step, files=False):
        return wrong
    measure, responsible = (text, None) if step == "measure" else (None, text)
    set_plan(
        turn.session, item, turn.officer, version=_version(turn), measure=measure, responsible=responsible,
        house=turn.house, now=turn.now,
    )  # fmt: skip
    if chain:
        return ask(turn, item, CHAIN[CHAIN.index(step) + 1], said=turn.words("drives.saved"), chain=True)
    return saved(turn, item, drive, edit=False)


def _heard_due(turn: Turn, item: DriveItem, drive: Drive, text: str) -> list[Reply]:
    today = turn.house.local_day(turn.now)
    day = day_in(text, today, ahead=True)
    if day is None or not today < day <= today + timedelta(days=FARTHEST):
        return [turn.reply("drives.not_a_day", _due_rows(turn, item, drive))]
    set_plan(
        turn.session, item, turn.officer, version=_version(turn), due_on=day, house=turn.house, now=turn.now
    )
    return saved(turn, item, drive, edit=False)


def _heard_proof(turn: Turn, item: DriveItem, drive: Drive, text: str) -> list[Reply]:
    files = turn.inbound.files[:_MOST_FILES]
    if wrong := _wrong(turn, text, "proof", files=bool(files)):
        return wrong
    say_fixed(
        turn.session, item, drive, turn.officer, text, files, version=_version(turn), house=turn.house,
        now=turn.now,
    )  # fmt: skip
    turn.dialogue.step, turn.dialogue.data = "more", {"item": item.id, "version": item.version}
    done = [(Choice(turn.words("drives.finish"), f"drive:item:{item.id}"),)]
    return [turn.reply("drives.ask_more", done, number=item.number, office=drive.lead)]


def _heard_more(turn: Turn, item: DriveItem, drive: Drive, text: str) -> list[Reply]:
    """More files of the same proof, as messengers bring several pictures one by one."""
    room = _MOST_FILES - len(deposits_of(turn.session, matter_of(item)))
    files = turn.inbound.files[: max(0, room)]
    if item.version != _version(turn) or item.fixed_by != turn.officer.id or not files:
        turn.dialogue.clear()
        return [item_view(turn, item, drive, edit=False)]
    deposit(turn.session, files, matter_of(item), vault=turn.house.vault, now=turn.now)
    done = [(Choice(turn.words("drives.finish"), f"drive:item:{item.id}"),)]
    return [turn.reply("drives.files_added", done, count=len(files))]


def _heard_returned(turn: Turn, item: DriveItem, drive: Drive, text: str) -> list[Reply]:
    if wrong := _wrong(turn, text, "returned", files=False):
        return wrong
    return_item(
        turn.session, item, drive, turn.officer, text, version=_version(turn), house=turn.house, now=turn.now
    )
    turn.dialogue.clear()
    said = turn.words("drives.returned", number=item.number, office=item.office)
    return [item_view(turn, item, drive, said, edit=False)]


def saved(turn: Turn, item: DriveItem, drive: Drive, *, edit: bool = True) -> list[Reply]:
    turn.dialogue.clear()
    return [item_view(turn, item, drive, turn.words("drives.saved"), edit=edit)]


def _wrong(turn: Turn, text: str, column: str, *, files: bool) -> list[Reply]:
    """What is wrong with words; empty where they will do."""
    if turn.inbound.files and not text and not files:
        return [turn.reply("drives.only_words")]
    if not files and not any(map(str.isalnum, text)):
        return [turn.reply("drives.no_words")]
    most = LONGEST[column]
    if len(text) > most:
        return [turn.reply("drives.too_long", count=len(text), most=most)]
    return []


def _version(turn: Turn) -> int:
    version = turn.dialogue.data.get("version")
    return version if isinstance(version, int) else 0


_HEARD: dict[str, Callable[[Turn, DriveItem, Drive, str], list[Reply]]] = {
    "measure": _heard_plan,
    "responsible": _heard_plan,
    "due": _heard_due,
    "proof": _heard_proof,
    "more": _heard_more,
    "returned": _heard_returned,
}
