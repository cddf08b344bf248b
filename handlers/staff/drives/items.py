"""The ledger in chat: lists by office and state, and one item with what may be done about it."""

from collections.abc import Iterator
from hashlib import sha256

from handlers.staff.drives.wording import day_words, shortened, state_words
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.deposits import deposits_of
from storage.drives.item_steps import is_slip
from storage.drives.items import (
    UNSETTLED,
    DriveItem,
    ItemState,
    count_items,
    is_overdue,
    items_of,
    matter_of,
    words_in,
)
from storage.drives.permits import leads, may_judge, may_mend
from storage.drives.plan import Drive
from storage.messages import Choice, Reply

FILTERS = {
    "all": (),
    "open": UNSETTLED,
    "late": UNSETTLED,
    "fixed": (ItemState.FIXED,),
    "struck": (ItemState.STRUCK,),
}
_PAGE, _ROW, _OFFICES = 8, 3, 20
Row = tuple[Choice, ...]


def token(office: str) -> str:
    """An office in a button: its name could be longer than a button takes."""
    return sha256(office.encode()).hexdigest()[:8]


def items_reply(turn: Turn, drive: Drive, scope: str, which: str, page: str) -> Reply | None:
    """A page of the ledger; `scope` is mine, all or an office's token. None where it is not theirs."""
    office = _office(turn, drive, scope)
    if office is None:
        return None
    which = which if which in FILTERS else "all"
    found = _filtered(turn, drive, office, which)
    number = int(page) if page.isdecimal() and len(page) < 4 else 0
    number = number if number * _PAGE < len(found) else 0
    here = found[number * _PAGE : (number + 1) * _PAGE]
    rows: list[Row] = [(_item_choice(turn, one, office),) for one in here]
    begin = f"drive:items:{drive.key}:{scope}"
    turning = [Choice(turn.words("drives.previous"), f"{begin}:{which}:{number - 1}")] if number else []
    if (number + 1) * _PAGE < len(found):
        turning.append(Choice(turn.words("drives.next"), f"{begin}:{which}:{number + 1}"))
    rows += [tuple(turning)] if turning else []
    rows += _filters(turn, drive, office, which, begin)
    rows += _ways(turn, drive, scope)
    key = "drives.items_title" if found else "drives.items_none"
    return turn.reply(
        key, rows, edit=True, scope=_scope_words(turn, drive, office), count=len(found), page=number + 1,
        filter=turn.words(f"drives.filter_{which}"),
    )  # fmt: skip


def offices_reply(turn: Turn, drive: Drive) -> Reply:
    """Offices with items, and how many of them are struck off; for whoever leads."""
    counted = count_items(turn.session, drive.key)
    buttons = [
        Choice(
            turn.words(
                "drives.by_office_button", office=office, struck=states.get(ItemState.STRUCK, 0),
                all=sum(states.values()),
            ),
            f"drive:items:{drive.key}:{token(office)}:all:0",
        )
        for office, states in sorted(counted.items(), key=lambda one: _settled(one[1]))
    ][: _OFFICES * 2]  # fmt: skip
    rows = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    back = Choice(turn.words("drives.button_all"), f"drive:items:{drive.key}:all:all:0")
    return turn.reply("drives.by_office_title", [*rows, (back,)], edit=True, title=drive.title)


def item_view(turn: Turn, item: DriveItem, drive: Drive, said: str = "", *, edit: bool = True) -> Reply:
    """One item, and the buttons for whoever looks at it."""
    text = "\n".join([*([said, ""] if said else []), *_item_lines(turn, item, drive)])
    pressed = turn.inbound.pressed if edit else None
    return Reply(text, tuple(_item_rows(turn, item, drive)), edits=pressed, toast=said or None)


def _office(turn: Turn, drive: Drive, scope: str) -> str | None:
    """The office whose ledger is meant, "" for all; None where it is not theirs to read."""
    if scope == "mine":
        return turn.officer.office
    if not leads(turn.officer, drive):
        return None
    if scope == "all":
        return ""
    known = {token(office): office for office in count_items(turn.session, drive.key)}
    return known.get(scope)


def _filtered(turn: Turn, drive: Drive, office: str, which: str) -> list[DriveItem]:
    found = items_of(turn.session, drive.key, office=office, states=FILTERS[which])
    today = turn.house.local_day(turn.now)
    return [one for one in found if is_overdue(one, today)] if which == "late" else found


