"""A duty as one person sees it: what, by when, how they stand, and what they can press."""

from handlers.staff.duties.finding import list_row, looks_in, oversees_it
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.deposits import deposits_of
from storage.duties.assignments import Assignment, AssignmentState, Excuse
from storage.duties.book import Answers, Duty, Proof
from storage.duties.extending import Asking, may_ask
from storage.duties.mine import Owing
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.progress import progress_of
from storage.duties.readings import may_take_back
from storage.duties.signing import name_of
from storage.duties.submission_access import receives
from storage.duties.submissions import (
    Submission,
    SubmissionStage,
    current,
    history_of,
    matter_of,
    may_hand_in,
    open_sealed,
)
from storage.duties.wording import duty_text
from storage.errors import SealError
from storage.members import Role
from storage.messages import Choice, Reply
from storage.staff.employees import Employee

_HANDED_IN = (Proof.FILE, Proof.FIGURE, Proof.TEXT)
Row = tuple[Choice, ...]


def duty_view(turn: Turn, owing: Owing, news: str = "") -> Reply:
    """What somebody owes, in full, for their private chat."""
    sight, occurrence, assignment = Sight.of(turn), owing.occurrence, owing.assignment
    lines = [
        news, *_about(turn, occurrence), _due(owing, sight), _for_office(owing, sight),
        state_words(owing, sight), _extension(assignment, sight), *_handed_in(assignment, sight),
    ]  # fmt: skip
    rows = [*_answer_rows(turn, owing), *_material_rows(turn, occurrence), *_head_rows(turn, occurrence)]
    text = "\n".join(filter(None, lines))
    return Reply(text, (*rows, list_row(turn)), edits=turn.inbound.pressed)


def overseer_view(turn: Turn, occurrence: Occurrence, news: str = "") -> Reply:
    """A duty for a head, or whoever receives what is handed in, who owe nothing of it themselves."""
    sight = Sight.of(turn)
    member, hospital = turn.officer, turn.house.hospital
    own = member.role is Role.HEAD and member.office != hospital.discipline_office
    counted = progress_of(turn.session, occurrence.id or 0, member.office if own else "")
    due = turn.words("duties.due", at=sight.at(occurrence.due_at), left=sight.left(occurrence.due_at))
    how_far = turn.words(
        "duties.how_far", office=member.office if own else turn.words("duties.whole_house"),
        done=counted.done, expected=counted.expected,
    )  # fmt: skip
    stopped = turn.words("duties.stopped") if occurrence.stage is OccurrenceStage.STOPPED else ""
    lines = [news, *_about(turn, occurrence), due, how_far, stopped]
    rows = [*_material_rows(turn, occurrence), *_head_rows(turn, occurrence), list_row(turn)]
    return Reply("\n".join(filter(None, lines)), tuple(rows), edits=turn.inbound.pressed)


def state_words(owing: Owing, sight: Sight) -> str:
    """How it stands for them: open, done, excused, taken back by the house."""
    assignment, occurrence, words = owing.assignment, owing.occurrence, sight.words
    if occurrence.stage is OccurrenceStage.STOPPED:
        return words("duties.stopped")
    match assignment.state:
        case AssignmentState.DONE:
            at = sight.at(assignment.done_at or sight.now)
            key = "duties.done_late" if assignment.late else "duties.done"
            return words(key, at=at, who=_done_by(assignment, sight))
        case AssignmentState.EXCUSED:
            return words(f"duties.excused_{assignment.excuse or Excuse.HEAD}")
        case AssignmentState.OPEN:
            read = " " if assignment.acknowledged_at is None else "_read"
            key = f"duties.open{read.strip()}_{occurrence.proof}"
            said = words(key) if words.has(key) else words(f"duties.open_{occurrence.proof}")
            return f"{said}{words('duties.overdue')}" if owing.due_at <= sight.now else said
    return ""


def answer_button(turn: Turn, occurrence: Occurrence) -> Choice:
    """The button with which a duty is answered."""
    match occurrence.proof:
        case Proof.READING:
            name, value = "read", f"due:read:{occurrence.id}"
        case Proof.QUIZ:
            name, value = "quiz", f"quiz:begin:{occurrence.id}"
        case Proof.FORM:
            name, value = "form", f"fill:begin:{occurrence.id}"
        case _:
            name, value = "submit", f"due:submit:{occurrence.id}"
    return Choice(turn.words(f"duties.{name}"), value)


