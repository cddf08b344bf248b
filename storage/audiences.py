"""Who a notice is for, found when it is sent: offices, heads, supervisors, a reporter who agreed."""

from dataclasses import dataclass

from sqlmodel import Session, select

from storage.access import may_see
from storage.cards import card_address, find_card
from storage.cases import Case, Part, offices_of, people_left_out
from storage.house import House
from storage.members import Group, Member, Role, groups_of, members_of, supervisors
from storage.subscriptions import subscribers
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Recipient:
    """One chat: `audience` says who it is there (member:ID, group:OFFICE, reporter, card:ID)."""

    channel: str
    address: str
    audience: str
    is_group: bool = False


def recipients(session: Session, audience: str, case: Case | None, *, house: House) -> list[Recipient]:
    """The chats a notice goes to now; nobody who must not know of the case is among them."""
    kind, _, name = audience.partition(":")
    match kind:
        case "office":
            return _office(session, name, case, house)
        case "heads":
            return _heads(session, name, case, house)
        case "supervisors":
            return _people(session, supervisors(session), case, house)
        case "member":
            member = session.get(Member, int(name))
            return _people(session, [member] if member else [], case, house)
        case "reporter" if case is not None and case.id is not None:
            told = subscribers(session, case.id, vault=house.vault)
            return [Recipient(channel, address, "reporter") for channel, address in told]
        case "card":
            return _card(session, int(name), house)
    return []


def _office(session: Session, office: str, case: Case | None, house: House) -> list[Recipient]:
    """Group and officers on duty; an office where nobody joined is looked after by discipline."""
    discipline = house.hospital.discipline_office
    left_out = offices_of(session, case.id, Part.LEFT_OUT) if case and case.id else ()
    if office in left_out:
        return _people(session, supervisors(session), case, house)
    groups = [_group(group, house.vault) for group in groups_of(session, office)]
    members = members_of(session, office, on_duty=True)
    if not groups and not members and office != discipline:
        return _office(session, discipline, case, house)
    found = groups + _people(session, members, case, house, only_readers=False)
    return found or _people(session, supervisors(session), case, house)


def _heads(session: Session, office: str, case: Case | None, house: House) -> list[Recipient]:
    """Heads who are not on duty: those on duty are told with their office."""
    everyone = members_of(session, office)
    told = {member.id for member in members_of(session, office, on_duty=True)}
    heads = [member for member in everyone if member.role is Role.HEAD and member.id not in told]
    return _people(session, heads, case, house)


def _people(
    session: Session, members: list[Member], case: Case | None, house: House, *, only_readers: bool = True
) -> list[Recipient]:
    """Members who may open the case; with `only_readers` off, all but those who are left out of it."""
    return [
        Recipient(member.channel, _address(member, house.vault), f"member:{member.id}")
        for member in members
        if member.active and (case is None or _may_be_told(session, case, member, house, only_readers))
    ]


def _may_be_told(session: Session, case: Case, member: Member, house: House, only_readers: bool) -> bool:
    if only_readers:
        return may_see(session, case, member, house.hospital)
    return member.id not in people_left_out(session, case.id or 0)


def _card(session: Session, card_id: int, house: House) -> list[Recipient]:
    card = find_card(session, card_id)
    if card is None:
        return []
    address = card_address(card, vault=house.vault)
    return [Recipient(card.channel, address, f"card:{card_id}", card.is_group)]


def _group(group: Group, vault: Vault) -> Recipient:
    address = vault.open_text(group.address, f"groups/{group.chat}/address")
    return Recipient(group.channel, address, f"group:{group.office}", is_group=True)


def _address(member: Member, vault: Vault) -> str:
    return vault.open_text(member.address, f"members/{member.sender}/address")


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
