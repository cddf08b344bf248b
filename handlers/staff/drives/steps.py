"""What a button does with one item of the ledger; what needs words is asked for in asking.py."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from handlers.staff.drives.asking import CHAIN, ask, saved
from handlers.staff.drives.items import item_view
from handlers.staff.drives.ways import FLOW, drive_row, item_row, no_such, number_in, require
from handlers.turn import Turn
from storage.deposits import deposits_of, to_stored
from storage.drives.item_steps import item_for, set_plan, take_fixed_back, withdraw_item
from storage.drives.items import UNSETTLED, DriveItem, ItemState, matter_of
from storage.drives.judging import strike_off, undo_strike
from storage.drives.permits import may_judge, may_mend
from storage.drives.plan import FARTHEST, Drive
from storage.errors import ItemMoved, NoSuchItem, SealError
from storage.event_names import EventName
from storage.events import record_event
from storage.messages import Reply, StoredFile


def on_item(turn: Turn, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """A button `drive:VERB:ITEM:VERSION[:…]`; one drawn before the item moved shows how it stands."""
    if turn.dialogue.flow == FLOW:  # the question that was asked is left
        turn.dialogue.clear()
    try:
        item, drive = item_for(
            turn.session, number_in(arguments, 0), turn.house.drives, turn.officer, now=turn.now
        )
    except NoSuchItem:
        return no_such(turn)
    step = _STEPS.get(verb)
    if step is None:
        return [_shown(turn, item, drive)]
    try:
        return step(turn, item, drive, verb, arguments[1:])
    except ItemMoved:
        turn.session.refresh(item)
        return [item_view(turn, item, drive, turn.words("drives.moved"))]
    except NoSuchItem:
        return [item_view(turn, item, drive, turn.words("drives.not_yours"))]


def _shown(turn: Turn, item: DriveItem, drive: Drive) -> Reply:
    if turn.officer.office != item.office:
        record_event(
            turn.session, f"member:{turn.officer.id}", EventName.ITEM_READ, now=turn.now, drive=item.drive,
            item=item.number,
        )  # fmt: skip
    return item_view(turn, item, drive)


def _on_ask(turn: Turn, item: DriveItem, drive: Drive, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """Asks for the measure, who is responsible, or the proof."""
    require(may_mend(turn.officer, item))
    if number_in(arguments, 0) != item.version or item.state not in UNSETTLED:
        raise ItemMoved("the item has moved")
    return ask(turn, item, "proof" if verb == "fixed" else verb, edit=True)


def _on_due(turn: Turn, item: DriveItem, drive: Drive, _: str, arguments: Sequence[str]) -> list[Reply]:
    """Asks for a day, or takes the one that was pressed."""
    if len(arguments) < 2:
        return _on_ask(turn, item, drive, "due", arguments)
    days = number_in(arguments, 1)
    day = turn.house.local_day(turn.now) + timedelta(days=min(days, FARTHEST))
    set_plan(
        turn.session, item, turn.officer, version=number_in(arguments, 0), due_on=day, house=turn.house,
        now=turn.now,
    )  # fmt: skip
    return saved(turn, item, drive)


def _on_skip(turn: Turn, item: DriveItem, drive: Drive, _: str, arguments: Sequence[str]) -> list[Reply]:
    """One of the questions after adding is left for later."""
    step = arguments[1] if len(arguments) > 1 else ""
    if step in CHAIN[:-1]:
        return ask(turn, item, CHAIN[CHAIN.index(step) + 1], chain=True, edit=True)
    return [item_view(turn, item, drive)]


def _on_strike(turn: Turn, item: DriveItem, drive: Drive, _: str, arguments: Sequence[str]) -> list[Reply]:
    strike_off(
        turn.session, item, drive, turn.officer, version=number_in(arguments, 0), house=turn.house,
        now=turn.now,
    )  # fmt: skip
    return [item_view(turn, item, drive, turn.words("drives.struck", number=item.number))]


def _on_unstrike(turn: Turn, item: DriveItem, drive: Drive, _: str, arguments: Sequence[str]) -> list[Reply]:
    undo_strike(
        turn.session, item, drive, turn.officer, version=number_in(arguments, 0), house=turn.house,
        now=turn.now,
    )  # fmt: skip
    return [item_view(turn, item, drive, turn.words("drives.unstruck", number=item.number))]


def _on_unfix(turn: Turn, item: DriveItem, drive: Drive, _: str, arguments: Sequence[str]) -> list[Reply]:
    take_fixed_back(
        turn.session, item, turn.officer, version=number_in(arguments, 0), house=turn.house, now=turn.now
    )
    return [item_view(turn, item, drive, turn.words("drives.unfixed", number=item.number))]


def _on_withdraw(turn: Turn, item: DriveItem, drive: Drive, _: str, arguments: Sequence[str]) -> list[Reply]:
    withdraw_item(turn.session, item, turn.officer, version=number_in(arguments, 0), now=turn.now)
    said = turn.words("drives.withdrawn", number=item.number)
    return [turn.reply("drives.withdrawn", drive_row(turn, drive), edit=True, toast=said, number=item.number)]


def _on_return(turn: Turn, item: DriveItem, drive: Drive, _: str, arguments: Sequence[str]) -> list[Reply]:
    require(may_judge(turn.officer, item, drive, house=turn.house))
    if number_in(arguments, 0) != item.version or item.state is not ItemState.FIXED:
        raise ItemMoved("the item has moved")
    return ask(turn, item, "returned", edit=True)


def _on_files(turn: Turn, item: DriveItem, drive: Drive, _: str, __: Sequence[str]) -> list[Reply]:
    files: list[StoredFile] = []
    for row in deposits_of(turn.session, matter_of(item)):
        try:
            files.append(to_stored(row, vault=turn.house.vault))
        except SealError:  # changed from outside: not shown as proof
            continue
    if not files:
        return [turn.reply("drives.no_files", [item_row(turn, item)])]
    record_event(
        turn.session, f"member:{turn.officer.id}", EventName.ITEM_READ, now=turn.now, drive=item.drive,
        item=item.number, files=len(files),
    )  # fmt: skip
    said = turn.words("drives.files_here", number=item.number)
    return [Reply(said, (item_row(turn, item),), files=tuple(files))]


_STEPS: dict[str, Callable[[Turn, DriveItem, Drive, str, Sequence[str]], list[Reply]]] = {
    "measure": _on_ask,
    "responsible": _on_ask,
    "fixed": _on_ask,
    "due": _on_due,
    "skip": _on_skip,
    "strike": _on_strike,
    "unstrike": _on_unstrike,
    "return": _on_return,
    "unfix": _on_unfix,
    "withdraw": _on_withdraw,
    "files": _on_files,
}
