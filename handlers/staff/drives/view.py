"""One drive for one member: the phase, how far all are, what their office still owes, and the ways on."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from handlers.staff.drives.wording import day_words, shortened, span
from handlers.words import Words
from storage.drives.items import ItemState
from storage.drives.permits import leads, takes_part
from storage.drives.plan import Drive
from storage.drives.reckoning import HANDED_IN, Cell, Line, Reckoning, reckon
from storage.duties.assignments import AssignmentState
from storage.duties.book import Answers
from storage.duties.mine import owing
from storage.duties.occurrences import OccurrenceStage
from storage.house import House
from storage.members import Member, Right, Role, may
from storage.messages import Choice, Reply
from storage.staff.employees import employee_of

_MOST_TO_HAND_IN = 4
_BUTTON = 18
Rows = tuple[tuple[Choice, ...], ...]


def drive_view(
    drive: Drive, member: Member, *, session: Session, house: House, words: Words, now: datetime
) -> Reply:
    """Everything of a drive that this member may see, on one screen."""
    far = reckon(session, drive, house=house, now=now)
    ours = list(_ours(far, member, session)) if takes_part(member, drive, house) else []
    lines = [words("drives.title", title=drive.title), words("drives.lead", office=drive.lead)]
    lines += [phase_line(far, words), handed_in_line(far, words), ledger_line(far, words)]
    if takes_part(member, drive, house):
        lines += ["", *_our_lines(far, member, ours, words)]
    return Reply("\n".join(lines), _rows(far, member, ours, house, words))


def phase_line(far: Reckoning, words: Words) -> str:
    """Where the drive is in its time."""
    drive, today = far.drive, far.today
    phase = drive.phase_on(today)
    if phase is not None:
        number = drive.phases.index(phase) + 1
        days = (drive.last(phase) - today).days
        left = words("drives.days_left", days=days) if days else words("drives.days_left_none")
        range_ = span(drive.first(phase), drive.last(phase), words, today=today)
        return words(
            "drives.phase", number=number, all=len(drive.phases), phase=phase.title, range=range_, left=left
        )
    if drive.is_over(today):
        return words("drives.phase_over", day=day_words(drive.over, words, today=today))
    coming = next((one for one in drive.phases if drive.first(one) > today), None)
    if coming is None:
        return words("drives.phase_summing", day=day_words(drive.over, words, today=today))
    start = day_words(drive.first(coming), words, today=today)
    key = "drives.phase_waits" if coming is drive.phases[0] else "drives.phase_between"
    return words(key, start=start, phase=coming.title)


def handed_in_line(far: Reckoning, words: Words) -> str:
    """How much of what was given out is handed in."""
    done, all_ = far.handed_in()
    if not all_:
        return words("drives.far_none")
    more = words("drives.far_to_come", count=far.to_come) if far.to_come else ""
    return words("drives.far", done=done, all=all_) + more


def ledger_line(far: Reckoning, words: Words) -> str:
    """How many items there are, and how they stand."""
    if not far.count():
        return words("drives.ledger_none")
    text = words("drives.ledger", all=far.count(), struck=far.count(ItemState.STRUCK))
    if waiting := far.count(ItemState.FIXED):
        text += words("drives.ledger_waiting", count=waiting)
    if overdue := far.overdue_items():
        text += words("drives.ledger_overdue", count=overdue)
    return text


def _ours(far: Reckoning, member: Member, session: Session) -> Iterator[tuple[Line, Cell, bool]]:
    """What was given out to this member or their office: the line, how it stands, whether they owe it."""
    employee = employee_of(session, member)
    for line in far.lines:
        if line.stage is OccurrenceStage.PLANNED:
            continue
        cell = line.cell(member.office, far.now)
        mine = owing(session, line.occurrence_id, employee)
        if line.each is Answers.PERSON and member.role is not Role.HEAD:
            if mine is None or mine.assignment.state is AssignmentState.EXCUSED:
                continue
            done = mine.assignment.state is AssignmentState.DONE
            cell = Cell.DONE if done else Cell.MISSING if far.now > mine.due_at else Cell.OPEN
        if cell is not Cell.NONE:
            yield line, cell, mine is not None and mine.is_open


def _our_lines(
    far: Reckoning, member: Member, ours: list[tuple[Line, Cell, bool]], words: Words
) -> list[str]:
    if not ours:
        lines = [words("drives.ours_none", office=member.office)]
    else:
        lines = [words("drives.ours", office=member.office)]
        lines += [_our_line(far, member, line, cell, words) for line, cell, _ in ours]
    lines.append(words("drives.ours_ledger", text=_our_ledger(far, member.office, words)))
    return [*lines, words("drives.legend")] if ours else lines


def _our_line(far: Reckoning, member: Member, line: Line, cell: Cell, words: Words) -> str:
    mark = words(f"drives.mark_{cell.value}")
    day = day_words(line.due_on, words, today=far.today)
    if line.each is Answers.PERSON and member.role is Role.HEAD:
        found = line.offices[member.office]
        return words(
            "drives.line_people", mark=mark, title=line.title, day=day, done=found.done, all=found.expected
        )
    return words("drives.line", mark=mark, title=line.title, day=day)


def _our_ledger(far: Reckoning, office: str, words: Words) -> str:
    overdue = far.overdue_items(office)
    open_ = far.count(ItemState.OPEN, ItemState.RETURNED, office=office)
    counts = {
        "open": open_, "overdue": overdue, "waiting": far.count(ItemState.FIXED, office=office),
        "struck": far.count(ItemState.STRUCK, office=office),
    }  # fmt: skip
    parts = [
        words(f"drives.ours_ledger_{name}", **{("open" if name == "open" else "count"): count})
        for name, count in counts.items()
        if count
    ]
    return words("drives.and").join(parts) or words("drives.ours_ledger_none")


def _rows(
    far: Reckoning, member: Member, ours: list[tuple[Line, Cell, bool]], house: House, words: Words
) -> Rows:
    drive, rows = far.drive, list[tuple[Choice, ...]]()
    to_do = [line for line, cell, owed in ours if owed and cell not in HANDED_IN]
    for line in to_do[:_MOST_TO_HAND_IN]:
        label = words("drives.button_line", title=shortened(line.title, _BUTTON))
        rows.append((Choice(label, f"due:open:{line.occurrence_id}"),))
    if takes_part(member, drive, house):
        adds = () if drive.is_over(far.today) else (_choice("add", f"drive:add:{drive.key}", words),)
        rows.append((*adds, _choice("items", f"drive:items:{drive.key}:mine:all:0", words)))
    if leads(member, drive):
        rows.append(
            (
                _choice("all", f"drive:items:{drive.key}:all:all:0", words),
                _choice("ledger", f"drive:ledger:{drive.key}", words),
            )
        )
        rows.append(
            (
                _choice("picture", f"drive:picture:{drive.key}", words),
                _choice("summary", f"drive:summary:{drive.key}", words),
            )
        )
    elif may(member, Right.STATISTICS):
        rows.append((_choice("picture", f"drive:picture:{drive.key}", words),))
    rows.append((_choice("list", "drive:list", words),))
    return tuple(rows)


def _choice(name: str, value: str, words: Words) -> Choice:
    return Choice(words(f"drives.button_{name}"), value)
