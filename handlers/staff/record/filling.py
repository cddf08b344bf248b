"""Entering something into a record: whose, from which case, in which words, and a last look."""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass

from handlers.staff.record.finding import MOST, Person, choose_rows, people_called, person_of
from handlers.turn import Rows, Turn
from nlp.commands import Answer, Command, find_answer, find_command
from storage.access import case_for
from storage.errors import NoSuchCase, RecordRefused
from storage.messages import Choice, Reply
from storage.staff.employees import Employee
from storage.staff.record import EntryKind, Veto
from storage.staff.record_veto import LONGEST_REASON, propose_lifting, propose_veto
from storage.staff.record_writing import LONGEST_NOTE, can_be_entered, enter, may_change

FLOW = "record"
WHOSE, NUMBER, NOTE, LOOK, VETO, LIFT = "whose", "number", "note", "look", "veto", "lift"


@dataclass(slots=True)
class Filling:
    """What was told so far: `number` is a case's, `veto` and `year` belong to a veto."""

    employee: int = 0
    kind: str = ""
    number: str = ""
    note: str = ""
    year: int = 0
    veto: int = 0
    version: int = 0
    ticket: str = ""


def begin_entry(turn: Turn, employee: Employee, kind: EntryKind) -> list[Reply]:
    """From the record: first the case it comes from. Raises RecordRefused."""
    may_change(turn.session, employee, turn.officer, house=turn.house, now=turn.now)
    filling = Filling(employee=employee.id or 0, kind=kind.value)
    return [_ask(turn, filling, NOTE if kind is EntryKind.REFUSED else NUMBER)]


def begin_from_case(turn: Turn, number: str) -> list[Reply]:
    """From a case: first whose record. Raises NoSuchCase, RecordRefused."""
    case = case_for(turn.session, number, turn.officer, turn.house.hospital, now=turn.now)
    kind = can_be_entered(case)
    if kind is None:
        raise RecordRefused("not_confirmed")
    return [_ask(turn, Filling(kind=kind.value, number=case.number), WHOSE)]


def begin_veto(turn: Turn, employee: Employee, year: int) -> list[Reply]:
    """The reason for a veto. Raises RecordRefused."""
    may_change(turn.session, employee, turn.officer, house=turn.house, now=turn.now)
    return [_ask(turn, Filling(employee=employee.id or 0, year=year), VETO)]


def begin_lifting(turn: Turn, employee: Employee, veto: Veto) -> list[Reply]:
    """The reason for taking a veto back. Raises RecordRefused."""
    may_change(turn.session, employee, turn.officer, house=turn.house, now=turn.now)
    filling = Filling(employee=veto.employee_id, year=veto.year, veto=veto.id or 0, version=veto.version)
    return [_ask(turn, filling, LIFT)]


def on_filling_choice(turn: Turn, argument: str) -> list[Reply]:
    """`fill:cancel`, `fill:bare`, `fill:TICKET`, or `whose:ID`. Raises RecordRefused, NoSuchCase."""
    filling, step = _here(turn), turn.dialogue.step
    if filling is None or argument == "cancel":
        turn.dialogue.clear()
        return [turn.reply("record.gone" if filling is None else "record.cancelled", edit=True)]
    if argument == "bare" and step == NUMBER and filling.kind == EntryKind.PRAISE:
        filling.number = ""
        return [_ask(turn, filling, NOTE)]
    if step == LOOK and argument == filling.ticket:
        return _enter(turn, filling)
    return [_ask(turn, filling, step)]


def on_whose_choice(turn: Turn, employee: Employee) -> list[Reply]:
    """One of several of a name was chosen. Raises RecordRefused."""
    filling = _here(turn)
    if filling is None or turn.dialogue.step != WHOSE:
        return [turn.reply("record.gone")]
    return _whose(turn, filling, person_of(turn, employee))


def on_filling_words(turn: Turn) -> list[Reply]:
    """What is typed at a step."""
    filling = _here(turn)
    if filling is None or find_command(turn.inbound.text) is Command.BACK:
        turn.dialogue.clear()
        return [turn.reply("record.gone" if filling is None else "record.cancelled")]
    try:
        return _TYPED[turn.dialogue.step](turn, filling, turn.inbound.text.strip())
    except RecordRefused as refused:
        turn.dialogue.clear()
        return [turn.reply(f"record.refused_{refused.why}", _back(turn, filling.employee))]
    except NoSuchCase:
        return [_ask(turn, filling, turn.dialogue.step, before=turn.words("record.no_such_case"))]


def _on_whose(turn: Turn, filling: Filling, text: str) -> list[Reply]:
    people = people_called(turn, text) if text else []
    if len(people) == 1:
        return _whose(turn, filling, people[0])
    if not people or len(people) > MOST:
        key = "record.too_many" if people else "record.nobody"
        return [_ask(turn, filling, WHOSE, before=turn.words(key, most=MOST))]
    return [turn.reply("record.several", choose_rows(turn, people, "whose"), count=len(people))]


