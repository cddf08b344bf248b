"""What was handed in, for whoever receives it: a list, one of them with its files, given back with a word."""

from collections.abc import Sequence

from handlers.staff.duties.finding import list_row, looks_in, no_such, number_in, occurrence_in
from handlers.staff.duties.view import said_in, submission_line
from handlers.staff.leaving_off import meant_for_others
from handlers.triage.sight import Sight
from handlers.turn import Turn
from nlp.commands import Command, find_command
from storage.deposits import deposits_of, to_stored
from storage.duties.assignments import Assignment
from storage.duties.handing_in import give_back
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.receiving import received_lately
from storage.duties.submission_access import may_open, receives
from storage.duties.submissions import (
    Submission,
    SubmissionStage,
    assignment_of,
    find_submission,
    handed_in_for,
    matter_of,
    occurrence_for,
)
from storage.errors import SealError
from storage.event_names import EventName
from storage.events import record_event
from storage.members import Role
from storage.messages import Choice, Reply, StoredFile
from storage.outbox import announce
from storage.refusals import note_refusal
from storage.staff.employees import Employee

FLOW = "due_back"
LONGEST_REMARK = 500
_PAGE = 8


def on_heap(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """All that was handed in for one occurrence; a head of another office sees their own office's."""
    occurrence = occurrence_in(turn, arguments)
    if occurrence is None or not looks_in(turn, occurrence):
        return no_such(turn)
    everything = receives(turn.session, occurrence, turn.officer, turn.house.hospital)
    if not everything and turn.officer.role is not Role.HEAD:
        return no_such(turn)
    office = "" if everything else turn.officer.office
    heap = handed_in_for(turn.session, occurrence.id or 0, office=office)
    number = number_in(arguments, 1)
    number = number if number * _PAGE < len(heap) else 0
    here = heap[number * _PAGE : (number + 1) * _PAGE]
    rows = [(_heap_button(turn, *one),) for one in here]
    turning = [_turn_to(turn, "previous", occurrence.id, number - 1)] if number else []
    if (number + 1) * _PAGE < len(heap):
        turning.append(_turn_to(turn, "next", occurrence.id, number + 1))
    ways = [tuple(turning)] if turning else []
    return [
        turn.reply(
            "duties.heap_title" if heap else "duties.heap_empty", (*rows, *ways, list_row(turn)), edit=True,
            title=occurrence.title, count=len(heap),
        )
    ]  # fmt: skip


def on_heaps(turn: Turn, _arguments: Sequence[str]) -> list[Reply]:
    """For which duties something came in lately that whoever asks receives."""
    heaps = received_lately(turn.session, turn.officer, turn.house.hospital, now=turn.now)
    rows = [
        (Choice(turn.words("duties.heaps_line", title=one.title, count=count), f"due:heap:{one.id}:0"),)
        for one, count in heaps
    ]
    key = "duties.heaps_title" if heaps else "duties.heaps_empty"
    return [turn.reply(key, (*rows, list_row(turn)), edit=True)]


def on_see(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """One of them, with its words and files."""
    submission = find_submission(turn.session, number_in(arguments))
    if submission is None or not may_open(turn.session, submission, turn.officer, turn.house.hospital):
        note_refusal(turn.session, turn.officer, "file", now=turn.now, submission=number_in(arguments))
        return no_such(turn)
    sight, occurrence = Sight.of(turn), occurrence_for(turn.session, submission)
    assignment = assignment_of(turn.session, submission)
    if not _is_own(turn, submission):
        record_event(
            turn.session, f"member:{turn.officer.id}", EventName.SUBMISSION_READ, now=turn.now,
            submission=submission.id,
        )  # fmt: skip
    files, broken = _files(turn, submission)
    lines = [
        turn.words("duties.seen_title", title=occurrence.title, office=assignment.office),
        submission_line(submission, sight), said_in(submission, "words", sight),
        turn.words(f"duties.stage_{submission.stage}") if _is_past(submission) else "",
        turn.words("duties.unopened") if broken else "",
    ]  # fmt: skip
    rows: list[tuple[Choice, ...]] = (
        [(_back_button(turn, submission),)] if _may_give_back(turn, submission) else []
    )
    rows += [_heap_row(turn, occurrence)] if looks_in(turn, occurrence) else []
    return [Reply("\n".join(filter(None, lines)), (*rows, list_row(turn)), files)]


def on_back(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """退回: asks what is missing."""
    submission = find_submission(turn.session, number_in(arguments))
    if submission is None or not may_open(turn.session, submission, turn.officer, turn.house.hospital):
        note_refusal(turn.session, turn.officer, "action", now=turn.now, wish="give_back")
        return no_such(turn)
    if not _may_give_back(turn, submission):
        return [turn.reply("duties.back_over", (list_row(turn),), toast=turn.words("duties.back_over"))]
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.data = FLOW, {"submission": submission.id}
    return [turn.reply("duties.ask_back", (_see_row(turn, submission),))]


def on_back_words(turn: Turn) -> list[Reply] | None:
    """The word with which it is given back."""
    if meant_for_others(turn):
        return None
    submission = find_submission(turn.session, int(turn.dialogue.data.get("submission") or 0))
    text = turn.inbound.text.strip()
    if submission is None or not _may_give_back(turn, submission):
        turn.dialogue.clear()
        return [turn.reply("duties.back_over", (list_row(turn),))]
    if find_command(text) is Command.BACK:
        turn.dialogue.clear()
        return [turn.reply("duties.back_left", (_see_row(turn, submission),))]
    if not any(map(str.isalnum, text)) or len(text) > LONGEST_REMARK:
        return [turn.reply("duties.back_length", (_see_row(turn, submission),), most=LONGEST_REMARK)]
    turn.dialogue.clear()
    vault = turn.house.vault
    if not give_back(turn.session, submission, text, vault=vault, now=turn.now):
        return [turn.reply("duties.back_over", (list_row(turn),))]
    record_event(
        turn.session, f"member:{turn.officer.id}", EventName.SUBMISSION_RETURNED, now=turn.now,
        submission=submission.id,
    )  # fmt: skip
    employee = turn.session.get(Employee, submission.employee_id)
    if employee is not None and employee.member_id is not None:
        audience = f"member:{employee.member_id}"
        announce(turn.session, audience, "due.given_back", now=turn.now, submission=submission.id)
    heap = _heap_row(turn, occurrence_for(turn.session, submission))
    return [turn.reply("duties.given_back", (heap, list_row(turn)))]


def _may_give_back(turn: Turn, submission: Submission) -> bool:
    """Whoever receives it may, but nobody their own, and not what was called off."""
    occurrence = occurrence_for(turn.session, submission)
    return (
        submission.stage is SubmissionStage.HANDED_IN
        and occurrence.stage is not OccurrenceStage.STOPPED
        and receives(turn.session, occurrence, turn.officer, turn.house.hospital)
        and not _is_own(turn, submission)
    )


def _is_own(turn: Turn, submission: Submission) -> bool:
    employee = turn.session.get(Employee, submission.employee_id)
    return employee is not None and employee.member_id == turn.officer.id


def _is_past(submission: Submission) -> bool:
    return submission.stage is not SubmissionStage.HANDED_IN


def _files(turn: Turn, submission: Submission) -> tuple[tuple[StoredFile, ...], bool]:
    """The files, and whether one of them is not what was handed in."""
    good: list[StoredFile] = []
    rows = deposits_of(turn.session, matter_of(submission))
    for row in rows:
        try:
            good.append(to_stored(row, vault=turn.house.vault))
        except SealError:
            continue
    return tuple(good), len(good) < len(rows)


def _heap_button(turn: Turn, submission: Submission, assignment: Assignment) -> Choice:
    line = submission_line(submission, Sight.of(turn))
    return Choice(
        turn.words("duties.heap_line", office=assignment.office, line=line), f"due:see:{submission.id}"
    )


def _heap_row(turn: Turn, occurrence: Occurrence) -> tuple[Choice, ...]:
    return (Choice(turn.words("duties.heap"), f"due:heap:{occurrence.id}:0"),)


def _turn_to(turn: Turn, name: str, occurrence_id: int | None, page: int) -> Choice:
    return Choice(turn.words(f"desk.{name}"), f"due:heap:{occurrence_id}:{page}")


def _back_button(turn: Turn, submission: Submission) -> Choice:
    return Choice(turn.words("duties.give_back"), f"due:back:{submission.id}")


def _see_row(turn: Turn, submission: Submission) -> tuple[Choice, ...]:
    return (Choice(turn.words("duties.not_back"), f"due:see:{submission.id}"),)
