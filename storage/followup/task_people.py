"""Who does a task and who may know of it: the department or who stands in, never whom the words accuse."""

import re
from collections.abc import Sequence

from sqlmodel import Session

from nlp.normalise import normalise
from storage.access import covered_offices
from storage.addressing import any_of, word_lists
from storage.errors import SealError
from storage.followup.tasks import Task, TaskKind, open_sealed
from storage.hospital import Hospital
from storage.house import House
from storage.members import Member, Right, Role, may, members_of, name_of
from storage.naming import Person, read_names
from storage.vault import Vault


def office_for(
    session: Session, kind: TaskKind, department: str, *, words: str, accused: bool, house: House
) -> tuple[str, bool]:
    """The office that does a task, and whether the department is kept out of it for what `words` say.

    The department, if somebody there may do it; else the office that stands in, the service desk, the
    discipline office, or "" (supervisors alone). Where somebody of the department is accused, the service
    desk comes first. A health trouble stays with a ward as long as it has somebody who is not named and no
    head of it is: most patients name their surgeon without accusing anybody.
    """
    hospital = house.hospital
    staff = members_of(session, department)
    named = named_in(words, staff, house=house)
    apart = accused or any(one.role is Role.HEAD and one.id in named for one in staff)
    if kind is TaskKind.RECOVERY:
        apart = apart or bool(named) or _speaks_of_its_head(words)
    elif staff and len(named) == len(staff):
        apart = True
    first = (hospital.service_desk,) if apart else (department, stand_in(kind, hospital))
    for office in dict.fromkeys((*first, hospital.service_desk, hospital.discipline_office)):
        able = staff if office == department else members_of(session, office)
        if len(named_in(words, able, house=house)) < len(able) and not (apart and office == department):
            return office, apart
    return "", apart


def stand_in(kind: TaskKind, hospital: Hospital) -> str:
    """The office that looks after a kind of task where the department cannot or does not."""
    followup = hospital.followup
    chosen = followup.care_office if kind is TaskKind.CALLBACK else followup.recovery_office
    return chosen or hospital.service_desk


def may_see_task(session: Session, task: Task, member: Member, *, house: House) -> bool:
    """Whether a member may open a task and act on it.

    Those who handle cases in its office (for an office without anybody the discipline office), in the
    office that stands in once it is overdue, and supervisors; never somebody its words name.
    """
    if not may(member, Right.HANDLE) or (task.apart and member.office == task.department):
        return False
    hospital = house.hospital
    theirs = offices_of_task(task, hospital) & {*covered_offices(session, member, hospital)}
    if not theirs and not may(member, Right.EVERY_CASE):
        return False
    return member.id not in named_in(text_in(task, "words", vault=house.vault), [member], house=house)


def offices_of_task(task: Task, hospital: Hospital) -> frozenset[str]:
    """Who does it, and once it was called to mind as overdue also who stands in."""
    late = {stand_in(task.kind, hospital)} if is_escalated(task) else set()
    return frozenset({task.office} | late) - {""}


def is_escalated(task: Task) -> bool:
    """Whether its reminders went further up: a CALLBACK from its limit on, a RECOVERY likewise."""
    return task.reminders >= (1 if task.kind is TaskKind.CALLBACK else 2)


def named_in(words: str, members: Sequence[Member], *, house: House) -> frozenset[int]:
    """The ids of those members whom the words name, or whose surname and a title they share."""
    if not words or not members:
        return frozenset()
    people = [Person(one.id or 0, _name(one, house.vault), one.office) for one in members]
    found = read_names(house.hospital, people, words)
    return found.people | found.possible


def text_in(task: Task, column: str, *, vault: Vault) -> str:
    """`words`, `phone` or `note`; empty where it does not open: the task must be done all the same."""
    try:
        return open_sealed(task, column, vault=vault)
    except SealError:
        return ""


def _speaks_of_its_head(words: str) -> bool:
    """Whether 主任 or 护士长 is spoken of: who leads a department must not look into that themselves."""
    titles: list[str] = word_lists()["person"]["department_titles"]
    return bool(words) and re.search(any_of(titles), normalise(words).text) is not None


def _name(member: Member, vault: Vault) -> str:
    try:
        return name_of(member, vault=vault)
    except SealError:
        return ""
