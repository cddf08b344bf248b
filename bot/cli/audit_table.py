"""Prints events of the trail as a table, page by page."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from storage.event_list import Wanted, list_events
from storage.event_names import EventName
from storage.events import CONSOLE, Event, record_event

if TYPE_CHECKING:
    from bot.data_folder import DataFolder

_PAGE = 500


def print_events(folder: "DataFolder", wanted: Wanted, *, now: datetime) -> None:
    """The wanted events as they stand; the trail tells what was asked for."""
    asked = {"case": wanted.case_id, "member": wanted.member, "refusals": wanted.refusals or None}
    facts = {name: value for name, value in asked.items() if value is not None}
    folder.database.run_now(
        lambda session: record_event(
            session, CONSOLE, EventName.TRAIL_READ, case_id=wanted.case_id, now=now, **facts
        )
    )
    table = Table("id", "time", "who", "what", "case", "details", box=None, pad_edge=False)
    for event in _found(folder, wanted):
        table.add_row(
            str(event.id), f"{event.at:%Y-%m-%d %H:%M:%S}", event.actor, event.action,
            str(event.case_id or ""), "" if event.detail == "{}" else event.detail,
        )  # fmt: skip
    if table.row_count:
        Console().print(table, markup=False, soft_wrap=True)
        Console().print("Times are UTC; members by number, see: lianxin members", soft_wrap=True)
    else:
        Console().print("There is no such event.")


def _found(folder: "DataFolder", wanted: Wanted) -> Iterator[Event]:
    after = 0
    while page := folder.database.run_now(
        lambda session, after=after: list_events(session, wanted, after=after, count=_PAGE)  # type: ignore[misc]
    ):
        yield from page
        after = page[-1].id or 0
