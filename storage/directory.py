"""Who is told of cases, and which groups are bound: read once for a whole round of letters."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from sqlmodel import Session

from storage.errors import SealError
from storage.groups import Group, active_groups, group_address
from storage.members import Member, Right, address_of, everybody_of, handling_members, may, reads_along
from storage.vault import Vault


class Directory:
    """All who handle cases and every bound group, read once for a whole round of letters.

    Thousands of staff who handle none are never read. Whose row was changed from outside is nobody's
    member: the others are told all the same.
    """

    def __init__(self, session: Session, vault: Vault) -> None:
        self._session = session
        self._members = [one for one in handling_members(session) if _opens(address_of, one, vault)]
        self._groups = [one for one in active_groups(session) if _opens(group_address, one, vault)]

    @property
    def is_empty(self) -> bool:
        """Whether nobody handles cases and no group is bound: then no notice has anywhere to go."""
        return not self._members and not self._groups

    def on_duty(self, office: str) -> list[Member]:
        """The members of an office who are on duty, or all of them if nobody is."""
        return whoever_is_on_duty(self.members(office))

    def members(self, office: str) -> list[Member]:
        """The members of an office who may handle cases."""
        return [member for member in self._members if member.office == office]

    def everybody(self, office: str) -> list[Member]:
        """All who belong to an office, whatever their role: any of them may read in its group."""
        return everybody_of(self._session, office)

    def reads_along(self, office: str, members: AbstractSet[int]) -> bool:
        """Whether one of these members belongs to an office, whatever their role."""
        return reads_along(self._session, office, members)

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
