"""Who is in, and which groups are bound: read once for a whole round of letters."""

from collections.abc import Callable

from sqlmodel import Session

from storage.errors import SealError
from storage.groups import Group, active_groups, group_address
from storage.members import Member, Right, active_members, address_of, may
from storage.vault import Vault


class Directory:
    """Everybody who is active and every bound group, read once for a whole round of letters.

    Whose row was changed from outside is nobody's member: the others are told all the same.
    """

    def __init__(self, session: Session, vault: Vault) -> None:
        self._members = [one for one in active_members(session) if _opens(address_of, one, vault)]
        self._groups = [one for one in active_groups(session) if _opens(group_address, one, vault)]

    @property
    def is_empty(self) -> bool:
        """Whether nobody has joined: then no notice has anywhere to go."""
        return not self._members and not self._groups

    def on_duty(self, office: str) -> list[Member]:
        """The members of an office who are on duty, or all of them if nobody is."""
        return whoever_is_on_duty(self.members(office))

    def members(self, office: str) -> list[Member]:
        """The members of an office who may handle cases."""
        return [member for member in self.everybody(office) if may(member, Right.HANDLE)]

    def everybody(self, office: str) -> list[Member]:
        """All who belong to an office, whatever their role: any of them may read in its group."""
        return [member for member in self._members if member.office == office]

    def supervisors(self) -> list[Member]:
        """The members who may see sealed cases."""
        return [member for member in self._members if may(member, Right.EVERY_CASE)]

    def groups(self, office: str) -> list[Group]:
        """The groups of an office."""
        return [group for group in self._groups if group.office == office]


def whoever_is_on_duty(members: list[Member]) -> list[Member]:
    """Those who are on duty, or all of them if nobody is."""
    return [member for member in members if member.on_duty] or members


def _opens(open_address: Callable[..., str], row: Member | Group, vault: Vault) -> bool:
    try:
        return bool(open_address(row, vault=vault))
    except SealError:
        return False
