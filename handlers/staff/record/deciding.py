"""一票否决: what waits for a second person, who agrees or does not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.staff.record.finding import person_of
from handlers.staff.record.views import reason_of
from handlers.telling import member_addressed
from handlers.triage.sight import Sight
from handlers.turn import Desk, Turn
from handlers.words import Words
from storage.errors import RecordRefused
from storage.event_names import EventName
from storage.events import record_event
from storage.letters import Letter
from storage.messages import Choice, Reply
from storage.moves import actor
from storage.refusals import note_refusal
from storage.staff.employees import Employee
from storage.staff.record import Veto, VetoState
from storage.staff.record_veto import decide_veto, may_decide, waiting_vetoes

_LONGEST_NUMBER = 9


def on_vetoes(turn: Turn) -> list[Reply]:
    """What waits for whoever asks."""
    waiting = waiting_vetoes(turn.session, turn.officer, house=turn.house)
    rows = []
    for veto in waiting[:8]:
        employee = turn.session.get(Employee, veto.employee_id)
        name = person_of(turn, employee).name if employee is not None else ""
        label = turn.words("record.veto_button", name=name, year=veto.year)
        rows.append((Choice(label, f"record:decide:{veto.id}"),))
    return [turn.reply("record.vetoes_title" if rows else "record.vetoes_none", rows)]


def on_decision(turn: Turn, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """`decide:ID` shows it, `agree:ID:VERSION` and `decline:ID:VERSION` decide. Raises RecordRefused."""
    veto = turn.session.get(Veto, _number(arguments[0] if arguments else ""))
    if veto is None or not may_decide(turn.session, veto, turn.officer, house=turn.house):
        note_refusal(turn.session, turn.officer, "record", now=turn.now)
        raise RecordRefused("second")
    if verb == "decide":
        return [_view(turn, veto)]
    lifting = veto.state is VetoState.LIFTING
    decide_veto(
        turn.session, veto, turn.officer, agrees=verb == "agree",
        version=_number(arguments[1] if len(arguments) > 1 else "", none=-1), house=turn.house, now=turn.now,
    )  # fmt: skip
    key = "decided_no" if verb != "agree" else "decided_lifted" if lifting else "decided_set"
    return [turn.reply(f"record.{key}", edit=True)]


def record_notice(
    letter: Letter, arguments: dict[str, Any], *, session: Session, desk: Desk, words: Words, now: datetime
) -> Reply | None:
    """The words for `record.veto`: that something waits, without whom it is about."""
    veto, member = session.get(Veto, arguments.get("veto")), member_addressed(letter, session)
    hospital = desk.house.hospital
    if veto is None or member is None or not may_decide(session, veto, member, house=desk.house):
        return None
    if arguments.get("above") and member.office == hospital.discipline_office and member.role == "head":
        return None  # told with the heads already
    return Reply(words("record.notice_veto"), ((Choice(words("record.notice_look"), "record:vetoes"),),))


def _view(turn: Turn, veto: Veto) -> Reply:
    employee = turn.session.get(Employee, veto.employee_id)
    assert employee is not None
    record_event(turn.session, actor(turn.officer), EventName.RECORD_READ, now=turn.now, employee=employee.id)
    sight, lifting = Sight.of(turn), veto.state is VetoState.LIFTING
    agree = Choice(turn.words("record.agree"), f"record:agree:{veto.id}:{veto.version}")
    decline = Choice(turn.words("record.decline"), f"record:decline:{veto.id}:{veto.version}")
    return turn.reply(
        "record.veto_view", ((agree, decline),), name=person_of(turn, employee).name, office=employee.office,
        year=veto.year, who=sight.name(veto.lifting_by if lifting else veto.proposed_by),
        what=turn.words("record.veto_what_lift" if lifting else "record.veto_what_set"),
        reason=reason_of(veto, "lift_reason" if lifting else "reason", sight),
    )  # fmt: skip


def _number(text: str, *, none: int = 0) -> int:
    good = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
    return int(text) if good else none