def _whose(turn: Turn, filling: Filling, person: Person) -> list[Reply]:
    may_change(turn.session, person.employee, turn.officer, house=turn.house, now=turn.now)
    filling.employee = person.employee.id or 0
    return [_ask(turn, filling, NOTE)]


def _on_number(turn: Turn, filling: Filling, text: str) -> list[Reply]:
    if find_answer(text) is Answer.SKIP and filling.kind == EntryKind.PRAISE:
        filling.number = ""
        return [_ask(turn, filling, NOTE)]
    case = case_for(turn.session, text, turn.officer, turn.house.hospital, now=turn.now)
    fits = can_be_entered(case)
    if fits is None or fits != filling.kind:
        return [_ask(turn, filling, NUMBER, before=turn.words("record.refused_not_confirmed"))]
    filling.number = case.number
    return [_ask(turn, filling, NOTE)]


def _on_note(turn: Turn, filling: Filling, text: str) -> list[Reply]:
    if _is_bad(text, LONGEST_NOTE):
        return [_ask(turn, filling, NOTE, before=turn.words("record.note_bad", most=LONGEST_NOTE))]
    filling.note = text
    return [_ask(turn, filling, LOOK)]


def _on_look(turn: Turn, filling: Filling, text: str) -> list[Reply]:
    return _enter(turn, filling) if find_answer(text) is Answer.YES else [_ask(turn, filling, LOOK)]


def _on_reason(turn: Turn, filling: Filling, text: str) -> list[Reply]:
    step = turn.dialogue.step
    if _is_bad(text, LONGEST_REASON):
        before = turn.words("record.note_bad", most=LONGEST_REASON)
        return [_ask(turn, filling, step, before=before)]
    turn.dialogue.clear()
    employee, veto = turn.session.get(Employee, filling.employee), turn.session.get(Veto, filling.veto)
    if employee is None or (step == LIFT and veto is None):
        raise RecordRefused("gone")
    if veto is not None and step == LIFT:
        propose_lifting(
            turn.session, veto, text, turn.officer, version=filling.version, house=turn.house, now=turn.now
        )
    else:
        propose_veto(turn.session, employee, filling.year, text, turn.officer, house=turn.house, now=turn.now)
    return [turn.reply("record.proposed", _back(turn, filling.employee))]


def _enter(turn: Turn, filling: Filling) -> list[Reply]:
    turn.dialogue.clear()
    employee = turn.session.get(Employee, filling.employee)
    if employee is None:
        raise RecordRefused("gone")
    enter(
        turn.session, employee, EntryKind(filling.kind), filling.note, turn.officer, number=filling.number,
        house=turn.house, now=turn.now,
    )  # fmt: skip
    return [turn.reply("record.entered", _back(turn, filling.employee), edit=True)]


def _ask(turn: Turn, filling: Filling, step: str, *, before: str = "") -> Reply:
    filling.ticket = secrets.token_hex(3) if step == LOOK else ""
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.step, turn.dialogue.data = FLOW, step, asdict(filling)
    rows: list[tuple[Choice, ...]] = []
    if step == NUMBER and filling.kind == EntryKind.PRAISE:
        rows.append((record_button(turn, "no_number_given", "fill:bare"),))
    if step == LOOK:
        rows.append((record_button(turn, "confirm", f"fill:{filling.ticket}"),))
    rows.append((record_button(turn, "cancel", "fill:cancel"),))
    said = "\n\n".join(filter(None, [before, _question(turn, filling, step)]))
    return Reply(said, tuple(rows))


def _question(turn: Turn, filling: Filling, step: str) -> str:
    match step:
        case "whose":
            return turn.words("record.ask_whose")
        case "number" | "note":
            return turn.words(f"record.ask_{step}_{filling.kind}")
        case "veto" | "lift":
            return turn.words(f"record.ask_reason_{step}", year=filling.year)
    employee = turn.session.get(Employee, filling.employee)
    assert employee is not None
    return turn.words(
        "record.look", name=person_of(turn, employee).name, office=employee.office, note=filling.note,
        kind=turn.words(f"record.section_{filling.kind}"), number=filling.number or turn.words("record.none"),
    )  # fmt: skip


def _here(turn: Turn) -> Filling | None:
    return Filling(**turn.dialogue.data) if turn.dialogue.flow == FLOW else None


def _is_bad(text: str, most: int) -> bool:
    return not any(map(str.isalnum, text)) or len(text) > most


def _back(turn: Turn, employee_id: int) -> Rows:
    return ((record_button(turn, "back_to_record", f"open:{employee_id}"),),) if employee_id else ()


def record_button(turn: Turn, name: str, value: str, **values: object) -> Choice:
    """A button `record:VALUE` with the label `record.NAME`."""
    return Choice(turn.words(f"record.{name}", **values), f"record:{value}")


_TYPED: dict[str, Callable[[Turn, Filling, str], list[Reply]]] = {
    WHOSE: _on_whose, NUMBER: _on_number, NOTE: _on_note, LOOK: _on_look, VETO: _on_reason, LIFT: _on_reason,
}  # fmt: skip
