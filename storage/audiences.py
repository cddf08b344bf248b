"""Who a notice is for, found when it is sent: offices, heads, supervisors, a reporter who agreed."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from sqlmodel import Session, select

from storage.access import may_see
from storage.cards import card_address, find_card
from storage.cases import Case, Part, offices_of, people_left_out
from storage.directory import Directory, whoever_is_on_duty
from storage.duties.cards import AUDIENCE as DUTY_CARD
from storage.duties.cards import forget_cards_of, group_of_card
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.followup.discharges import Discharge, Standing, open_sealed
from storage.followup.surveys import Survey
from storage.followup.task_audience import task_people
from storage.groups import Group, group_address
from storage.house import House
from storage.members import Member, Role, address_of
from storage.staff.hearing import note_silent
from storage.subscriptions import subscribers
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Recipient:
    """One chat: `audience` says who it is there.

    member:ID, group:OFFICE, reporter, card:ID, duecard:ID, survey:ID.
    """

    channel: str
    address: str
    audience: str
    is_group: bool = False


class Addressing:
    """Finds the chats for notices; one for each round, since it keeps the directory."""

    def __init__(self, session: Session, house: House) -> None:
        self._session, self._house = session, house

    @cached_property
    def _directory(self) -> Directory:
        """Read where it is first asked for: letters to patients need nobody of the house."""
        return Directory(self._session, self._house.vault)

    def recipients(self, audience: str, case_id: int | None) -> list[Recipient]:
        """The chats a notice goes to now; nobody who must not know of the case is among them."""
        kind, _, name = audience.partition(":")
        if kind in ("office", "heads", "every_head", "supervisors") and self._directory.is_empty:
            return []
        case = self._session.get(Case, case_id) if case_id is not None else None
        match kind:
            case "office":
                return self._office(name, case)
            case "heads":
                return self._heads(name, case, on_duty=False)
            case "every_head":
                return self._heads(name, case, on_duty=True)
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
            case "tasks" | "taskheads":
                return self._for_task(int(name), heads=kind == "taskheads")
            case "survey":
                return self._patient(int(name))
        return self._staff(kind, name)

    def _staff(self, kind: str, name: str) -> list[Recipient]:
        """Letters beside cases: to one of thousands, of whom nothing else is read; to heads; to a group."""
        match kind:
            case "officers":
                members = self._directory.on_duty(name) or self._directory.supervisors()
                return self._readers(members, None)
            case "groups":
                return [_group(group, self._house.vault) for group in self._directory.groups(name)]
            case "due":
                member = self._session.get(Member, int(name))
                return [self._member(member)] if member is not None and member.active else []
            case "dueheads":
                return [self._member(head) for head in self._heads_of_staff(name)]
            case "duechiefs":
                return [self._member(head) for head in self._chiefs()]
            case kind if kind == DUTY_CARD:
                group = group_of_card(self._session, int(name))
                audience = f"{kind}:{name}"
                return [replace(_group(group, self._house.vault), audience=audience)] if group else []
        return []

    def _office(self, office: str, case: Case | None) -> list[Recipient]:
        """Group and officers on duty; an office where nobody may handle cases is looked after by discipline.

        The group hears nothing where one of the office is left out: that person reads there too.
        """
        discipline = self._house.hospital.discipline_office
        if case is not None and case.sealed:  # perhaps since the notice was written
            return self._readers(self._directory.supervisors(), case)
        if case is not None and office in offices_of(self._session, case.id or 0, Part.LEFT_OUT):
            return self._readers(self._directory.supervisors(), case)
        left_out = people_left_out(self._session, case.id or 0) if case is not None else frozenset()
        members = self._directory.members(office)
        quiet = self._directory.reads_along(office, left_out)
        groups = [] if quiet else self._directory.groups(office)
        told = [_group(group, self._house.vault) for group in groups]
        if not members and office != discipline:
            return told + self._office(discipline, case)
        told += map(
            self._member, whoever_is_on_duty([member for member in members if member.id not in left_out])
        )
        return told or self._readers(self._directory.supervisors(), case)

    def _heads(self, office: str, case: Case | None, *, on_duty: bool) -> list[Recipient]:
        """The heads but the one who handles the case; without `on_duty` those not told with their office."""
        told = set() if on_duty else {member.id for member in self._directory.on_duty(office)}
        told |= {case.assignee_id} if case is not None and on_duty else set()
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

    def _for_task(self, task_id: int, *, heads: bool) -> list[Recipient]:
        groups, members = task_people(self._session, task_id, self._directory, heads=heads, house=self._house)
        told = [_group(group, self._house.vault) for group in groups]
        return told + [self._member(member) for member in members]

    def _heads_of_staff(self, office: str) -> list[Member]:
        """Who reads the names of an office's staff who have not answered."""
        return [member for member in self._directory.members(office) if member.role is Role.HEAD]

    def _chiefs(self) -> list[Member]:
        """The heads of the discipline office; where it has none, the supervisors."""
        members = self._directory.members(self._house.hospital.discipline_office)
        return [one for one in members if one.role is Role.HEAD] or self._directory.supervisors()

    def _patient(self, survey_id: int) -> list[Recipient]:
        """Where a discharged patient is asked; nobody who is not asked any more."""
        survey = self._session.get(Survey, survey_id)
        discharge = self._session.get(Discharge, survey.discharge_id) if survey else None
        if discharge is None or discharge.standing is not Standing.ACTIVE or discharge.address is None:
            return []
        address = open_sealed(discharge, "address", vault=self._house.vault)
        return [Recipient(discharge.channel, address, f"survey:{survey_id}")]

    def _member(self, member: Member) -> Recipient:
        address = address_of(member, vault=self._house.vault)
        return Recipient(member.channel, address, f"member:{member.id}")


def _group(group: Group, vault: Vault) -> Recipient:
    address = group_address(group, vault=vault)
    return Recipient(group.channel, address, f"group:{group.office}", is_group=True)


def switch_off(session: Session, chat: str, *, sender: str | None = None, now: datetime) -> None:
    """A chat that cannot be reached any more: a group is unbound, a member is off duty."""
    group = session.exec(select(Group).where(Group.chat == chat)).first()
    if group is not None:
        group.active = False
        session.add(group)
        forget_cards_of(session, group.id or 0)
        record_event(session, SYSTEM, EventName.CHAT_GONE, now=now, group=group.id)
    member = session.exec(select(Member).where(Member.sender == sender)).first() if sender else None
    if member is not None:
        member.on_duty = False
        session.add(member)
        note_silent(session, member)
        record_event(session, SYSTEM, EventName.CHAT_GONE, now=now, member=member.id)
