"""据此立案: an officer opens a case from a hand-in that was kept at first, after being asked once more."""

from handlers.reading import find_office
from handlers.staff.hand_ins.views import button, hand_in_view
from handlers.staff.hand_ins.words import day_words, given_of, reported_words, what_words
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.access import may_see
from storage.errors import HandInMoved
from storage.hand_ins.access import giver_name
from storage.hand_ins.opening_case import KEPT_FIRST, open_case_from
from storage.hand_ins.rows import HandIn
from storage.messages import Reply
from storage.staff.employees import Employee


def on_case(turn: Turn, row: HandIn, version: int, rest: list[str]) -> list[Reply]:
    """Asks, then opens; the number is told only to who may see the case. Raises HandInMoved."""
    if version != row.version or not row.kept_first or row.case_id is not None:
        raise HandInMoved("the hand-in has moved")
    sight = Sight.of(turn)
    if rest != ["yes"]:
        yes = button(sight, "case_yes", f"case:{row.id}:{version}:yes")
        return [
            turn.reply("hand_in.case_sure", ((yes, button(sight, "leave", f"open:{row.id}")),), edit=True)
        ]
    text = _text(row, sight)
    routing = find_office(turn, text, KEPT_FIRST)
    case = open_case_from(
        turn.session, row, turn.officer, text, routing, version=version, house=turn.house, now=turn.now
    )
    seen = may_see(turn.session, case, turn.officer, turn.house.hospital)
    news = turn.words("hand_in.case_opened" if seen else "hand_in.view_case", number=case.number)
    return [hand_in_view(row, turn.officer, sight, news=news, edits=turn.inbound.pressed)]


def _text(row: HandIn, sight: Sight) -> str:
    """What is to be looked into, in the words of the office; no word of the patient."""
    given = given_of(row, sight.house.vault)
    giver = sight.session.get(Employee, row.employee_id) if row.employee_id is not None else None
    who = giver.office + giver_name(sight.session, row, house=sight.house) if giver is not None else ""
    return sight.words(
        "hand_in.case_text", number=row.number, giver=who or sight.words("hand_in.case_giver_anon"),
        received=day_words(row.received_on, sight), what=what_words(given, sight) if given else "",
        ward=(given and given.ward) or sight.words("hand_in.none"), day=reported_words(row, sight),
    )  # fmt: skip
