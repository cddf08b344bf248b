"""Several duties in one message: the morning's digest of one person, and of a group."""

from collections.abc import Sequence

from handlers.staff.duties.card import duty_card, moved_card, progress_line, start_button, whole_day
from handlers.triage.sight import Sight
from storage.duties.assignments import due_for
from storage.duties.cards import DutyCard, DutyCardItem, items_of, progress_on
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.progress import progress_of
from storage.duties.reminding import Owing
from storage.duties.stepping import days_overdue
from storage.groups import EVERYONE
from storage.messages import Choice, Reply

_MOST = 10
"""Duties that stand in one digest, each with a button."""
_LONGEST_LABEL = 24
Rows = list[tuple[Choice, ...]]


def person_digest(owing: Sequence[Owing], sight: Sight) -> Reply | None:
    """What is open for one person: nothing, one card, or a line and a button for each."""
    if not owing:
        return None
    if len(owing) == 1:
        occurrence, assignment = owing[0]
        progress = progress_of(sight.session, occurrence.id or 0, assignment.office)
        return duty_card(
            occurrence, sight=sight, assignment=assignment, office=assignment.office, progress=progress,
            group=False,
        )  # fmt: skip
    lines = [sight.words("due.digest", count=len(owing))]
    rows: Rows = []
    for number, one in enumerate(owing[:_MOST], 1):
        mark, at = _mark(one, sight), whole_day(due_for(one.assignment, one.occurrence), sight)
        lines.append(
            sight.words("due.digest_line", number=number, mark=mark, title=one.occurrence.title, at=at)
        )
        label = sight.words("due.button_open", mark=f"{number}. ", title=one.occurrence.title)
        rows.append((Choice(label[:_LONGEST_LABEL], f"due:open:{one.occurrence.id}"),))
    if len(owing) > _MOST:
        lines.append(sight.words("due.digest_more", count=len(owing) - _MOST))
        rows.append((Choice(sight.words("due.button_list"), "due:list:0"),))
    return Reply("\n".join(lines), tuple(rows))


def group_card(card: DutyCard, office: str, sight: Sight) -> Reply | None:
    """What a group reads: the one duty's card, or a digest of several; no names, and nothing of who wrote.

    None where nothing on it is owed there any more before it was ever shown.
    """
    items = items_of(sight.session, card)
    if card.reference is None and not any(_is_owed(card, *one, sight) for one in items):
        return None
    if len(items) == 1:
        item, occurrence = items[0]
        if item.moved:
            return moved_card(occurrence, sight)
        progress = progress_on(sight.session, card, occurrence)
        return duty_card(
            occurrence, sight=sight, assignment=None, office=office, progress=progress, group=True
        )
    title = "due.digest_group_house" if office == EVERYONE else "due.digest_group"
    lines = [sight.words(title, count=len(items))]
    rows: Rows = []
    for number, (item, occurrence) in enumerate(items, 1):
        line, button = _group_line(card, item, occurrence, number, sight)
        lines.append(line)
        rows += [(button,)] if button is not None else []
    return Reply("\n".join(lines), tuple(rows)) if items else None


def _group_line(
    card: DutyCard, item: DutyCardItem, occurrence: Occurrence, number: int, sight: Sight
) -> tuple[str, Choice | None]:
    progress = progress_on(sight.session, card, occurrence)
    state = ""
    if item.moved:
        state = "due.card_moved"
    elif occurrence.stage is OccurrenceStage.STOPPED:
        state = "due.card_stopped"
    elif not progress.missing:
        state = "due.card_complete"
    elif occurrence.stage is OccurrenceStage.CLOSED:
        state = "due.card_over"
    if state:
        told = sight.words(state)
        return sight.words("due.digest_group_over", number=number, title=occurrence.title, state=told), None
    over = occurrence.due_at <= sight.now
    line = sight.words(
        "due.digest_group_late" if over else "due.digest_group_line", number=number, title=occurrence.title,
        at=whole_day(occurrence.due_at, sight), progress=progress_line(progress, sight),
    )  # fmt: skip
    return line, start_button(occurrence, sight, number)


def _is_owed(card: DutyCard, item: DutyCardItem, occurrence: Occurrence, sight: Sight) -> bool:
    is_open = occurrence.stage is OccurrenceStage.OPEN and not item.moved
    return is_open and progress_on(sight.session, card, occurrence).missing > 0


def _mark(one: Owing, sight: Sight) -> str:
    """【新】, 【剩3天】, 【今天】 or 【超期2天】; days are working days."""
    occurrence, due = one.occurrence, due_for(one.assignment, one.occurrence)
    today = sight.house.local_day(sight.now)
    if due <= sight.now:
        duty = sight.house.duties.by_key.get(occurrence.duty)
        days = days_overdue(due, duty, sight.house, sight.now)
        return sight.words("due.mark_over", days=days) if days else sight.words("due.mark_over_now")
    if sight.house.local_day(due) == today:
        return sight.words("due.mark_today")
    if occurrence.opened_at is not None and sight.house.local_day(occurrence.opened_at) == today:
        return sight.words("due.mark_new")
    return sight.words("due.mark_days", days=sight.working_days_to(due))
