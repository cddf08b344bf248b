"""Who hears of a task: people on duty and the group of its office, its head, and somebody in any case."""

from sqlmodel import Session

from storage.directory import Directory
from storage.followup.task_people import (
    is_escalated,
    may_see_task,
    named_in,
    offices_of_task,
    text_in,
)
from storage.followup.tasks import Task, TaskKind
from storage.groups import Group
from storage.house import House
from storage.members import Member, Role


def task_people(
    session: Session, task_id: int, directory: Directory, *, heads: bool, house: House
) -> tuple[list[Group], list[Member]]:
    """Groups and members for `tasks:ID`, or with `heads` those for `taskheads:ID`; nobody the words name.

    A low rating is for the head of its office, a health trouble for whoever is on duty there; both for who
    does it already. Where nobody is, the discipline office covers, or else the supervisors.
    """
    task = session.get(Task, task_id)
    if task is None:
        return [], []

    def able(members: list[Member]) -> list[Member]:
        return [one for one in members if may_see_task(session, task, one, house=house)]

    offices = sorted(offices_of_task(task, house.hospital))
    if heads:
        return [], [one for office in offices for one in able(directory.members(office)) if _leads(one)]
    staff = [able(directory.members(office)) for office in offices]
    told = [one for members in staff for one in _first_told(task, members)]
    told += [one for members in staff for one in members if one.id == task.assignee_id and one not in told]
    groups = [group for office in offices for group in directory.groups(office)]
    quiet = _offices_with_named(task, offices, directory, house)
    groups = [group for group in groups if group.office not in quiet]
    if told:
        return groups, told
    covering = _first_told(task, able(directory.members(house.hospital.discipline_office)))
    return groups, covering or able(directory.supervisors())


def may_hear(session: Session, task: Task, office: str, member: Member | None, *, house: House) -> bool:
    """Whether a line about a task may stand in a chat when it is sent: a member's, or an office's group."""
    if member is not None:
        return may_see_task(session, task, member, house=house)
    return office in offices_of_task(task, house.hospital)


def _first_told(task: Task, able: list[Member]) -> list[Member]:
    on_duty = [one for one in able if one.on_duty] or able
    if task.kind is TaskKind.CALLBACK or is_escalated(task):
        return on_duty
    return [one for one in on_duty if _leads(one)] or [one for one in able if _leads(one)] or on_duty


def _offices_with_named(task: Task, offices: list[str], directory: Directory, house: House) -> frozenset[str]:
    words = text_in(task, "words", vault=house.vault)
    return frozenset(
        office for office in offices if named_in(words, directory.everybody(office), house=house)
    )


def _leads(member: Member) -> bool:
    return member.role is Role.HEAD
