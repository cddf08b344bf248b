"""Small things that all conversations about drives share: rows of buttons, numbers in them, refusals."""

from collections.abc import Sequence

from handlers.turn import Rows, Turn
from storage.drives.items import DriveItem
from storage.drives.plan import Drive
from storage.errors import NoSuchItem
from storage.messages import Choice, Reply

FLOW = "drive"
_LONGEST_NUMBER = 9


def no_such(turn: Turn) -> list[Reply]:
    """One sentence for what does not exist, and for what is not theirs."""
    said = turn.words("drives.no_such")
    if turn.inbound.in_group:
        return [Reply("", toast=said)]
    back = (Choice(turn.words("drives.button_list"), "drive:list"),)
    return [Reply(said, (back,), toast=said)]


def number_in(arguments: Sequence[str], place: int) -> int:
    """The number at a place of a button's arguments; 0, which nothing has, where there is none."""
    word = arguments[place] if len(arguments) > place else ""
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= _LONGEST_NUMBER else 0


def require(allowed: bool) -> None:
    """Raises NoSuchItem where something is not theirs to do."""
    if not allowed:
        raise NoSuchItem("not theirs to do")


def cancel_row(turn: Turn, value: str) -> list[Sequence[Choice]]:
    """Out of a question."""
    return [(Choice(turn.words("drives.cancel"), value),)]


def item_row(turn: Turn, item: DriveItem) -> tuple[Choice, ...]:
    """To the item."""
    return (Choice(turn.words("drives.notice_open"), f"drive:item:{item.id}"),)


def drive_row(turn: Turn, drive: Drive) -> Rows:
    """One more problem, or back to the drive."""
    add = Choice(turn.words("drives.another"), f"drive:add:{drive.key}")
    return [(add, Choice(turn.words("drives.button_drive"), f"drive:show:{drive.key}"))]
