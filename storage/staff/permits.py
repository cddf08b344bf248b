"""Who may see how far others are, and who keeps what is known about a person: asked by all that shows it."""

from collections.abc import Collection

from storage.errors import SealError
from storage.hospital import Hospital
from storage.members import Member, Right, Role, may, name_of
from storage.mentions import plain_name
from storage.staff.employees import Employee, open_sealed
from storage.vault import Vault


def oversees(member: Member, hospital: Hospital) -> frozenset[str]:
    """The offices and departments whose coverage and missing names somebody may see; empty for none.

    A head sees their own; heads of the discipline office, supervisors and administrators see all.
    """
    if not may(member, Right.STATISTICS):
        return frozenset()
    if member.role is Role.HEAD and member.office != hospital.discipline_office:
        return frozenset({member.office})
    return frozenset(hospital.places)


def oversees_house(member: Member, hospital: Hospital) -> bool:
    """Whether somebody oversees every office."""
    return oversees(member, hospital) == frozenset(hospital.places)


def may_have_coverage(member: Member, matter: str, hospital: Hospital) -> bool:
    """Whether somebody may still have what was made for them: coverage:OFFICE, or coverage: for all."""
    kind, _, office = matter.partition(":")
    if kind != "coverage":
        return False
    return oversees_office(member, office, hospital) if office else oversees_house(member, hospital)


def oversees_office(member: Member, office: str, hospital: Hospital) -> bool:
    """Whether somebody may see names and coverage of one office."""
    return office in oversees(member, hospital)


def keeps_records(member: Member, hospital: Hospital) -> bool:
    """Whether somebody may read the ethics record of others: who handles cases at the two offices named."""
    return may(member, Right.HANDLE) and member.office in record_offices(hospital)


def takes_hand_ins(member: Member, hospital: Hospital) -> bool:
    """Whether somebody receives envelopes that were given up."""
    return may(member, Right.HANDLE) and member.office == hospital.discipline_office


def is_same_person(employee: Employee, member: Member, *, vault: Vault) -> bool:
    """Whether a member is this person, be it under a second account: then the name is the same.

    A namesake counts as the same, and leaves what is to be done to a colleague.
    """
    if employee.member_id is not None and employee.member_id == member.id:
        return True
    try:
        name = plain_name(open_sealed(employee, "name", vault=vault))
        return bool(name) and name == plain_name(name_of(member, vault=vault))
    except SealError:
        return True  # changed from outside: nobody knows whose it is


def record_offices(hospital: Hospital) -> Collection[str]:
    """The offices that keep the ethics record: personnel and discipline."""
    return (hospital.praise_office, hospital.discipline_office)
