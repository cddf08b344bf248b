"""The names of everybody who is in, for routing: opened once, and anew when the staff changes."""

from sqlmodel import Session

from storage.errors import SealError
from storage.members import Member, Right, Role, active_members, may, name_of, staff_version
from storage.routing import Person
from storage.vault import Vault


class Roster:
    """Keeps the opened names between messages; belongs to the one thread that writes."""

    def __init__(self) -> None:
        self._version: tuple[int, int | None] | None = None
        self._people: tuple[Person, ...] = ()

    def people(self, session: Session, *, vault: Vault) -> tuple[Person, ...]:
        """Everybody who is in, with name and office: who handles no cases now may later."""
        version = staff_version(session)
        if version != self._version:
            everybody = (_person(member, vault) for member in active_members(session))
            self._people = tuple(filter(None, everybody))
            self._version = version
        return self._people


def _person(member: Member, vault: Vault) -> Person | None:
    """Whose name does not open is let in nowhere and told nothing: others' reports must not stop for them."""
    try:
        name = name_of(member, vault=vault)
    except SealError:
        return None
    return Person(
        member.id or 0, name, member.office, head=member.role is Role.HEAD, handles=may(member, Right.HANDLE)
    )
