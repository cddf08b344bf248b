"""The button 我的任务 in menus: apart from the list, since menus stand below all that shows it."""

from handlers.turn import Turn
from storage.duties.mine import count_open
from storage.messages import Choice
from storage.staff.employees import employee_of


def duties_button(turn: Turn) -> list[Choice]:
    """我的任务 with its count, for everybody on the roster."""
    employee = employee_of(turn.session, turn.member)
    if employee is None:
        return []
    count = count_open(turn.session, employee, now=turn.now)
    label = turn.words("duties.list_count", count=count) if count else turn.words("duties.list")
    return [Choice(label, "due:list:0")]
