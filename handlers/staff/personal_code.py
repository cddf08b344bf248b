"""A join code that was printed for one person of the roster."""

from collections.abc import Callable

from handlers.turn import Turn
from storage.invites import Invite, use_invite
from storage.members import Member, Role, name_of, opens
from storage.mentions import plain_name
from storage.messages import Choice, Reply
from storage.posting import take_off
from storage.rights import RIGHTS
from storage.staff.employees import Employee, Employment, tie_member
from storage.staff.linking import tie, tied_to

Admit = Callable[[Turn, str, Invite, str], list[Reply]]


def on_personal_code(
    turn: Turn, code: str, invited: Invite, name: str, known: Member | None, admit: Admit
) -> list[Reply]:
    """Lets in whom the code was printed for; an existing member with more rights is only tied to the roster.

    The code stays good where it is refused: it may be in the wrong hands by mistake. Somebody who joined
    before with another chat goes on with this one.
    """
    employee = turn.session.get(Employee, invited.employee_id)
    if employee is None or employee.standing is Employment.LEFT:
        return [turn.reply("joining.no_longer_here")]
    if known is not None and _is_another(turn, known, employee, name):
        return [turn.reply("joining.somebody_else")]
    if known is not None and known.active and employee.member_id == known.id:
        return [turn.reply("joining.known_already", [[duties_button(turn)]])]
    _leave_other_chat(turn, employee, known)
    if known is not None and known.active and _has_more_rights(known, invited.role):
        return _only_tied(turn, code, employee, known, name)
    return admit(turn, code, invited, name)


def _is_another(turn: Turn, known: Member, employee: Employee, name: str) -> bool:
    """Whether whoever sends the code is known to be somebody else: by staff number, or by name."""
    tied = tied_to(turn.session, known)
    if tied is not None and tied.id != employee.id and tied.number_hash is not None:
        return True
    if not known.active or not opens(known, vault=turn.house.vault):
        return False
    return plain_name(name_of(known, vault=turn.house.vault)) != plain_name(name)


def _has_more_rights(known: Member, role: Role) -> bool:
    return known.role is not Role.STAFF and not RIGHTS[role] > RIGHTS[known.role]


def _only_tied(turn: Turn, code: str, employee: Employee, known: Member, name: str) -> list[Reply]:
    use_invite(turn.session, code, for_group=False, vault=turn.house.vault, now=turn.now)
    actor = f"member:{known.id}"
    tie(turn.session, employee, known, by=actor, house=turn.house, now=turn.now)
    turn.dialogue.clear()
    return [turn.reply("joining.linked", [[duties_button(turn)]], name=name)]


def duties_button(turn: Turn) -> Choice:
    """我的任务: what is open for whoever presses."""
    return Choice(turn.words("joining.my_duties"), "due:list:0")


def _leave_other_chat(turn: Turn, employee: Employee, known: Member | None) -> None:
    """One person has one chat: the one before is off, as if by hand."""
    before = turn.session.get(Member, employee.member_id) if employee.member_id is not None else None
    if before is None or (known is not None and before.id == known.id):
        return
    actor = f"member:{before.id}"
    take_off(turn.session, before, by=actor, roster=turn.desk.roster, house=turn.house, now=turn.now)
    tie_member(employee, None, vault=turn.house.vault)
    turn.session.add(employee)
    turn.session.flush()
