"""The button 职工服务 in menus: apart from what it shows, since menus stand below all that."""

from handlers.turn import Turn
from storage.messages import Choice
from storage.staff.employees import employee_of

VERB = "services"


def services_button(turn: Turn) -> list[Choice]:
    """职工服务, for everybody on the roster."""
    if employee_of(turn.session, turn.member) is None:
        return []
    return [Choice(turn.words("services.menu"), VERB)]
