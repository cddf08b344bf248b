"""The names of everybody who handles cases, for routing: opened once, and anew when the staff changes."""

from sqlmodel import Session

from storage.members import Role, active_members, name_of, staff_version
from storage.routing import Person
from storage.vault import Vault


class Roster:
    """Keeps the opened names between messages; belongs to the one thread that writes."""

    def __init__(self) -> None:
        self._version: tuple[int, int | None] | None = None
        self._people: tuple[Person, ...] = ()

    def people(self, session: Session, *, vault: Vault) -> tuple[Person, ...]:
        """Everybody who is active, with name and office."""
        version = staff_version(session)
        if version != self._version:
            self._people = tuple(
                Person(
                    member.id or 0,
                    name_of(member, vault=vault),
                    member.office,
                    head=member.role is Role.HEAD,
                )
                for member in active_members(session)
            )
            self._version = version
        return self._people
