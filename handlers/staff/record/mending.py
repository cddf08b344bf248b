"""What was entered into a record is struck, or a veto taken back."""

from handlers.staff.hand_ins.words import day_words
from handlers.staff.record.filling import begin_lifting, record_button
from handlers.staff.record.finding import MOST
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.errors import RecordRefused
from storage.messages import Choice, Reply
from storage.staff.employees import Employee
from storage.staff.record import RecordEntry, Veto, VetoState
from storage.staff.record_reading import entries_of
from storage.staff.record_writing import strike


def lift(turn: Turn, employee: Employee, number: int) -> list[Reply]:
    """Asks why a veto is to be taken back. Raises RecordRefused."""
    veto = turn.session.get(Veto, number)
    if veto is None or veto.employee_id != employee.id or veto.state is not VetoState.STANDING:
        raise RecordRefused("moved")
    return begin_lifting(turn, employee, veto)


def strikes(turn: Turn, employee: Employee) -> Reply:
    """What can be struck."""
    sight = Sight.of(turn)
    rows = [
        (
            Choice(
                turn.words(
                    "record.strike_button", kind=turn.words(f"record.section_{one.kind}"),
                    day=day_words(one.on_day, sight),
                ),
                f"record:strike:{employee.id}:{one.id}",
            ),
        )
        for one in entries_of(turn.session, employee)[:MOST]
    ]  # fmt: skip
    back = (record_button(turn, "back_to_record", f"open:{employee.id}"),)
    return turn.reply("record.strike_which", (*rows, back), edit=True)


def strike_one(turn: Turn, employee: Employee, number: int) -> list[Reply]:
    """One entry is struck. Raises RecordRefused."""
    entry = turn.session.get(RecordEntry, number)
    if entry is None or entry.employee_id != employee.id:
        raise RecordRefused("gone")
    strike(turn.session, entry, turn.officer, house=turn.house, now=turn.now)
    back = ((record_button(turn, "back_to_record", f"open:{employee.id}"),),)
    return [turn.reply("record.struck", back, edit=True)]
