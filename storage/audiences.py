"""Who a notice is for, found when it is sent: offices, heads, supervisors, a reporter who agreed."""

from dataclasses import dataclass

from sqlmodel import Session, select

from storage.access import may_see
from storage.cards import card_address, find_card
from storage.cases import Case, Part, offices_of, people_left_out
from storage.groups import Group, active_groups
from storage.house import House
from storage.members import Member, Role, active_members
from storage.subscriptions import subscribers
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Recipient:
    """One chat: `audience` says who it is there (member:ID, group:OFFICE, reporter, card:ID)."""

    channel: str
    address: str
    audience: str
    is_group: bool = False


class Directory:
    """Everybody who is active and every bound group, read once for a whole round of letters."""

    def __init__(self, session: Session) -> None:
        self._members = active_members(session)
        self._groups = active_groups(session)

    @property
    def is_empty(self) -> bool:
        """Whether nobody has joined: then no notice has anywhere to go."""
        return not self._members and not self._groups

    def on_duty(self, office: str) -> list[Member]:
        """The members of an office who are on duty, or all of them if nobody is."""
        return _on_duty(self.members(office))

    def members(self, office: str) -> list[Member]:
        """The members of an office."""
        return [member for member in self._members if member.office == office]

    def supervisors(self) -> list[Member]:
        """The members who may see sealed cases."""
        return [member for member in self._members if member.role is Role.SUPERVISOR]

    def groups(self, office: str) -> list[Group]:
        """The groups of an office."""
        return [group for group in self._groups if group.office == office]


class Addressing:
    """Finds the chats for notices; one for each round, since it keeps the directory."""

    def __init__(self, session: Session, house: House) -> None:
        self._session, self._house, self._directory = session, house, Directory(session)

    def recipients(self, audience: str, case_id: int | None) -> list[Recipient]:
        """The chats a notice goes to now; nobody who must not know of the case is among them."""
        kind, _, name = audience.partition(":")
        if kind in ("office", "heads", "supervisors", "member") and self._directory.is_empty:
            return []
        case = self._session.get(Case, case_id) if case_id is not None else None
        match kind:
            case "office":
                return self._office(name, case)
            case "heads":
                return self._heads(name, case)
            case "supervisors":
                return self._readers(self._directory.supervisors(), case)
            case "member":
                member = self._session.get(Member, int(name))
                return self._readers([member] if member else [], case)
            case "reporter" if case_id is not None:
                told = subscribers(self._session, case_id, vault=self._house.vault)
                return [Recipient(channel, address, "reporter") for channel, address in told]
            case "card":
                return self._card(int(name))
        return []

    def _office(self, office: str, case: Case | None) -> list[Recipient]:
        """Group and officers on duty; an office where nobody joined is looked after by discipline.

        The group hears nothing where one of the office is left out: that person reads there too.
        """
        discipline = self._house.hospital.discipline_office
        if case is not None and case.sealed:  # perhaps since the notice was written
            return self._readers(self._directory.supervisors(), case)
        if case is not None and office in offices_of(self._session, case.id or 0, Part.LEFT_OUT):
            return self._readers(self._directory.supervisors(), case)
        groups, members = self._directory.groups(office), self._directory.members(office)
        if not groups and not members and office != discipline:
            return self._office(discipline, case)
        left_out = people_left_out(self._session, case.id or 0) if case is not None else frozenset()
        able = [member for member in members if member.id not in left_out]
        told = [_group(group, self._house.vault) for group in groups if len(able) == len(members)]
        told += map(self._member, _on_duty(able))
        return told or self._readers(self._directory.supervisors(), case)

    def _heads(self, office: str, case: Case | None) -> list[Recipient]:
        """Heads who are not on duty: those on duty are told with their office."""
        told = {member.id for member in self._directory.on_duty(office)}
        heads = [member for member in self._directory.members(office) if member.role is Role.HEAD]
        return self._readers([head for head in heads if head.id not in told], case)

    def _readers(self, members: list[Member], case: Case | None) -> list[Recipient]:
        """Those of them who may open the case."""
        hospital = self._house.hospital
        return [
            self._member(member)
            for member in members
            if member.active and (case is None or may_see(self._session, case, member, hospital))
        ]

    def _card(self, card_id: int) -> list[Recipient]:
        card = find_card(self._session, card_id)
        if card is None:
            return []
        address = card_address(card, vault=self._house.vault)
        return [Recipient(card.channel, address, f"card:{card_id}", card.is_group)]

    def _member(self, member: Member) -> Recipient:
        address = self._house.vault.open_text(member.address, f"members/{member.sender}/address")
        return Recipient(member.channel, address, f"member:{member.id}")


def _on_duty(members: list[Member]) -> list[Member]:
    return [member for member in members if member.on_duty] or members


def _group(group: Group, vault: Vault) -> Recipient:
    address = vault.open_text(group.address, f"groups/{group.chat}/address")
    return Recipient(group.channel, address, f"group:{group.office}", is_group=True)


def switch_off(session: Session, chat: str, *, sender: str | None = None) -> None:
    """A chat that cannot be reached any more: a group is unbound, a member is off duty."""
    group = session.exec(select(Group).where(Group.chat == chat)).first()
    if group is not None:
        group.active = False
        session.add(group)
    member = session.exec(select(Member).where(Member.sender == sender)).first() if sender else None
    if member is not None:
        member.on_duty = False
        session.add(member)