def _filters(turn: Turn, drive: Drive, office: str, which: str, begin: str) -> list[Row]:
    """The other filters with something in them."""
    buttons = []
    for name in FILTERS:
        count = len(_filtered(turn, drive, office, name))
        if count and name != which:
            word = turn.words(f"drives.filter_{name}")
            label = turn.words("drives.filter_count", filter=word, count=count)
            buttons.append(Choice(label, f"{begin}:{name}:0"))
    return [tuple(buttons[at : at + _ROW]) for at in range(0, len(buttons), _ROW)]


def _ways(turn: Turn, drive: Drive, scope: str) -> Iterator[Row]:
    if scope == "mine" and not drive.is_over(turn.house.local_day(turn.now)):
        yield (Choice(turn.words("drives.button_add"), f"drive:add:{drive.key}"),)
    if scope != "mine":
        yield (Choice(turn.words("drives.by_office"), f"drive:offices:{drive.key}"),)
    yield (Choice(turn.words("drives.button_drive"), f"drive:show:{drive.key}"),)


def _scope_words(turn: Turn, drive: Drive, office: str) -> str:
    key = "drives.scope_office" if office else "drives.scope_all"
    return turn.words(key, title=drive.title, office=office)


def _item_choice(turn: Turn, item: DriveItem, office: str) -> Choice:
    key = "drives.item_button" if office else "drives.item_button_office"
    problem = words_in(item, "problem", vault=turn.house.vault, otherwise=turn.words("drives.unopened"))
    state = state_words(item, turn.house.local_day(turn.now), turn.words)
    label = turn.words(key, number=item.number, problem=shortened(problem), state=state, office=item.office)
    return Choice(label, f"drive:item:{item.id}")


def _settled(states: dict[ItemState, int]) -> float:
    return states.get(ItemState.STRUCK, 0) / max(1, sum(states.values()))


def _item_lines(turn: Turn, item: DriveItem, drive: Drive) -> Iterator[str]:
    words, today, sight = turn.words, turn.house.local_day(turn.now), Sight.of(turn)
    yield words(
        "drives.item_title", title=drive.title, number=item.number, office=item.office,
        state=state_words(item, today, words),
    )  # fmt: skip
    yield words("drives.item_problem", text=_text(turn, item, "problem"))
    for column in ("measure", "responsible"):
        text = _text(turn, item, column)
        yield words(f"drives.item_{column}", text=text) if text else words(f"drives.item_no_{column}")
    if item.due_on is None:
        yield words("drives.item_no_due")
    else:
        key = "drives.item_due_late" if is_overdue(item, today) else "drives.item_due"
        yield words(key, day=day_words(item.due_on, words, today=today))
    if proof := _text(turn, item, "proof"):
        yield words("drives.item_proof", text=proof)
    if files := len(deposits_of(turn.session, matter_of(item))):
        yield words("drives.item_files", count=files)
    if item.returns and (returned := _text(turn, item, "returned")):
        yield words("drives.item_returned", text=returned)
    steps = (
        ("added", item.added_by, item.added_at), ("fixed", item.fixed_by, item.fixed_at),
        ("struck", item.struck_by, item.struck_at),
    )  # fmt: skip
    for what, who, at in steps:
        if at is not None:
            yield words(f"drives.item_{what}", who=sight.name(who), at=sight.at(at))


def _text(turn: Turn, item: DriveItem, column: str) -> str:
    return words_in(item, column, vault=turn.house.vault, otherwise=turn.words("drives.unopened"))


def _item_rows(turn: Turn, item: DriveItem, drive: Drive) -> Iterator[Row]:
    def button(name: str) -> Choice:
        return Choice(turn.words(f"drives.item_button_{name}"), f"drive:{name}:{item.id}:{item.version}")

    member = turn.officer
    if may_mend(member, item) and item.state in UNSETTLED:
        yield (button("fixed"),)
        yield (button("measure"), button("responsible"), button("due"))
        if is_slip(item, member, turn.now):
            yield (button("withdraw"),)
    if item.state is ItemState.FIXED:
        if may_judge(member, item, drive, house=turn.house):
            yield (button("strike"), button("return"))
        if may_mend(member, item):
            yield (button("unfix"),)
    if item.state is ItemState.STRUCK and may_judge(member, item, drive, house=turn.house):
        yield (button("unstrike"),)
    if deposits_of(turn.session, matter_of(item)):
        yield (Choice(turn.words("drives.item_button_files"), f"drive:files:{item.id}"),)
    scope = "all" if member.office != item.office else "mine"
    yield (
        Choice(turn.words("drives.item_back"), f"drive:items:{drive.key}:{scope}:all:0"),
        Choice(turn.words("drives.button_drive"), f"drive:show:{drive.key}"),
    )
