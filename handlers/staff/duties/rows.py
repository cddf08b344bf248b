"""The buttons below a duty, for who owes it, for heads, and for who receives what is handed in."""

from handlers.staff.duties.card import start_button
from handlers.staff.duties.finding import duty_of, looks_in, oversees_it
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.duties.assignments import AssignmentState
from storage.duties.book import Proof
from storage.duties.extending import Asking, may_ask
from storage.duties.handing_in import may_hand_in
from storage.duties.mine import Owing
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.readings import may_take_back
from storage.duties.submission_access import receives
from storage.duties.submissions import Submission, current
from storage.members import Role
from storage.messages import Choice
from storage.staff.employees import Employee

HANDED_IN = (Proof.FILE, Proof.FIGURE, Proof.TEXT)
Row = tuple[Choice, ...]


def answer_rows(turn: Turn, owing: Owing) -> list[Row]:
    """What answers it, takes the answer back, or asks for more time."""
    occurrence, assignment = owing.occurrence, owing.assignment
    if occurrence.stage is OccurrenceStage.STOPPED:
        return []
    rows: list[Row] = []
    if assignment.state is not AssignmentState.DONE:
        rows.append((start_button(occurrence, Sight.of(turn)),))
    elif occurrence.proof in HANDED_IN:
        rows += _after_handing_in(turn, owing)
    elif occurrence.proof is Proof.FORM:
        rows.append((Choice(turn.words("duties.form_again"), f"fill:begin:{occurrence.id}"),))
    employee = turn.session.get(Employee, assignment.done_by) if assignment.done_by else None
    mine = employee is not None and employee.member_id == turn.officer.id
    if mine and employee and may_take_back(turn.session, assignment, by=employee, now=turn.now):
        rows.append((Choice(turn.words("duties.slip"), f"due:unread:{occurrence.id}"),))
    if may_ask(turn.session, assignment, None, house=turn.house, now=turn.now) is Asking.ASKED:
        rows.append((Choice(turn.words("duties.later"), f"due:later:{occurrence.id}"),))
    return rows


def _after_handing_in(turn: Turn, owing: Owing) -> list[Row]:
    """Until it is due it may be replaced, and taken back by whoever handed it in."""
    held = current(turn.session, owing.assignment)
    rows: list[Row] = []
    own = held is not None and _is_mine(turn, held)
    if held is not None and own:
        rows.append((Choice(turn.words("duties.see_own"), f"due:see:{held.id}"),))
    if not may_hand_in(turn.session, owing.assignment, now=turn.now):
        return rows
    again = Choice(turn.words("duties.submit_again"), f"due:submit:{owing.occurrence.id}")
    back = Choice(turn.words("duties.withdraw"), f"due:withdraw:{held.id}") if held and own else None
    return [*rows, (again, back) if back else (again,)]


def _is_mine(turn: Turn, submission: Submission) -> bool:
    employee = turn.session.get(Employee, submission.employee_id)
    return employee is not None and employee.member_id == turn.officer.id


def material_rows(turn: Turn, occurrence: Occurrence) -> list[Row]:
    """What there is to read, where the duty names a file."""
    duty = duty_of(turn, occurrence)
    if duty is None or not duty.file:
        return []
    return [(Choice(turn.words("duties.material"), f"due:material:{occurrence.id}"),)]


def head_rows(turn: Turn, occurrence: Occurrence) -> list[Row]:
    """For heads and for whoever receives what is handed in."""
    if not looks_in(turn, occurrence):
        return []
    received = receives(turn.session, occurrence, turn.officer, turn.house.hospital)
    row: list[Choice] = []
    if occurrence.proof in HANDED_IN and (received or turn.officer.role is Role.HEAD):
        row.append(Choice(turn.words("duties.heap"), f"due:heap:{occurrence.id}:0"))
    if oversees_it(turn):
        row.append(Choice(turn.words("duties.people"), f"due:people:{occurrence.id}:0"))
        if occurrence.proof is Proof.FORM:
            row.append(Choice(turn.words("duties.signers"), f"fill:list:{occurrence.id}:0"))
    return [tuple(row)] if row else []
