"""Makes join codes from what was typed on the command line."""

import difflib
from datetime import datetime
from typing import TYPE_CHECKING

from storage.errors import ConfigError
from storage.events import record_event
from storage.invites import invite
from storage.members import Role

if TYPE_CHECKING:
    from sqlmodel import Session

    from bot.data_folder import DataFolder
    from storage.hospital import Hospital

LONGEST_NAME = 30


def choose_role(word: str | None) -> Role:
    """The role meant, officer unless one was given; raises ConfigError."""
    try:
        return Role((word or Role.OFFICER).strip().lower())
    except ValueError:
        raise ConfigError(f"--role: there is no role {word!r}; choose one of {', '.join(Role)}") from None


_IN_DEPARTMENTS = (Role.OFFICER, Role.HEAD, Role.STAFF)
"""Who belongs to a clinical department; supervisors and administrators belong to an office."""


def choose_office(word: str | None, hospital: "Hospital", role: Role = Role.OFFICER) -> str:
    """The office or clinical department meant, by its name or an office's other name.

    Raises ConfigError with the nearest one, or for a role that a department does not have.
    """
    if word is None:
        return hospital.discipline_office
    asked = word.strip()
    for office in hospital.offices:
        if asked == office.name or asked in office.aliases:
            return office.name
    if asked in hospital.clinical:
        if role not in _IN_DEPARTMENTS:
            raise ConfigError(f"--role: {asked} is a clinical department; {role} belongs to an office")
        return asked
    names = [*hospital.places]
    close = difflib.get_close_matches(asked, names, n=1, cutoff=0.5)
    meant = f"; did you mean {close[0]}?" if close else f"; choose one of {'、'.join(names)}"
    raise ConfigError(f"--office: there is no office {asked!r}{meant}")


def make_code(
    folder: "DataFolder", office: str, role: Role, name: str, *, for_group: bool, now: datetime
) -> str:
    """A join code, noted in the trail without the name."""
    if len(name) > LONGEST_NAME:
        raise ConfigError(f"--name: at most {LONGEST_NAME} characters")
    vault = folder.vault

    def make(session: "Session") -> str:
        facts = {"office": office, "group": True} if for_group else {"office": office, "role": role.value}
        record_event(session, "console", "invited", now=now, **facts)
        return invite(session, office, role=role, name=name, for_group=for_group, vault=vault, now=now)

    return folder.database.run_now(make)
