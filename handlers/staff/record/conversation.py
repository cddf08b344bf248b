"""医德档案: read by who keeps records, with an event each time, and by everybody about themselves."""

import unicodedata
from collections.abc import Sequence

from handlers.staff.record.deciding import on_decision, on_vetoes
from handlers.staff.record.filling import (
    FLOW,
    begin_entry,
    begin_from_case,
    begin_veto,
    on_filling_choice,
    on_filling_words,
    on_whose_choice,
    record_button,
)
from handlers.staff.record.finding import MOST, choose_rows, people_called, person_of
from handlers.staff.record.mending import lift, strike_one, strikes
from handlers.staff.record.views import record_text
from handlers.triage.form import form_in
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.errors import NoSuchCase, RecordRefused
from storage.event_names import EventName
from storage.events import record_event
from storage.messages import Choice, Reply
from storage.moves import actor
from storage.refusals import note_refusal
from storage.staff.employees import Employee, Employment, employee_of
from storage.staff.permits import keeps_records, record_offices
from storage.staff.record import EntryKind, VetoState
from storage.staff.record_reading import entries_of, record_of
from storage.staff.record_veto import vetoes_of, years_with_cases

__all__ = ["FLOW", "on_filling_words", "on_record_choice", "on_record_command"]
_LONGEST_NUMBER = 9
_LONGEST_NAME = 12
_DECIDING = ("vetoes", "decide", "agree", "decline")
_YEARS = 3


def on_record_choice(turn: Turn, argument: str) -> list[Reply]:
    """A button `record:VERB[:…]`; nothing of a record is shown in a group."""
    verb, *arguments = argument.split(":")
    if turn.inbound.in_group:
        return [Reply("", toast=turn.words("record.only_private"))]
    if verb == "mine":
        return _mine(turn, arguments)
    if verb != "fill" and verb != "whose" and turn.dialogue.flow == FLOW:
        turn.dialogue.clear()
    try:
        if verb in _DECIDING:
            return on_vetoes(turn) if verb == "vetoes" else on_decision(turn, verb, arguments)
        if not keeps_records(turn.officer, turn.house.hospital):
            return [_not_yours(turn)]
        return _on_kept(turn, verb, arguments)
    except RecordRefused as refused:
        return [turn.reply(f"record.refused_{refused.why}")]
    except NoSuchCase:
        return [turn.reply("record.no_such_case")]


def on_record_command(turn: Turn) -> list[Reply] | None:
    """医德档案 张三, 我的档案, 一票否决; None for other words, and while another form is open."""
    if form_in(turn.dialogue) is not None:
        return None
    text = unicodedata.normalize("NFKC", turn.inbound.text).strip().removeprefix("/")
    if text in turn.words("record.words_mine").split():
        return _mine(turn, ())
    if text in turn.words("record.words_vetoes").split():
        return on_vetoes(turn)
    for word in sorted(turn.words("record.words_record").split(), key=len, reverse=True):
        rest = text.removeprefix(word)
        if text.startswith(word) and (not word.isascii() or rest[:1] in ("", " ")):
            return _asked(turn, rest.strip(" :")) if _is_asking(turn, rest) else None
    return None


def _is_asking(turn: Turn, rest: str) -> bool:
    """Whether a record is asked for: 医德档案被人改了 of somebody who keeps none is a report, and no refusal
    with their number may stand in the trail beside it."""
    if keeps_records(turn.officer, turn.house.hospital) or not rest.strip(" :"):
        return True
    parted, words = rest[0] in " :", rest.strip(" :")
    return parted and len(words) <= _LONGEST_NAME and bool(people_called(turn, words))


def _asked(turn: Turn, words: str) -> list[Reply]:
    if not keeps_records(turn.officer, turn.house.hospital):
        return [_not_yours(turn)]
    people = people_called(turn, words) if words else []
    if not words or not people:
        return [turn.reply("record.nobody" if words else "record.usage")]
    if len(people) > MOST:
        return [turn.reply("record.too_many", most=MOST)]
    if len(people) > 1:
        return [turn.reply("record.several", choose_rows(turn, people, "open"), count=len(people))]
    return [_show(turn, people[0].employee, _this_year(turn))]


