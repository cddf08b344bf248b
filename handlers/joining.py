"""Lets people of the hospital in: /join CODE in a private chat, /bind CODE in an office's group."""

from collections.abc import Callable
from dataclasses import replace

from handlers.staff.personal_code import duties_button, on_personal_code
from handlers.staff.services_button import services_button
from handlers.triage import officer_menu
from handlers.turn import Turn
from nlp.commands import Command, find_command
from storage.duties.cards import forget_cards_of
from storage.duties.newcomers import remind_next_morning
from storage.errors import CodeError
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.groups import EVERYONE, bind_group
from storage.invites import Invite, check_invite, open_invited_name, use_invite
from storage.lists import Listing, list_cases
from storage.members import Member, Right, Role, add_member, find_member, may, name_of, opens
from storage.messages import Reply
from storage.posting import Former, settle_in
from storage.receipts import must_wait, note_wrong_guess
from storage.staff.employees import Employee
from storage.staff.linking import employee_for, tie
from storage.tallies import count_up

FLOW = "join"
_LONGEST_NAME = 20
_NOT_FOR_STAFF = ("sms",)
"""Whoever sends a text can choose the number it seems to come from, and all read along on its way."""
_LONGEST_CODE = 40


def on_join(turn: Turn, code: str) -> list[Reply]:
    """/join CODE: a person becomes a member or moves to another office; asks for a name if none is known."""
    if turn.inbound.in_group:
        return [turn.reply("joining.not_in_group")]
    if turn.inbound.channel in _NOT_FOR_STAFF:
        return [turn.reply("joining.not_by_sms")]
    return _with_code(turn, code, _join, for_group=False)


def on_join_text(turn: Turn) -> list[Reply]:
    """The name that was asked for; the code is used only now."""
    if find_command(turn.inbound.text) is Command.BACK:
        turn.dialogue.clear()
        return [turn.reply("joining.cancelled")]
    name = _tidy(turn.inbound.text)
    if not name:
        return [turn.reply("joining.name_again", most=_LONGEST_NAME)]
    code = str(turn.dialogue.data.get("code", ""))
    turn.dialogue.clear()
    return _with_code(
        turn, code, lambda turn, code, invited, _: _admit(turn, code, invited, name), for_group=False
    )


def on_bind(turn: Turn, code: str) -> list[Reply]:
    """/bind CODE: the group becomes the group of an office."""
    if not turn.inbound.in_group:
        return [turn.reply("joining.only_in_group")]
    return _with_code(turn, code, _bind, for_group=True)


def _with_code(
    turn: Turn, code: str, then: Callable[[Turn, str, Invite, str], list[Reply]], *, for_group: bool
) -> list[Reply]:
    """Goes on with a good code, which stays unused until `then` uses it; a wrong one is counted."""
    if must_wait(turn.session, turn.sender, now=turn.now):
        return [turn.reply("joining.wait")]
    if not code.strip():
        return [turn.reply("joining.bind_how" if for_group else "joining.join_how")]
    code = code[:_LONGEST_CODE]
    try:
        invited, name = check_invite(
            turn.session, code, for_group=for_group, vault=turn.house.vault, now=turn.now
        )
        whole_house = for_group and invited.office == EVERYONE
        if invited.office not in turn.house.hospital.places and not whole_house:
            return [turn.reply("joining.office_gone")]
        return then(turn, code, invited, name)
    except CodeError:
        note_wrong_guess(turn.session, turn.sender, channel=turn.inbound.channel, now=turn.now)
        count_up(turn.session, EventName.WRONG_JOIN_CODES, now=turn.now)
        return [turn.reply("joining.wrong_code")]


def _join(turn: Turn, code: str, invited: Invite, name: str) -> list[Reply]:
    """The name stands in the invite, or is that of the member who moves, or is asked for."""
    known = find_member(turn.session, turn.sender, active_only=False)
    if invited.employee_id is not None:
        return on_personal_code(turn, code, invited, name, known, _admit)
    name = _tidy(name) or _known_name(turn, known)
    if name:
        return _admit(turn, code, invited, name)
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.data = FLOW, {"code": code}
    return [turn.reply("joining.ask_name", office=invited.office)]


def _known_name(turn: Turn, known: Member | None) -> str:
    """Who was changed in the database from outside is asked for their name like somebody new."""
    vault = turn.house.vault
    return name_of(known, vault=vault) if known is not None and opens(known, vault=vault) else ""


