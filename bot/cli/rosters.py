"""The lists of members and groups, and switching one of them off or on."""

from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from sqlmodel import Session, col, select

from storage.duties.cards import forget_cards_of
from storage.errors import ConfigError, SealError
from storage.event_names import EventName
from storage.events import CONSOLE, record_event
from storage.groups import Group
from storage.handover import HandedOver
from storage.members import Member, Right, is_forgotten, may, name_of
from storage.roster import Roster
from storage.staff.switching import switch_off, switch_on

if TYPE_CHECKING:
    from bot.data_folder import DataFolder


def print_members(folder: "DataFolder", *, now: datetime) -> None:
    """Everybody who ever joined, with their names: for the person at this machine."""
    table = _table("id", "name", "office", "role", "channel", "on duty", "state", "joined")

    def read(session: Session) -> list[Member]:
        record_event(session, CONSOLE, EventName.STAFF_LISTED, now=now)
        return list(session.exec(select(Member).order_by(col(Member.id))))

    everyone = folder.database.run_now(read)
    for member in everyone:
        duty, state = "yes" if member.on_duty else "no", "on" if member.active else "off"
        name, joined = _shown_name(member, folder), f"{member.joined_at:%Y-%m-%d}"
        table.add_row(
            str(member.id), name, member.office, member.role.value, member.channel, duty, state, joined
        )
    _print(table, "Nobody has joined yet. Run: lianxin invite --help")


def _shown_name(member: Member, folder: "DataFolder") -> str:
    try:
        return name_of(member, vault=folder.vault) or "(forgotten)"
    except SealError:
        return "(does not open: changed from outside? see: lianxin keys verify)"


def print_groups(folder: "DataFolder") -> None:
    """The bound groups; their names are known to the messenger alone."""
    table = _table("id", "office", "channel", "state", "bound")
    for group in folder.database.run_now(
        lambda session: list(session.exec(select(Group).order_by(col(Group.id))))
    ):
        state = "on" if group.active else "off"
        table.add_row(str(group.id), group.office, group.channel, state, f"{group.joined_at:%Y-%m-%d}")
    _print(table, "No group is bound yet. Run: lianxin invite --group --office OFFICE")


def switch_member(
    folder: "DataFolder", number: int, *, active: bool, to: int | None = None, now: datetime
) -> HandedOver:
    """Lets a member in or out; the open cases of who goes are for the colleague `to`, or their offices.

    Nothing that was written to who goes can be fetched or sent any more; who comes back is kept from the
    reports that named them meanwhile.

    Raises ConfigError if there is no member with this number, if `to` handles no cases, or if who comes back
    has left according to the roster.
    """

    def switch(session: Session) -> HandedOver:
        member = _member(session, number)
        colleague = _colleague(session, member, to) if to is not None else None
        if not active:
            return switch_off(session, member, to=colleague, roster=Roster(), house=folder.house, now=now)
        return switch_on(session, member, roster=Roster(), house=folder.house, now=now)

    return folder.database.run_now(switch)


def _member(session: Session, number: int) -> Member:
    member = session.get(Member, number)
    if member is None or is_forgotten(member):
        raise ConfigError(f"there is no member {number}; see: lianxin members")
    return member


def _colleague(session: Session, member: Member, number: int) -> Member:
    """Who takes over: somebody else who is in and may handle cases."""
    colleague = _member(session, number)
    if colleague.id == member.id or not may(colleague, Right.HANDLE):
        raise ConfigError(f"--to: member {number} cannot take over cases; see: lianxin members")
    return colleague


def unbind_group(folder: "DataFolder", number: int, *, now: datetime) -> None:
    """Ends the binding of a group; raises ConfigError if there is none with this number."""

    def unbind(session: Session) -> None:
        group = session.get(Group, number)
        if group is None:
            raise ConfigError(f"there is no group {number}; see: lianxin groups")
        group.active = False
        forget_cards_of(session, number)
        record_event(session, "console", "group_off", now=now, group=number)

    folder.database.run_now(unbind)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _print(table: Table, instead: str) -> None:
    Console().print(table if table.row_count else instead, markup=False, soft_wrap=True)
