"""Makes words of what was left about one person's duty, at the moment they are sent: private chats alone."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.staff.duties.finding import looks_in
from handlers.staff.duties.view import duty_view, overseer_view, said_in
from handlers.telling import member_addressed
from handlers.triage.sight import Sight
from handlers.turn import Desk, Turn
from handlers.words import Words
from storage.dialogues import Dialogue
from storage.duties.assignments import Assignment, AssignmentState, Extension, open_wish
from storage.duties.book import Answers
from storage.duties.completing import occurrence_of
from storage.duties.extending import may_decide, token_of
from storage.duties.mine import owing
from storage.duties.occurrences import Occurrence
from storage.duties.submission_access import may_open
from storage.duties.submissions import (
    Submission,
    SubmissionStage,
    assignment_of,
    find_submission,
    handed_in_for,
    occurrence_for,
)
from storage.errors import SealError
from storage.letters import Letter
from storage.members import Member
from storage.messages import Choice, Inbound, Reply
from storage.staff.employees import Employee, employee_name, employee_of

NOTICES = frozenset({"due.open", "due.handed_in", "due.given_back", "due.wish", "due.granted", "due.refused"})


def answer_notice(
    letter: Letter, arguments: dict[str, Any], *, session: Session, desk: Desk, words: Words, now: datetime
) -> Reply | None:
    """The words for one of NOTICES; None where it is over, or whoever reads here may not know of it."""
    member = member_addressed(letter, session)
    if member is None or not member.active or letter.is_group:
        return None
    sight = Sight(session, desk.house, words, now, member)
    what = (letter.notice or "").partition(".")[2]
    if what == "open":
        return _opened(arguments, member, letter, sight, desk)
    if what in ("handed_in", "given_back"):
        submission = find_submission(session, int(arguments.get("submission") or 0))
        if submission is None:
            return None
        return (_handed_in if what == "handed_in" else _given_back)(submission, member, sight)
    assignment = session.get(Assignment, arguments.get("assignment"))
    if assignment is None:
        return None
    return _wish(assignment, member, sight) if what == "wish" else _decided(assignment, member, what, sight)


def _opened(
    arguments: dict[str, Any], member: Member, letter: Letter, sight: Sight, desk: Desk
) -> Reply | None:
    """What was pressed in a group, in the private chat of whoever pressed."""
    occurrence = sight.session.get(Occurrence, arguments.get("occurrence"))
    if occurrence is None:
        return None
    inbound = Inbound(letter.channel or "", "", "", "")
    turn = Turn(
        inbound,
        member.sender,
        letter.chat or "",
        member,
        Dialogue(),
        sight.session,
        desk,
        sight.words,
        sight.now,
    )
    owed = owing(sight.session, occurrence.id or 0, employee_of(sight.session, member))
    if owed is not None:
        return duty_view(turn, owed)
    return overseer_view(turn, occurrence) if looks_in(turn, occurrence) else None


def _handed_in(submission: Submission, member: Member, sight: Sight) -> Reply | None:
    """Without a word of what was handed in; of people only how many."""
    own = employee_of(sight.session, member)
    if submission.stage is not SubmissionStage.HANDED_IN or (own and own.id == submission.employee_id):
        return None
    if not may_open(sight.session, submission, member, sight.house.hospital):
        return None
    occurrence = occurrence_for(sight.session, submission)
    office = assignment_of(sight.session, submission).office
    if occurrence.each is Answers.OFFICE:
        text = sight.words("duties.told_handed_in", office=office, title=occurrence.title)
        see = Choice(sight.words("duties.see"), f"due:see:{submission.id}")
        return Reply(text, ((see,),))
    count = len(handed_in_for(sight.session, occurrence.id or 0))
    text = sight.words("duties.told_heap", title=occurrence.title, count=count)
    return Reply(text, ((Choice(sight.words("duties.heap"), f"due:heap:{occurrence.id}:0"),),))


def _given_back(submission: Submission, member: Member, sight: Sight) -> Reply | None:
    own = employee_of(sight.session, member)
    if submission.stage is not SubmissionStage.RETURNED or own is None or own.id != submission.employee_id:
        return None
    occurrence = occurrence_for(sight.session, submission)
    remark = said_in(submission, "remark", sight)
    again = Choice(sight.words("duties.submit_again"), f"due:submit:{occurrence.id}")
    return Reply(sight.words("duties.told_back", title=occurrence.title, remark=remark), ((again,),))


def _wish(assignment: Assignment, member: Member, sight: Sight) -> Reply | None:
    undecided = assignment.extension is Extension.ASKED and assignment.state is AssignmentState.OPEN
    if not undecided or not may_decide(sight.session, assignment, member, house=sight.house):
        return None
    asker = sight.session.get(Employee, assignment.wished_by) if assignment.wished_by else None
    try:
        reason = open_wish(assignment, vault=sight.house.vault)
    except SealError:
        reason = sight.words("duties.unopened")
    occurrence = occurrence_of(sight.session, assignment)
    text = sight.words(
        "duties.told_wish", name=employee_name(asker, vault=sight.house.vault),
        office=assignment.office, reason=reason, title=occurrence.title, due=sight.at(occurrence.due_at),
        at=sight.at(assignment.wished_until or sight.now),
    )  # fmt: skip
    decide = [
        Choice(sight.words(f"duties.{verb}"), f"due:{verb}:{assignment.id}:{token_of(assignment)}")
        for verb in ("grant", "refuse")
    ]
    return Reply(text, (tuple(decide),))


def _decided(assignment: Assignment, member: Member, what: str, sight: Sight) -> Reply | None:
    own = employee_of(sight.session, member)
    if own is None or own.id != assignment.wished_by or str(assignment.extension) != what:
        return None
    occurrence = occurrence_of(sight.session, assignment)
    at = sight.at(assignment.wished_until or occurrence.due_at)
    due = sight.at(occurrence.due_at)
    text = sight.words(f"duties.told_{what}", title=occurrence.title, at=at, due=due)
    return Reply(text, ((Choice(sight.words("duties.open_it"), f"due:open:{occurrence.id}"),),))