def _admit(turn: Turn, code: str, invited: Invite, name: str) -> list[Reply]:
    """Uses the code and lets the person in; what a former office or role allowed is given back."""
    use_invite(turn.session, code, for_group=False, vault=turn.house.vault, now=turn.now)
    former = Former.of(find_member(turn.session, turn.sender, active_only=False))
    member = add_member(
        turn.session,
        sender=turn.sender,
        channel=turn.inbound.channel,
        address=turn.inbound.chat,
        name=name,
        office=invited.office,
        role=invited.role,
        vault=turn.house.vault,
        now=turn.now,
    )
    actor, roster = _actor(member), turn.desk.roster
    settle_in(turn.session, member, former, by=actor, roster=roster, house=turn.house, now=turn.now)
    office, role = member.office, member.role.value
    record_event(turn.session, actor, "joined", now=turn.now, office=office, role=role)
    _put_on_roster(turn, member, invited)
    turn.dialogue.clear()
    return _welcome(replace(turn, member=member), name, moved=former.was_in)


def _put_on_roster(turn: Turn, member: Member, invited: Invite) -> None:
    """Everybody who joins is somebody of the roster: whom the code was printed for, or the name given."""
    if invited.employee_id is not None:
        employee = turn.session.get_one(Employee, invited.employee_id)
        tie(turn.session, employee, member, by=_actor(member), house=turn.house, now=turn.now)
        remind_next_morning(turn.session, employee, house=turn.house, now=turn.now)
        return
    given = bool(open_invited_name(invited, vault=turn.house.vault))
    employee_for(turn.session, member, named=given, house=turn.house, now=turn.now)


def _welcome(turn: Turn, name: str, *, moved: bool) -> list[Reply]:
    key = "joining.moved" if moved else "joining.welcome"
    role = turn.words(f"joining.role_{turn.officer.role}")
    if not may(turn.officer, Right.HANDLE):
        return _welcome_without_cases(turn, name, role)
    if not moved and turn.officer.office in turn.house.hospital.clinical:
        key = "joining.welcome_ward"
    sees = turn.words("joining.sees_sealed") if may(turn.officer, Right.EVERY_CASE) else ""
    welcome = turn.reply(key, name=name, office=turn.officer.office, role=role, sees=sees)
    waiting, _ = list_cases(
        turn.session, Listing.OFFICE, turn.officer, hospital=turn.house.hospital, now=turn.now
    )
    if waiting:
        welcome = replace(welcome, text=f"{welcome.text}\n{turn.words('joining.waiting')}")
    menu = officer_menu(turn)
    return [replace(menu, text=f"{welcome.text}\n\n{menu.text}", keep=True)]


def _welcome_without_cases(turn: Turn, name: str, role: str) -> list[Reply]:
    """The administrator gets a desk of their own; staff see what is due, and else write as anybody does."""
    key = f"joining.welcome_{turn.officer.role}"
    staff = turn.officer.role is Role.STAFF
    rows = [[duties_button(turn), *services_button(turn)]] if staff else []
    welcome = turn.reply(key, rows, name=name, office=turn.officer.office, role=role)
    if not may(turn.officer, Right.DESK):
        return [replace(welcome, keep=True)]
    menu = officer_menu(turn)
    return [replace(menu, text=f"{welcome.text}\n\n{menu.text}", keep=True)]


def _bind(turn: Turn, code: str, invited: Invite, _name: str) -> list[Reply]:
    use_invite(turn.session, code, for_group=True, vault=turn.house.vault, now=turn.now)
    group = bind_group(
        turn.session,
        channel=turn.inbound.channel,
        address=turn.inbound.chat,
        office=invited.office,
        vault=turn.house.vault,
        now=turn.now,
    )
    forget_cards_of(turn.session, group.id or 0)  # they show how far another office is
    actor = _actor(turn.member) if turn.member else SYSTEM
    record_event(turn.session, actor, "bound", now=turn.now, office=invited.office)
    if invited.office == EVERYONE:
        return [turn.reply("joining.bound_everyone")]
    ward = invited.office in turn.house.hospital.clinical
    return [turn.reply("joining.bound_ward" if ward else "joining.bound", office=invited.office)]


def _tidy(written: str) -> str:
    """A name on one line, or nothing if it is none."""
    name = " ".join(written.split())
    usable = name.isprintable() and not name.startswith("/") and any(map(str.isalpha, name))
    return name if usable and len(name) <= _LONGEST_NAME else ""


def _actor(member: Member) -> str:
    return f"member:{member.id}"
