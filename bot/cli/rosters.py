"""The lists of members and groups, and switching one of them off or on."""

from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from sqlmodel import Session, col, select

from storage.errors import ConfigError
from storage.events import record_event
from storage.groups import Group
from storage.identity import chat_hash
from storage.members import Member, name_of
from storage.newcomers import look_through_cases
from storage.roster import Roster
from storage.sending import forget_chat
from storage.triage import release_cases

if TYPE_CHECKING:
    from bot.data_folder import DataFolder


def print_members(folder: "DataFolder") -> None:
    """Everybody who ever joined, with their names: for the person at this machine."""
    table = _table("id", "name", "office", "role", "channel", "on duty", "state", "joined")
    everyone = folder.database.run_now(
        lambda session: list(session.exec(select(Member).order_by(col(Member.id))))
    )
    for member in everyone:
        duty, state = "yes" if member.on_duty else "no", "on" if member.active else "off"
        name, joined = name_of(member, vault=folder.vault), f"{member.joined_at:%Y-%m-%d}"
        table.add_row(
            str(member.id), name, member.office, member.role.value, member.channel, duty, state, joined
        )
    _print(table, "Nobody has joined yet. Run: lianxin invite --help")


def print_groups(folder: "DataFolder") -> None:
    """The bound groups; their names are known to the messenger alone."""
    table = _table("id", "office", "channel", "state", "bound")
    for group in folder.database.run_now(
        lambda session: list(session.exec(select(Group).order_by(col(Group.id))))
    ):
        state = "on" if group.active else "off"
        table.add_row(str(group.id), group.office, group.channel, state, f"{group.joined_at:%Y-%m-%d}")
    _print(table, "No group is bound yet. Run: lianxin invite --group --office OFFICE")


def switch_member(folder: "DataFolder", number: int, *, active: bool, now: datetime) -> int:
    """Lets a member in or out; who goes gives back their open cases: returns how many.

    Nothing that was written to who goes can be fetched or sent any more; who comes back is kept from the
    reports that named them meanwhile.

    Raises ConfigError if there is no member with this number.
    """

    def switch(session: Session) -> int:
        member = session.get(Member, number)
        if member is None:
            raise ConfigError(f"there is no member {number}; see: lianxin members")
        member.active, member.changed_at = active, now
        record_event(session, "console", "member_on" if active else "member_off", now=now, member=number)
        session.flush()
        if not active:
            address = folder.vault.open_text(member.address, f"members/{member.sender}/address")
            forget_chat(session, chat_hash(folder.vault, member.channel, address))
            return release_cases(session, member, house=folder.house, now=now)
        people = Roster().people(session, vault=folder.house.vault)
        look_through_cases(session, member, people, house=folder.house, now=now)
        return 0

    return folder.database.run_now(switch)


def unbind_group(folder: "DataFolder", number: int, *, now: datetime) -> None:
    """Ends the binding of a group; raises ConfigError if there is none with this number."""

    def unbind(session: Session) -> None:
        group = session.get(Group, number)
        if group is None:
            raise ConfigError(f"there is no group {number}; see: lianxin groups")
        group.active = False
        record_event(session, "console", "group_off", now=now, group=number)

    folder.database.run_now(unbind)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _print(table: Table, instead: str) -> None:
    Console().print(table if table.row_count else instead, markup=False, soft_wrap=True)
