"""Opens what has to be done for one patient, and adds to it what the patient says later."""

import secrets
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from storage.followup.surveys import Survey
from storage.followup.task_moves import move_task
from storage.followup.task_people import office_for, text_in
from storage.followup.task_reminders import begin_reminders
from storage.followup.tasks import Task, TaskKind, TaskState, keep_sealed
from storage.house import House
from storage.outbox import announce

LOW = 2
"""The highest rating that somebody must look after."""
LONGEST = 4000
"""Characters kept of what a patient says for a task."""


def open_task(
    session: Session,
    kind: TaskKind,
    survey: Survey,
    *,
    words: str = "",
    phone: str = "",
    score: int | None = None,
    call_wanted: bool = False,
    ask_again: bool = False,
    accused: bool = False,
    house: House,
    now: datetime,
) -> Task:
    """A task for the department of a survey, or for who stands in (see office_for); its people are told.

    There is one open task of a kind for a survey: what comes later is added to it and told as well; a rating
    that was corrected to a good one ends it, where nobody has begun and nothing was asked for. Nothing
    of the opening stands in the trail: beside a report of the same minute it would say whose that is.
    """
    before = open_task_of(session, kind, survey)
    if before is not None:
        before.score = score if score is not None else before.score
        if _is_over(before):
            before.state, before.done_at, before.next_at = TaskState.DONE, _day_of(now, house), None
            before.version += 1
            session.add(before)
            session.flush()
            announce(session, f"tasks:{before.id}", "task.gone", now=now, task=before.id)
            return before
        _add(
            session, before, words=words, phone=phone, call_wanted=call_wanted, ask_again=ask_again,
            accused=accused, house=house, now=now,
        )  # fmt: skip
        return before
    office, apart = office_for(session, kind, survey.department, words=words, accused=accused, house=house)
    task = Task(
        uid=secrets.token_hex(8), kind=kind, survey_id=survey.id, department=survey.department,
        ward=survey.ward, office=office, score=score, call_wanted=call_wanted, ask_again=ask_again,
        apart=apart, opened_at=now if kind is TaskKind.CALLBACK else _day_of(now, house), due_at=now,
    )  # fmt: skip
    keep_sealed(task, "words", words[-LONGEST:], vault=house.vault)
    keep_sealed(task, "phone", phone, vault=house.vault)
    begin_reminders(task, house=house, now=now)
    session.add(task)
    session.flush()
    announce(session, f"tasks:{task.id}", "task.new", now=now, task=task.id)
    return task


def open_task_of(session: Session, kind: TaskKind, survey: Survey) -> Task | None:
    """The task of this kind for a survey that is not done yet."""
    mine = (Task.survey_id == survey.id, Task.kind == kind, Task.state != TaskState.DONE)
    return session.exec(select(Task).where(*mine).order_by(col(Task.id).desc()).limit(1)).first()


def add_wish(
    session: Session,
    task: Task,
    *,
    words: str = "",
    phone: str = "",
    call_wanted: bool = False,
    ask_again: bool = False,
    house: House,
    now: datetime | None = None,
) -> None:
    """What the patient agreed to after the task was opened: that it be read there, a call, another question.

    Empty and False change nothing. Its people are told, but not of the wish to be asked once more. Words that
    accuse somebody who has the task take it away from them. A task that is done stays as it is.
    """
    if task.state is not TaskState.DONE:
        _add(
            session, task, words=words, phone=phone, call_wanted=call_wanted, ask_again=ask_again,
            accused=False, house=house, now=now or task.opened_at,
        )  # fmt: skip


def _is_over(task: Task) -> bool:
    """Whether a low rating is none any more, and nothing but the rating was there to look after."""
    corrected = task.kind is TaskKind.RECOVERY and task.score is not None and task.score > LOW
    wished = task.words is not None or task.phone is not None or task.call_wanted
    return corrected and not wished and task.state is TaskState.OPEN


def _add(
    session: Session,
    task: Task,
    *,
    words: str,
    phone: str,
    call_wanted: bool,
    ask_again: bool,
    accused: bool,
    house: House,
    now: datetime,
) -> None:
    vault, said = house.vault, text_in(task, "words", vault=house.vault)
    if words and words not in said:
        said = "\n".join(filter(None, [said, words]))[-LONGEST:]
        keep_sealed(task, "words", said, vault=vault)
    if phone:
        keep_sealed(task, "phone", phone, vault=vault)
    news = bool(words or phone or (call_wanted and not task.call_wanted))
    task.call_wanted, task.ask_again = task.call_wanted or call_wanted, task.ask_again or ask_again
    task.version += news
    moved = _keep_from_the_accused(session, task, said, accused=accused or task.apart, house=house)
    session.add(task)
    session.flush()
    if news or moved:
        what = "task.new" if moved else "task.more"
        announce(session, f"tasks:{task.id}", what, now=now, task=task.id)


def _keep_from_the_accused(session: Session, task: Task, words: str, *, accused: bool, house: House) -> bool:
    """Moves the task where its words now forbid the department to have it; returns whether they did."""
    office, apart = office_for(session, task.kind, task.department, words=words, accused=accused, house=house)
    task.apart = apart
    if not apart or task.office != task.department:
        return False
    move_task(task, office, vault=house.vault)
    return True


def _day_of(now: datetime, house: House) -> datetime:
    zone = ZoneInfo(house.hospital.timezone)
    return datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone).astimezone(now.tzinfo)
