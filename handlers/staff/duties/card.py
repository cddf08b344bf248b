"""The card of one duty, in a private chat or a group: what, by when, for whom, how far, and what to press."""

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.triage.sight import Sight
from storage.duties.assignments import Assignment, AssignmentState, due_for
from storage.duties.book import Answers, Owed, Proof
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.progress import Progress
from storage.duties.wording import duty_text
from storage.groups import EVERYONE
from storage.messages import Choice, Reply

_DOTS = 10
_LONGEST_IN_GROUP = 600
"""Characters of a duty's text in a group; in a private chat it stands in full."""
_STARTS = {
    Proof.READING: "due:read", Proof.QUIZ: "quiz:begin", Proof.FORM: "fill:begin", Proof.FILE: "due:submit",
    Proof.FIGURE: "due:submit", Proof.TEXT: "due:submit",
}  # fmt: skip


def duty_card(
    occurrence: Occurrence,
    *,
    sight: Sight,
    assignment: Assignment | None,
    office: str,
    progress: Progress,
    group: bool,
) -> Reply:
    """One duty as it stands now; `progress` is that of `office` (EVERYONE: of the whole house).

    In a private chat `assignment` is what the reader owes; a group has none, and reads no name.
    """
    title = "due.card_whole_house" if group and office == EVERYONE else "due.card_title"
    lines = [
        sight.words(title, title=occurrence.title),
        _text(occurrence, sight, group=group),
        _link(occurrence, sight),
        _due(occurrence, assignment, sight, group=group),
        _for_whom(occurrence, sight),
        progress_line(progress, sight, "" if group else "house" if office == EVERYONE else "office"),
        _standing(occurrence, assignment, progress, sight),
    ]
    ends = (OccurrenceStage.CLOSED, OccurrenceStage.STOPPED) if group else (OccurrenceStage.STOPPED,)
    answered = assignment is not None and assignment.state is not AssignmentState.OPEN
    complete = group and not progress.missing
    shut = occurrence.stage in ends or answered or complete
    return Reply("\n".join(filter(None, lines)), () if shut else buttons(occurrence, sight))


def moved_card(occurrence: Occurrence, sight: Sight) -> Reply:
    """In the place of an older card in a group: there is a newer one below."""
    title = sight.words("due.card_title", title=occurrence.title)
    return Reply(f"{title}\n{sight.words('due.card_moved')}")


def buttons(occurrence: Occurrence, sight: Sight) -> tuple[tuple[Choice, ...], ...]:
    """What answers it, and the wish for more time."""
    later = Choice(sight.words("due.button_later"), f"due:later:{occurrence.id}")
    return ((start_button(occurrence, sight), later),)


def start_button(occurrence: Occurrence, sight: Sight, number: int = 0) -> Choice:
    """The button that answers it; with its `number` in a list of several."""
    label = sight.words(f"due.button_{occurrence.proof}")
    if number:
        label = sight.words("due.button_numbered", number=number, label=label)
    return Choice(label, f"{_STARTS[occurrence.proof]}:{occurrence.id}")


def dots(progress: Progress) -> str:
    """How far, as ten dots: full only when all have answered, empty only when nobody has."""
    if not progress.missing:
        return "●" * _DOTS
    full = int(progress.share * _DOTS)
    full = max(1, full) if progress.done else 0
    return "●" * full + "○" * (_DOTS - full)


def progress_line(progress: Progress, sight: Sight, whose: str = "") -> str:
    """●●●○ 37/40, perhaps with whose it is (`office`, `house`); who is excused is told apart."""
    if not progress.expected and not progress.excused:
        return ""
    key = f"due.card_progress_{whose}" if whose else "due.card_progress"
    line = sight.words(key, dots=dots(progress), done=progress.done, expected=progress.expected)
    return line + (sight.words("due.card_excused", count=progress.excused) if progress.excused else "")


def whole_day(moment: datetime, sight: Sight) -> str:
    """Such as 12月5日（周五）17:00; with the year where it is not this one."""
    zone = ZoneInfo(sight.house.hospital.timezone)
    local, today = moment.astimezone(zone), sight.now.astimezone(zone)
    return sight.words(
        "due.whole_day" if local.year == today.year else "due.whole_day_year", year=local.year,
        month=local.month, day=local.day, clock=f"{local:%H:%M}",
        weekday=sight.words("due.weekdays").split()[local.weekday()],
    )  # fmt: skip


def _text(occurrence: Occurrence, sight: Sight, *, group: bool) -> str:
    text = duty_text(occurrence, sight.house.duties)
    if group and len(text) > _LONGEST_IN_GROUP:
        return text[:_LONGEST_IN_GROUP] + sight.words("due.cut")
    return text


def _link(occurrence: Occurrence, sight: Sight) -> str:
    duty = sight.house.duties.by_key.get(occurrence.duty)
    return sight.words("due.card_link", link=duty.link) if duty is not None and duty.link else ""


def _due(occurrence: Occurrence, assignment: Assignment | None, sight: Sight, *, group: bool) -> str:
    """In a group without the days that are left: they would be wrong tomorrow."""
    if group or assignment is None:
        overdue = sight.words("due.card_overdue") if occurrence.due_at <= sight.now else ""
        return sight.words("due.card_due_group", at=whole_day(occurrence.due_at, sight), overdue=overdue)
    due = due_for(assignment, occurrence)
    key = "due.card_due" if due == occurrence.due_at else "due.card_extended"
    return sight.words(key, at=whole_day(due, sight), left=sight.left(due))


def _for_whom(occurrence: Occurrence, sight: Sight) -> str:
    duty = sight.house.duties.by_key.get(occurrence.duty)
    if occurrence.scope or duty is None:
        return sight.words("due.card_for", who=occurrence.scope) if occurrence.scope else ""
    return sight.words("due.card_for", who=_who(duty.owed_by, occurrence.each, sight))


def _who(owed: Owed, each: Answers, sight: Sight) -> str:
    everyone = sight.words("due.every_office" if each is Answers.OFFICE else "due.everyone")
    between = sight.words("card.and")
    who = everyone if owed.everyone else between.join((*owed.offices, *owed.groups)) or everyone
    if not owed.roles:
        return who
    roles = between.join(sight.words(f"due.role_{role}") for role in owed.roles)
    return sight.words("due.with_roles", who=who, roles=roles)


def _standing(occurrence: Occurrence, assignment: Assignment | None, progress: Progress, sight: Sight) -> str:
    if occurrence.stage is OccurrenceStage.STOPPED:
        return sight.words("due.card_stopped")
    if assignment is not None:
        return _mine(occurrence, assignment, sight)
    if progress.expected and not progress.missing:
        return sight.words("due.card_complete")
    return sight.words("due.card_over") if occurrence.stage is OccurrenceStage.CLOSED else ""


def _mine(occurrence: Occurrence, assignment: Assignment, sight: Sight) -> str:
    match assignment.state:
        case AssignmentState.DONE:
            office = occurrence.each is Answers.OFFICE
            return sight.words("due.card_done_office" if office else "due.card_done")
        case AssignmentState.EXCUSED:
            return sight.words("due.card_excused_you")
        case AssignmentState.OPEN:
            return ""
