"""A patient comes with a ticket: a QR code, a link or twelve digits typed, in a private chat or the page."""

from datetime import date

from handlers.followup.conversation import begin_survey
from handlers.followup.stopping import stop_all
from handlers.menu import main_rows
from handlers.turn import Rows, Turn
from nlp.commands import find_ticket
from storage.event_names import EventName
from storage.followup.discharges import Discharge, Standing
from storage.followup.joining import PULLED, Joined, Refused, Why, discharge_of_ticket, leave_chat, redeem
from storage.followup.stopping import set_standing
from storage.messages import Choice, Reply
from storage.receipts import must_wait, note_wrong_guess
from storage.tallies import count_up

BUTTONS = ("ticket.stop", "ticket.wrong", "ticket.stranger")
"""Names of the buttons below the welcome; each carries the ticket."""
_GUESSED = (Why.UNKNOWN, Why.USED)


def on_ticket(turn: Turn, code: str) -> list[Reply]:
    """A button, link or /start with a ticket: what we would like to know, and the first question if any."""
    found = _redeem(turn, find_ticket(code) or "")
    return _welcome(turn, found, code) if isinstance(found, Joined) else _refused(turn, found)


def on_digits(turn: Turn, code: str) -> list[Reply] | None:
    """Twelve digits typed alone; None where they are no ticket but belong to what is being talked about."""
    found = _redeem(turn, code)
    if isinstance(found, Joined):
        return _welcome(turn, found, code)
    if found in (None, Refused(Why.UNKNOWN)) and turn.dialogue.flow:
        return None
    return _refused(turn, found)


def on_button(turn: Turn, name: str, code: str) -> list[Reply]:
    """[以后不用发] and [我没有在这里住过院] below the welcome; the ticket says whose stay it is."""
    discharge = _of_ticket(turn, find_ticket(code) or "")
    if discharge is None:
        return [turn.reply("menu.old_button", main_rows(turn))]
    match name:
        case "ticket.wrong":  # asked once more: nothing brings the chat back
            return [turn.reply("entrance.wrong_sure", _sure_rows(turn, code))]
        case "ticket.stranger":
            turn.dialogue.clear()
            set_standing(turn.session, discharge, Standing.WRONG_PERSON, now=turn.now)
            leave_chat(turn.session, discharge, turn.chat)
            return [turn.reply("entrance.wrong_person")]
    turn.dialogue.clear()
    stop_all(turn, discharge)
    undo = ((Choice(turn.words("survey.undo"), "survey:0:-undo"),),)
    return [turn.reply("entrance.stopped", () if turn.inbound.channel == PULLED else undo)]


def in_group(turn: Turn) -> list[Reply]:
    """Whoever reads along in a group could get in with the code: it is not even looked up there."""
    return [turn.reply("entrance.not_in_group")]


def _redeem(turn: Turn, code: str) -> Joined | Refused | None:
    """None where this sender was wrong too often lately, whatever the code; a wrong one is counted."""
    if must_wait(turn.session, turn.sender, now=turn.now):
        return None
    inbound = turn.inbound
    found = redeem(
        turn.session, code, sender=turn.sender, channel=inbound.channel, chat=turn.chat,
        address=inbound.chat, house=turn.house, now=turn.now,
    )  # fmt: skip
    if isinstance(found, Refused) and found.why in _GUESSED:
        _count_wrong(turn)
    return found


def _of_ticket(turn: Turn, code: str) -> Discharge | None:
    """Like `_redeem`: pressing is no way around what guessing costs."""
    if must_wait(turn.session, turn.sender, now=turn.now):
        return None
    found = discharge_of_ticket(turn.session, code, sender=turn.sender, vault=turn.house.vault)
    if found is None:
        _count_wrong(turn)
    return found


def _count_wrong(turn: Turn) -> None:
    note_wrong_guess(turn.session, turn.sender, channel=turn.inbound.channel, now=turn.now)
    count_up(turn.session, EventName.WRONG_TICKETS, now=turn.now)


def _welcome(turn: Turn, joined: Joined, code: str) -> list[Reply]:
    """What was talked of before is put aside: nothing may hold a report and a survey together."""
    turn.dialogue.clear()
    turn.dialogue.told = []
    if joined.survey is not None:
        return begin_survey(turn, joined.survey, discharge=joined.discharge)
    if joined.asked_on is None:
        return [turn.reply("entrance.nothing_left", main_rows(turn))]
    where = {"hospital": turn.house.hospital.name, "department": joined.discharge.department}
    lines = (
        turn.words("entrance.hello", **where),
        turn.words(f"entrance.{_when(turn)}", day=_day(turn, joined.asked_on)),
        turn.words("entrance.voluntary"),
        turn.words("entrance.how_to_stop"),
    )
    return [Reply("\n".join(lines), tuple(map(tuple, _ways_out(turn, code))))]


def _when(turn: Turn) -> str:
    return "ask_on_page" if turn.inbound.channel == PULLED else "ask_on"


def _day(turn: Turn, day: date) -> str:
    return turn.words("entrance.day", month=day.month, day=day.day)


def _ways_out(turn: Turn, code: str) -> Rows:
    return ((_button(turn, "stop", code),), (_button(turn, "wrong", code),))


def _sure_rows(turn: Turn, code: str) -> Rows:
    back = Choice(turn.words("entrance.button_mine"), f"ticket:{find_ticket(code)}")
    return ((_button(turn, "stranger", code),), (back,))


def _button(turn: Turn, name: str, code: str) -> Choice:
    return Choice(turn.words(f"entrance.button_{name}"), f"ticket.{name}:{find_ticket(code)}")


def _refused(turn: Turn, refused: Refused | None) -> list[Reply]:
    why = "wait" if refused is None else refused.why
    rows = main_rows(turn) if why == Why.UNKNOWN and not turn.dialogue.flow else ()
    return [turn.reply(f"entrance.{why}", rows)]
