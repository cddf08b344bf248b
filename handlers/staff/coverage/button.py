"""The button 覆盖率 in menus: apart from what it shows, since menus stand below all that."""

from handlers.staff.coverage.asked import VERB
from handlers.turn import Turn
from storage.messages import Choice
from storage.staff.permits import oversees


def coverage_button(turn: Turn) -> list[Choice]:
    """覆盖率, for who oversees anybody, where there are duties."""
    if not turn.house.duties.duties or not oversees(turn.officer, turn.house.hospital):
        return []
    return [Choice(turn.words("coverage.menu"), VERB)]
