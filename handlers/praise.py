"""Praise is recorded for the office that keeps the ethics file."""

from handlers.blocked import held_back
from handlers.menu import main_rows
from handlers.opening import open_report
from handlers.reading import find_office
from handlers.turn import Turn
from nlp.reading import Verdict
from storage.cases import Case, Outcome, Status
from storage.intake import open_case
from storage.messages import Reply
from storage.sender_tags import keep_tag
from storage.withdrawal import withdraw_case


def on_praise(turn: Turn, text: str, verdict: Verdict) -> list[Reply]:
    """Thanks, and a way back for somebody who meant it otherwise."""
    held = held_back(turn, text)
    if held is not None:
        return held
    routing = find_office(turn, text, verdict)
    opened = open_case(turn.session, text, verdict=verdict, routing=routing, house=turn.house, now=turn.now)
    keep_tag(turn.session, opened.case_id, turn.sender, vault=turn.house.vault, now=turn.now)
    turn.dialogue.flow, turn.dialogue.case_id = "praise", opened.case_id
    turn.dialogue.data = {"text": text}
    rows = ((turn.button("not_praise", "praise.report"),), *main_rows(turn)[1:])
    return [turn.reply("menu.praise", rows)]


def on_not_praise(turn: Turn) -> list[Reply]:
    """It was meant as a report: the praise is taken back and a case opened with the same words."""
    text = str(turn.dialogue.data.get("text", ""))
    case = turn.session.get(Case, turn.dialogue.case_id or 0)
    if turn.dialogue.flow != "praise" or case is None or not text:
        return [turn.reply("menu.old_button", main_rows(turn))]
    if case.status is not Status.CLOSED and case.outcome is not Outcome.WITHDRAWN:
        withdraw_case(turn.session, case, house=turn.house, now=turn.now)
    return open_report(turn, text, insists=True)