def _on_kept(turn: Turn, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """Who keeps records pressed something. Raises RecordRefused, NoSuchCase."""
    if verb == "fill":
        return on_filling_choice(turn, arguments[0] if arguments else "")
    if verb == "case":
        return begin_from_case(turn, arguments[0] if arguments else "")
    employee = _employee(turn, arguments)
    if employee is None:
        return [turn.reply("record.nobody")]
    rest = list(arguments[1:])
    match verb, rest:
        case "whose", _:
            return on_whose_choice(turn, employee)
        case "add", [("case" | "praise" | "refused") as kind]:
            return begin_entry(turn, employee, EntryKind(kind))
        case "veto", [year] if _number(year):
            return begin_veto(turn, employee, _number(year))
        case "lift", [number] if _number(number):
            return lift(turn, employee, _number(number))
        case "strike", []:
            return [strikes(turn, employee)]
        case "strike", [number] if _number(number):
            return strike_one(turn, employee, _number(number))
    wanted = _number(rest[0]) if rest else _this_year(turn)
    return [_show(turn, employee, wanted if wanted <= _this_year(turn) else 0)]


def _show(turn: Turn, employee: Employee, year: int) -> Reply:
    """Each reading stands in the trail; one's own is not shown here, so that nobody works on it."""
    if employee.member_id is not None and employee.member_id == turn.officer.id:
        note_refusal(turn.session, turn.officer, "record", now=turn.now, employee=employee.id or 0)
        return turn.reply("record.own")
    record_event(turn.session, actor(turn.officer), EventName.RECORD_READ, now=turn.now, employee=employee.id)
    record = record_of(turn.session, employee, year, house=turn.house)
    text = record_text(record, person_of(turn, employee), Sight.of(turn), own=False)
    return Reply(text, _rows(turn, employee, year), edits=turn.inbound.pressed)


def _rows(turn: Turn, employee: Employee, year: int) -> tuple[tuple[Choice, ...], ...]:
    whose = employee.id
    adding = [record_button(turn, f"add_{kind}", f"add:{whose}:{kind}") for kind in EntryKind]
    vetoes = vetoes_of(turn.session, employee)
    taken = {one.year for one in vetoes if one.state not in (VetoState.DECLINED, VetoState.LIFTED)}
    more = [
        record_button(turn, "propose_veto", f"veto:{whose}:{one}", year=one)
        for one in years_with_cases(turn.session, employee)[:2]
        if one not in taken
    ]
    more += [
        record_button(turn, "lift_veto", f"lift:{whose}:{one.id}", year=one.year)
        for one in vetoes
        if one.state is VetoState.STANDING
    ][:2]
    if entries_of(turn.session, employee):
        more.append(record_button(turn, "entries", f"strike:{whose}"))
    this = _this_year(turn)
    years = [
        record_button(turn, "years", f"open:{whose}:{one}", year=one)
        for one in range(this, this - _YEARS, -1)
        if one != year
    ]
    years += [record_button(turn, "all_years", f"open:{whose}:0")] if year else []
    return tuple(tuple(row) for row in (adding, more, years) if row)


def _mine(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """我的档案: one's own and nobody else's."""
    employee = employee_of(turn.session, turn.member)
    if employee is None:
        return [turn.reply("record.no_employee")]
    this = _this_year(turn)
    year = _number(arguments[0]) if arguments else this
    year = year if year <= this else this
    record_event(
        turn.session, actor(turn.officer), EventName.RECORD_READ_OWN, now=turn.now, employee=employee.id
    )
    record = record_of(turn.session, employee, year, house=turn.house)
    text = record_text(record, person_of(turn, employee), Sight.of(turn), own=True)
    row = [record_button(turn, "years", f"mine:{this - 1}", year=this - 1)] if year != this - 1 else []
    row += [record_button(turn, "years", f"mine:{this}", year=this)] if year != this else []
    row += [record_button(turn, "all_years", "mine:0")] if year else []
    return [Reply(text, (tuple(row),), edits=turn.inbound.pressed)]


def _employee(turn: Turn, arguments: Sequence[str]) -> Employee | None:
    """Somebody who works here; of who left nothing is shown."""
    employee = turn.session.get(Employee, _number(arguments[0])) if arguments else None
    return employee if employee is not None and employee.standing is Employment.ACTIVE else None


def _not_yours(turn: Turn) -> Reply:
    note_refusal(turn.session, turn.officer, "action", now=turn.now, wish="record")
    offices = turn.words("card.between").join(dict.fromkeys(record_offices(turn.house.hospital)))
    return turn.reply("record.not_yours", offices=offices)


def _number(text: str) -> int:
    good = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
    return int(text) if good else 0


def _this_year(turn: Turn) -> int:
    return turn.house.local_day(turn.now).year
