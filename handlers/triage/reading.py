"""Opens a case, page by page, for the officer who pressed or typed its number."""

from dataclasses import replace
from typing import Any

from handlers.triage.copy_view import copies_page
from handlers.triage.showing import note_look, show_case
from handlers.triage.sight import Sight
from handlers.triage.views import files_reply, history_page, text_page, thread_page
from handlers.turn import Turn
from storage.access import case_for, may_act
from storage.cases import Case
from storage.event_names import EventName
from storage.events import record_event
from storage.members import Right, may
from storage.messages import Reply
from storage.moves import actor

FROM_LIST = "list"
"""Marks a button of a list: the list stays, the case comes below it."""


def on_open(turn: Turn, number: str, origin: str = "") -> list[Reply]:
    """The whole case; pressed on its card, it takes the card's place."""
    return [show_case(turn, _looked_up(turn, number), edit=origin != FROM_LIST)]


def on_text(turn: Turn, number: str, page: str = "1") -> list[Reply]:
    """The reporter's words in full."""
    case = _read(turn, number, what="text")
    if case.purged_at is not None:
        return [show_case(turn, case, edit=True, looked=False)]
    return [_in_place(turn, text_page(case, _page(page) or 1, Sight.of(turn), leads=_leads(turn, case)))]


def on_thread(turn: Turn, number: str, page: str = "") -> list[Reply]:
    """The thread, with internal notes."""
    case = _read(turn, number, what="thread")
    if case.purged_at is not None:
        return [show_case(turn, case, edit=True, looked=False)]
    return [_in_place(turn, thread_page(case, _page(page), Sight.of(turn), leads=_leads(turn, case)))]


def on_history(turn: Turn, number: str, page: str = "") -> list[Reply]:
    """Who did what, when."""
    case = _looked_up(turn, number)
    shown = history_page(case, _page(page), Sight.of(turn), refusals=may(turn.officer, Right.APPROVE))
    record_event(turn.session, actor(turn.officer), EventName.HISTORY_READ, case_id=case.id, now=turn.now)
    return [_in_place(turn, shown)]


def on_files(turn: Turn, number: str) -> list[Reply]:
    """All files of the case, as a message of their own."""
    case = _looked_up(turn, number)
    if case.purged_at is not None:
        return [show_case(turn, case, edit=True)]
    shown = files_reply(case, Sight.of(turn))
    note_look(turn, case, what="files", files=len(shown.files))
    return [shown]


def on_copies(turn: Turn, number: str, page: str = "0") -> list[Reply]:
    """The cases with the same words; none of their content is shown here."""
    case = _looked_up(turn, number)
    return [_in_place(turn, copies_page(case, _page(page) or 0, turn.officer, Sight.of(turn)))]


def _looked_up(turn: Turn, number: str) -> Case:
    return case_for(turn.session, number, turn.officer, turn.house.hospital, now=turn.now)


def _read(turn: Turn, number: str, **facts: Any) -> Case:
    case = _looked_up(turn, number)
    note_look(turn, case, **facts)
    return case


def _leads(turn: Turn, case: Case) -> bool:
    return may_act(turn.session, case, turn.officer, turn.house.hospital)


def _in_place(turn: Turn, reply: Reply) -> Reply:
    return replace(reply, edits=turn.inbound.pressed)


def _page(written: str) -> int | None:
    return int(written) if written.isdecimal() and len(written) < 7 else None
