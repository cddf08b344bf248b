"""A duty as one person sees it: what, by when, how they stand, and what they can press."""

from handlers.staff.duties.finding import duty_of, list_row
from handlers.staff.duties.rows import answer_rows, head_rows, material_rows
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.deposits import deposits_of
from storage.duties.assignments import Assignment, AssignmentState, Excuse
from storage.duties.book import Answers
from storage.duties.mine import Owing
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.progress import progress_of
from storage.duties.submissions import (
    Submission,
    SubmissionStage,
    history_of,
    matter_of,
    open_sealed,
)
from storage.duties.wording import duty_text
from storage.errors import SealError
from storage.members import Role
from storage.messages import Reply
from storage.staff.employees import Employee, employee_name


def duty_view(turn: Turn, owing: Owing, news: str = "") -> Reply:
    """What somebody owes, in full, for their private chat."""
    sight, occurrence, assignment = Sight.of(turn), owing.occurrence, owing.assignment
    lines = [
        news, *_about(turn, occurrence), _due(owing, sight), _for_office(owing, sight),
        state_words(owing, sight), _extension(assignment, sight), *_handed_in(assignment, sight),
    ]  # fmt: skip
    rows = [*answer_rows(turn, owing), *material_rows(turn, occurrence), *head_rows(turn, occurrence)]
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
    rows = [*material_rows(turn, occurrence), *head_rows(turn, occurrence), list_row(turn)]
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


def said_in(submission: Submission, column: str, sight: Sight) -> str:
    """The `words` or `remark`; a sentence in their place where they do not open."""
    try:
        return open_sealed(submission, column, vault=sight.house.vault)
    except SealError:
        return sight.words("duties.unopened")


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
    name = employee_name(sight.session.get(Employee, assignment.done_by), vault=sight.house.vault)
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
    name = employee_name(sight.session.get(Employee, submission.employee_id), vault=sight.house.vault)
    at = sight.at(submission.created_at)
    key = "duties.handed_in_files" if files else "duties.handed_in"
    return sight.words(key, name=name or sight.words("duties.former"), at=at, files=files)
