"""Shows the roster: what became of a table, how many work where, who they are."""

from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import and_, func
from sqlmodel import Session, col, select

from bot.staff.importing import Outcome
from storage.errors import SealError
from storage.event_names import EventName
from storage.events import CONSOLE, record_event
from storage.members import Member
from storage.staff.employees import Employee, Employment, open_sealed

if TYPE_CHECKING:
    from bot.data_folder import DataFolder

_SHOWN = 20
_COUNTS = ("added", "changed", "unchanged", "left", "returned")


def print_outcome(outcome: Outcome, name: str, *, dry: bool) -> None:
    """Notes, the first problems, and the counts; nothing that stands in a row."""
    console = Console(markup=False, highlight=False)
    for note in outcome.notes:
        console.print(f"Note: {note}", soft_wrap=True)
    if outcome.problems:
        table = Table("line", "column", "reason")
        for problem in outcome.problems[:_SHOWN]:
            table.add_row(str(problem.line), Text(problem.column), Text(problem.reason))
        console.print(table)
        if (more := len(outcome.problems) - _SHOWN) > 0:
            console.print(f"… and {more} more; write them all down with --problems-to FILE.csv")
    counts = Table(title=Text(f"{name} (dry run: nothing was kept)" if dry else name))
    for column in (*_COUNTS, "bad"):
        counts.add_column(column, justify="right")
    counts.add_row(*(str(outcome.counts[column]) for column in _COUNTS), str(outcome.bad))
    console.print(counts)


def print_counts(folder: "DataFolder", office: str, *, now: datetime) -> None:
    """How many work at each office, and how many of them have joined."""

    def count(session: Session) -> list[tuple[str, int, int]]:
        member = and_(col(Member.id) == Employee.member_id, col(Member.active))
        found = (
            select(Employee.office, func.count(col(Employee.id)), func.count(col(Member.id)))
            .join(Member, member, isouter=True)
            .where(Employee.standing == Employment.ACTIVE)
            .group_by(Employee.office)
            .order_by(Employee.office)
        )
        return [tuple(row) for row in session.exec(found) if not office or row[0] == office]  # type: ignore[misc]

    rows = folder.database.run_now(count)
    table = _table("office", "people", "joined")
    for place, people, joined in rows:
        table.add_row(place, str(people), str(joined))
    if len(rows) > 1:
        table.add_row("all", str(sum(row[1] for row in rows)), str(sum(row[2] for row in rows)))
    _print(table)


def print_people(folder: "DataFolder", office: str, *, now: datetime) -> None:
    """Everybody of the roster with name and number; that they were shown is in the trail."""

    def read(session: Session) -> list[Employee]:
        record_event(session, CONSOLE, EventName.ROSTER_LISTED, now=now)
        people = select(Employee).order_by(col(Employee.office), col(Employee.id))
        return list(session.exec(people.where(Employee.office == office) if office else people))

    table = _table("id", "number", "name", "office", "role", "state", "member")
    for one in folder.database.run_now(read):
        state = one.standing.value if one.left_on is None else f"left {one.left_on}"
        member = str(one.member_id) if one.member_id is not None else ""
        shown = (_open(one, "number", folder), _open(one, "name", folder) or "(forgotten)")
        table.add_row(f"#{one.id}", *shown, one.office, one.role.value, state, member)
    _print(table)


def _open(employee: Employee, column: str, folder: "DataFolder") -> str:
    try:
        return open_sealed(employee, column, vault=folder.vault)
    except SealError:
        return "(does not open: see: lianxin keys verify)"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _print(table: Table) -> None:
    empty = "The roster is empty. Run: lianxin roster import FILE"
    Console().print(table if table.row_count else empty, markup=False, soft_wrap=True)
