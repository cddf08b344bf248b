"""延期申请: so many working days more or until a day, with a reason; a head decides by a button."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from handlers.staff.day_in import day_in
from handlers.staff.duties.finding import list_row, me, no_such, number_in, owing_in
from handlers.staff.duties.view import duty_view
from handlers.staff.leaving_off import meant_for_others
from handlers.triage.sight import Sight
from handlers.turn import Turn
from nlp.commands import Command, find_command
from storage.duties.assignments import Assignment
from storage.duties.extending import (
    DAYS,
    LONGEST_REASON,
    Asking,
    ask_for_time,
    deciders,
    grant,
    later_by,
    latest_moment,
    may_ask,
    may_decide,
    on_day,
    refuse,
    token_of,
)
from storage.duties.mine import Owing, owing
from storage.messages import Choice, Reply
from storage.outbox import announce
from storage.refusals import note_refusal
from storage.staff.employees import Employee

FLOW = "due_later"
_DAY, _WHY = "day", "why"


def on_later(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """Offers how much more; then asks for the reason."""
    owed = owing_in(turn, arguments)
    if me(turn) is None or owed is None:
        return no_such(turn)
    choice = arguments[1] if len(arguments) > 1 else ""
    found = may_ask(turn.session, owed.assignment, None, house=turn.house, now=turn.now)
    if found is not Asking.ASKED:
        return [_cannot(turn, owed, found)]
    if choice == _DAY:
        _wait_for(turn, owed, _DAY)
        return [turn.reply("duties.ask_day", (_back_row(turn, owed),), edit=True, last=_last(turn, owed))]
    if choice.isdecimal() and int(choice[:3]) in DAYS:
        until = later_by(int(choice), owed.assignment, owed.occurrence, house=turn.house, now=turn.now)
        return _on_until(turn, owed, until)
    return [_offer(turn, owed)]


def on_later_words(turn: Turn) -> list[Reply] | None:
    """The day, or the reason, that was asked for."""
    owed = owing(turn.session, int(turn.dialogue.data.get("occurrence") or 0), me(turn))
    if owed is None or meant_for_others(turn):
        return None
    text = turn.inbound.text.strip()
    if find_command(text) is Command.BACK:
        turn.dialogue.clear()
        return [duty_view(turn, owed, turn.words("duties.later_left"))]
    if turn.dialogue.step == _DAY:
        zone = ZoneInfo(turn.house.hospital.timezone)
        day = day_in(text, turn.now.astimezone(zone).date(), ahead=True)
        if day is None:
            return [turn.reply("duties.no_day", (_back_row(turn, owed),))]
        return _on_until(turn, owed, on_day(day, owed.occurrence, house=turn.house))
    return _on_reason(turn, owed, text)


def on_decision(turn: Turn, arguments: Sequence[str], *, yes: bool) -> list[Reply]:
    """同意 or 不同意, by a head; a button of an earlier wish decides nothing."""
    assignment = turn.session.get(Assignment, number_in(arguments))
    if assignment is None or not may_decide(turn.session, assignment, turn.officer, house=turn.house):
        note_refusal(turn.session, turn.officer, "action", now=turn.now, wish="more_time")
        return no_such(turn)
    token = arguments[1] if len(arguments) > 1 else ""
    decide, key = (grant, "granted") if yes else (refuse, "refused")
    done = token == str(token_of(assignment)) and decide(
        turn.session, assignment, by=turn.officer, house=turn.house, now=turn.now
    )
    if not done:
        return [turn.reply("duties.decided_before", (list_row(turn),), edit=True)]
    asker = turn.session.get(Employee, assignment.wished_by) if assignment.wished_by else None
    if asker is not None and asker.member_id is not None:
        audience = f"member:{asker.member_id}"
        announce(turn.session, audience, f"due.{key}", now=turn.now, assignment=assignment.id)
    said = turn.words(f"duties.you_{key}", at=Sight.of(turn).at(assignment.wished_until or turn.now))
    return [Reply(said, (list_row(turn),), edits=turn.inbound.pressed, toast=said)]


def _on_until(turn: Turn, owed: Owing, until: datetime) -> list[Reply]:
    found = may_ask(turn.session, owed.assignment, until, house=turn.house, now=turn.now)
    if found in (Asking.TOO_EARLY, Asking.TOO_LATE):
        rows = (_back_row(turn, owed),)
        return [turn.reply(f"duties.asking_{found}", rows, last=_last(turn, owed))]
    if found is not Asking.ASKED:
        turn.dialogue.clear()
        return [_cannot(turn, owed, found)]
    _wait_for(turn, owed, _WHY, until=int(until.timestamp()))
    at = Sight.of(turn).at(until)
    return [turn.reply("duties.ask_reason", (_back_row(turn, owed),), edit=True, at=at)]


def _on_reason(turn: Turn, owed: Owing, text: str) -> list[Reply]:
    employee, until = me(turn), datetime.fromtimestamp(int(turn.dialogue.data.get("until") or 0), UTC)
    if not any(map(str.isalnum, text)) or len(text) > LONGEST_REASON:
        return [turn.reply("duties.reason_length", (_back_row(turn, owed),), most=LONGEST_REASON)]
    turn.dialogue.clear()
    assert employee is not None
    house, now = turn.house, turn.now
    found = ask_for_time(turn.session, owed.assignment, until, text, by=employee, house=house, now=now)
    if found is not Asking.ASKED:
        return [_cannot(turn, owed, found)]
    for head in deciders(turn.session, owed.assignment, by=employee, house=house):
        announce(turn.session, f"member:{head.id}", "due.wish", now=now, assignment=owed.assignment.id)
    return [duty_view(turn, owed, turn.words("duties.asked"))]


def _offer(turn: Turn, owed: Owing) -> Reply:
    rows: list[tuple[Choice, ...]] = []
    for days in DAYS:
        until = later_by(days, owed.assignment, owed.occurrence, house=turn.house, now=turn.now)
        if may_ask(turn.session, owed.assignment, until, house=turn.house, now=turn.now) is Asking.ASKED:
            label = turn.words("duties.days_more", days=days, at=Sight.of(turn).at(until))
            rows.append((Choice(label, f"due:later:{owed.occurrence.id}:{days}"),))
    rows.append((Choice(turn.words("duties.other_day"), f"due:later:{owed.occurrence.id}:{_DAY}"),))
    return turn.reply("duties.ask_later", (*rows, _back_row(turn, owed)), edit=True)


def _cannot(turn: Turn, owed: Owing, why: Asking) -> Reply:
    return duty_view(turn, owed, turn.words(f"duties.asking_{why}", last=_last(turn, owed)))


def _last(turn: Turn, owed: Owing) -> str:
    return Sight.of(turn).at(latest_moment(owed.occurrence, house=turn.house))


def _wait_for(turn: Turn, owed: Owing, step: str, **more: int) -> None:
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.step = FLOW, step
    turn.dialogue.data = {"occurrence": owed.occurrence.id, **more}


def _back_row(turn: Turn, owed: Owing) -> tuple[Choice, ...]:
    return (Choice(turn.words("duties.not_later"), f"due:open:{owed.occurrence.id}"),)