def said_in(submission: Submission, column: str, sight: Sight) -> str:
    """The `words` or `remark`; a sentence in their place where they do not open."""
    try:
        return open_sealed(submission, column, vault=sight.house.vault)
    except SealError:
        return sight.words("duties.unopened")


def duty_of(turn: Turn, occurrence: Occurrence) -> Duty | None:
    """The duty in the book, if it still stands there."""
    return turn.house.duties.by_key.get(occurrence.duty)


def _about(turn: Turn, occurrence: Occurrence) -> list[str]:
    duty = duty_of(turn, occurrence)
    link = turn.words("duties.link", link=duty.link) if duty is not None and duty.link else ""
    title = turn.words("duties.title", title=occurrence.title)
    return [title, duty_text(occurrence, turn.house.duties), link]


def _due(owing: Owing, sight: Sight) -> str:
    done = owing.assignment.state is not AssignmentState.OPEN
    key = "duties.due_was" if done else "duties.due"
    return sight.words(key, at=sight.at(owing.due_at), left=sight.left(owing.due_at))


def _for_office(owing: Owing, sight: Sight) -> str:
    if owing.occurrence.each is not Answers.OFFICE:
        return ""
    return sight.words("duties.for_office", office=owing.assignment.office)


def _done_by(assignment: Assignment, sight: Sight) -> str:
    """Who answered for the office; nothing where everybody answers for themselves."""
    if assignment.employee_id is not None or assignment.done_by is None:
        return ""
    name = name_of(sight.session.get(Employee, assignment.done_by), sight.house.vault)
    return sight.words("duties.by", name=name) if name else ""


def _extension(assignment: Assignment, sight: Sight) -> str:
    if assignment.extension is None or assignment.state is not AssignmentState.OPEN:
        return ""
    return sight.words(
        f"duties.extension_{assignment.extension}", at=sight.at(assignment.wished_until or sight.now)
    )


def _handed_in(assignment: Assignment, sight: Sight) -> list[str]:
    """What holds, or the word with which the last one was given back."""
    newest = next(iter(history_of(sight.session, assignment)), None)
    if newest is None:
        return []
    if newest.stage is SubmissionStage.RETURNED:
        return [sight.words("duties.returned", remark=said_in(newest, "remark", sight))]
    if newest.stage is not SubmissionStage.HANDED_IN:
        return []
    return [submission_line(newest, sight)]


def submission_line(submission: Submission, sight: Sight) -> str:
    """Who handed in, when, and how many files."""
    files = len(deposits_of(sight.session, matter_of(submission)))
    name = name_of(sight.session.get(Employee, submission.employee_id), sight.house.vault)
    at = sight.at(submission.created_at)
    return sight.words("duties.handed_in", name=name or sight.words("duties.former"), at=at, files=files)


def _answer_rows(turn: Turn, owing: Owing) -> list[Row]:
    occurrence, assignment = owing.occurrence, owing.assignment
    if occurrence.stage is OccurrenceStage.STOPPED:
        return []
    rows: list[Row] = []
    if assignment.state is not AssignmentState.DONE:
        rows.append((answer_button(turn, occurrence),))
    elif occurrence.proof in _HANDED_IN:
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


def _material_rows(turn: Turn, occurrence: Occurrence) -> list[Row]:
    duty = duty_of(turn, occurrence)
    if duty is None or not duty.file:
        return []
    return [(Choice(turn.words("duties.material"), f"due:material:{occurrence.id}"),)]


def _head_rows(turn: Turn, occurrence: Occurrence) -> list[Row]:
    """For heads and for whoever receives what is handed in."""
    if not looks_in(turn, occurrence):
        return []
    received = receives(turn.session, occurrence, turn.officer, turn.house.hospital)
    row: list[Choice] = []
    if occurrence.proof in _HANDED_IN and (received or turn.officer.role is Role.HEAD):
        row.append(Choice(turn.words("duties.heap"), f"due:heap:{occurrence.id}:0"))
    if oversees_it(turn):
        row.append(Choice(turn.words("duties.people"), f"due:people:{occurrence.id}:0"))
        if occurrence.proof is Proof.FORM:
            row.append(Choice(turn.words("duties.signers"), f"fill:list:{occurrence.id}:0"))
    return [tuple(row)] if row else []
