"""满意度 for heads, supervisors and the administrator: figures as text, then as a picture or a table."""

from collections.abc import Sequence
from hashlib import sha256

from handlers.followup.satisfaction_asked import Asked, asked_in, is_bare, known_as, means_house, nearest
from handlers.followup.satisfaction_report import month_words, report_of, two_months
from handlers.followup.satisfaction_sheet import has_picture
from handlers.followup.satisfaction_words import summary
from handlers.turn import Turn
from storage.errands import ErrandKind, ask_for
from storage.followup.figures import MonthFigures
from storage.followup.months import earlier, is_month, month_of
from storage.members import Right, Role, may
from storage.messages import Choice, Reply

VERB = "satisfaction"
_HOUSE = "all"
_PAGE, _ROW = 12, 3


def on_figures_text(turn: Turn, text: str) -> list[Reply] | None:
    """The figures somebody typed for; None where they did not, or wrote what patients write to give a grade.

    Who has no right to figures gets None for the bare word and an empty list for more.
    """
    asked = asked_in(text, turn.words, this_month=_this_month(turn))
    if asked is None:
        return None
    if not may(turn.officer, Right.STATISTICS):
        return None if is_bare(text, turn.words) or not asked.month else []
    return _on_asked(turn, asked, text)


def on_figures_choice(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """A button `satisfaction[:MONTH[:UNIT[:WHAT[:PAGE]]]]`; UNIT is `all` or tells a department by a hash."""
    month, unit, what, page = [*arguments, "", "", "", ""][:4]
    this = _this_month(turn)
    month = month if is_month(month) and month <= this else this
    history = two_months(turn.session, month, house=turn.house)
    if what == "pick":
        return [_pick(turn, month, history, page)]
    if not unit:
        return _show(turn, _usual(turn, history), history, edit=True)
    names = {token(one): one for one in _departments(turn, history)} | {_HOUSE: ""}
    if unit not in names:
        return [_pick(turn, month, history, "0")]
    if what == "table":
        return [_wait(turn, ErrandKind.TABLE, names[unit], month)]
    return _show(turn, names[unit], history, edit=True)


def token(department: str) -> str:
    """A department in a button: its name could be longer than a button takes."""
    return sha256(department.encode()).hexdigest()[:8] if department else _HOUSE


def _rows(turn: Turn, department: str, month: str) -> list[list[Choice]]:
    this, unit = _this_month(turn), token(department)
    months = [("this_month", this), ("last_month", earlier(this, 1))]
    turning = [_choice(turn, name, f"{one}:{unit}") for name, one in months if one != month]
    more = [_choice(turn, "choose", f"{month}:{unit}:pick:0")]
    more.append(_choice(turn, "table", f"{month}:{unit}:table"))
    return [turning, more, [Choice(turn.words("desk.menu"), "desk")]]


def _on_asked(turn: Turn, asked: Asked, text: str) -> list[Reply] | None:
    this = _this_month(turn)
    month = this if asked.month is None else asked.month
    if not month:
        return [turn.reply("satisfaction.not_month", _menu_row(turn))]
    if month > this:
        said = month_words(month, turn.words)
        return [turn.reply("satisfaction.future", _menu_row(turn), month=said)]
    history = two_months(turn.session, month, house=turn.house)
    if not asked.name:
        house = means_house(text, turn.words)
        return _show(turn, "" if house else _usual(turn, history), history, edit=False)
    names = _departments(turn, history)
    known = known_as(asked.name, names)
    if known is not None:
        return _show(turn, known, history, edit=False)
    return [_unknown(turn, asked.name, month, names)]


def _show(turn: Turn, department: str, history: list[MonthFigures], *, edit: bool) -> list[Reply]:
    report = report_of(turn.session, department, history, house=turn.house, now=turn.now)
    text = summary(report, turn.words)
    if has_picture(report) and _asked_for(turn, ErrandKind.PICTURE, department, report.month):
        text = f"{text}\n\n{turn.words('satisfaction.picture_follows')}"
    rows = tuple(tuple(row) for row in _rows(turn, department, report.month) if row)
    return [Reply(text, rows, edits=turn.inbound.pressed if edit else None)]


def _wait(turn: Turn, kind: ErrandKind, department: str, month: str) -> Reply:
    taken = _asked_for(turn, kind, department, month)
    key = f"satisfaction.wait_{kind}" if taken else "satisfaction.too_many"
    ways_on = [[_choice(turn, "choose", f"{month}:{token(department)}:pick:0")], *_menu_row(turn)]
    return turn.reply(key, ways_on, toast=turn.words(key))


def _asked_for(turn: Turn, kind: ErrandKind, department: str, month: str) -> bool:
    member = turn.officer.id or 0
    return ask_for(turn.session, kind, member, now=turn.now, department=department, month=month)


def _usual(turn: Turn, history: Sequence[MonthFigures]) -> str:
    """What a head wants to see without saying: their department."""
    office = turn.officer.office
    return office if turn.officer.role is Role.HEAD and office in history[-1].departments else ""


def _departments(turn: Turn, history: Sequence[MonthFigures]) -> list[str]:
    """Those of hospital.toml, and others that patients came from."""
    named = dict.fromkeys(turn.house.hospital.departments)
    return list(named | dict.fromkeys(name for month in history for name in month.departments))


def _unknown(turn: Turn, name: str, month: str, names: Sequence[str]) -> Reply:
    near = nearest(name, names)
    rows = [[Choice(one, f"{VERB}:{month}:{token(one)}")] for one in near]
    rows.append([_choice(turn, "house", f"{month}:{_HOUSE}"), _choice(turn, "choose", f"{month}::pick:0")])
    key = "satisfaction.unknown" if near else "satisfaction.unknown_none"
    return turn.reply(key, rows, name=name)


def _pick(turn: Turn, month: str, history: Sequence[MonthFigures], page: str) -> Reply:
    names = _departments(turn, history)
    last = max(0, (len(names) - 1) // _PAGE)
    number = min(int(page), last) if page.isdecimal() and len(page) < 4 else 0
    here = names[number * _PAGE : (number + 1) * _PAGE]
    buttons = [Choice(one, f"{VERB}:{month}:{token(one)}") for one in here]
    rows = [buttons[start : start + _ROW] for start in range(0, len(buttons), _ROW)]
    turning = [_choice(turn, "previous", f"{month}::pick:{number - 1}")] if number else []
    turning += [_choice(turn, "next", f"{month}::pick:{number + 1}")] if number < last else []
    rows += [turning] if turning else []
    rows.append([_choice(turn, "house", f"{month}:{_HOUSE}"), Choice(turn.words("desk.menu"), "desk")])
    return turn.reply("satisfaction.pick", rows, edit=True)


def _choice(turn: Turn, name: str, value: str) -> Choice:
    return Choice(turn.words(f"satisfaction.{name}"), f"{VERB}:{value}")


def _menu_row(turn: Turn) -> list[list[Choice]]:
    return [[Choice(turn.words("desk.menu"), "desk")]]


def _this_month(turn: Turn) -> str:
    return month_of(turn.now, turn.house.hospital.timezone)
