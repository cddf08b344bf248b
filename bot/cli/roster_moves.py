"""One person of the roster leaves, comes back, moves, is tied to a member, gets a code."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session

from bot.cli.inviting import choose_office
from storage.errors import ConfigError
from storage.events import CONSOLE
from storage.handover import HandedOver
from storage.members import Member, Role
from storage.roster import Roster
from storage.staff.codes import not_joined, slips_about
from storage.staff.employees import Employee, Employment, find_employee
from storage.staff.linking import tie, tied_to
from storage.staff.moving import leave_for_good, return_to_work, transfer

if TYPE_CHECKING:
    from bot.data_folder import DataFolder
    from bot.settings import Settings
    from bot.staff.slips import Ways

_ROLES = (Role.STAFF, Role.OFFICER, Role.HEAD)


def let_one_go(folder: "DataFolder", number: str, *, now: datetime) -> HandedOver:
    """Somebody has left; raises ConfigError where the roster has nobody like that."""

    def work(session: Session) -> HandedOver:
        employee = _person(session, number, folder)
        return leave_for_good(session, employee, by=CONSOLE, roster=Roster(), house=folder.house, now=now)

    return folder.database.run_now(work)


def take_one_back(folder: "DataFolder", number: str, *, now: datetime) -> None:
    """Somebody is back; raises ConfigError for who never left."""

    def work(session: Session) -> None:
        employee = _person(session, number, folder)
        if employee.standing is Employment.ACTIVE:
            raise ConfigError(f"{number} works here already")
        return_to_work(session, employee, by=CONSOLE, house=folder.house, now=now)

    folder.database.run_now(work)


def move_one(folder: "DataFolder", number: str, office: str, role: str, *, now: datetime) -> str:
    """Somebody is at another office, whose name is returned; raises ConfigError for what is unknown."""
    if role not in _ROLES:
        raise ConfigError(f"--role: there is no role {role!r} on the roster; one of {', '.join(_ROLES)}")
    place = choose_office(office, folder.house.hospital)

    def work(session: Session) -> None:
        employee = _person(session, number, folder)
        if employee.standing is Employment.LEFT:
            raise ConfigError(f"{number} has left; first: lianxin roster on {number}")
        transfer(
            session, employee, place, role=Role(role), by=CONSOLE, roster=Roster(), house=folder.house,
            now=now,
        )  # fmt: skip

    folder.database.run_now(work)
    return place


def link_one(folder: "DataFolder", number: str, member_id: int, *, now: datetime) -> None:
    """A member is a person of the roster; raises ConfigError where one of them is taken already."""

    def work(session: Session) -> None:
        employee, member = _person(session, number, folder), session.get(Member, member_id)
        if member is None or not member.active:
            raise ConfigError(f"there is no member {member_id} who is in; see: lianxin members")
        if employee.standing is Employment.LEFT:
            raise ConfigError(f"{number} has left; first: lianxin roster on {number}")
        holder = session.get(Member, employee.member_id) if employee.member_id is not None else None
        if holder is not None and holder.active and holder.id != member_id:
            raise ConfigError(f"{number} has joined already, as member {holder.id}")
        before = tied_to(session, member)
        if before is not None and before.id != employee.id and before.number_hash is not None:
            raise ConfigError(f"member {member_id} is somebody else of the roster, #{before.id}")
        tie(session, employee, member, by=CONSOLE, house=folder.house, now=now)

    folder.database.run_now(work)


def chosen_people(folder: "DataFolder", office: str, numbers: Sequence[str]) -> list[int]:
    """Who gets a code: these people, or all (of an office) who have not joined."""

    def work(session: Session) -> list[int]:
        if numbers:
            people = [_person(session, number, folder) for number in dict.fromkeys(numbers)]
            if gone := [one.id for one in people if one.standing is Employment.LEFT]:
                raise ConfigError(f"--number: #{gone[0]} has left; first: lianxin roster on '#{gone[0]}'")
            return [one.id or 0 for one in people]
        return not_joined(session, offices=[office] if office else [])

    return folder.database.run_now(work)


def codes_about(folder: "DataFolder", ids: Sequence[int]) -> int:
    """How many of them hold a code that was not used yet."""
    return folder.database.run_now(lambda session: slips_about(session, ids))


def ways_of(settings: "Settings") -> "Ways":
    """How staff come, as far as the settings know."""
    from bot.staff.slips import Ways

    return Ways(settings.public_url or "", settings.telegram_bot_name or "")


def _person(session: Session, number: str, folder: "DataFolder") -> Employee:
    """By staff number, or by #ID for who has none. The number given is not repeated: it may be anything."""
    asked = number.strip()
    if asked.startswith("#") and asked[1:].isdecimal() and len(asked) < 11:
        found = session.get(Employee, int(asked[1:]))
    else:
        found = find_employee(session, asked.upper(), vault=folder.vault)
    if found is None:
        raise ConfigError("nobody on the roster has this number; see: lianxin roster list --names")
    return found
