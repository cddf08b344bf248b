"""Lets people of the hospital in: /join CODE in a private chat, /bind CODE in an office's group."""

from collections.abc import Callable
from dataclasses import replace

from handlers.triage import officer_menu
from handlers.turn import Turn
from nlp.commands import Command, find_command
from storage.errors import CodeError
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.former_places import keep_out_as_before
from storage.groups import bind_group
from storage.handover import cover_office, give_up_cases
from storage.invites import Invite, check_invite, use_invite
from storage.lists import Listing, list_cases
from storage.members import Member, Right, add_member, find_member, may, name_of, opens
from storage.messages import Reply
from storage.newcomers import look_through_cases
from storage.receipts import must_wait, note_wrong_guess
from storage.redirecting import forget_what_was_shown
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
        if invited.office not in turn.house.hospital.places:
            return [turn.reply("joining.office_gone")]
        return then(turn, code, invited, name)
    except CodeError:
        note_wrong_guess(turn.session, turn.sender, channel=turn.inbound.channel, now=turn.now)
        count_up(turn.session, EventName.WRONG_JOIN_CODES, now=turn.now)
        return [turn.reply("joining.wrong_code")]


def _join(turn: Turn, code: str, invited: Invite, name: str) -> list[Reply]:
    """The name stands in the invite, or is that of the member who moves, or is asked for."""
    known = find_member(turn.session, turn.sender, active_only=False)
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
    before = find_member(turn.session, turn.sender)
    former = before.office if before is not None else None
    once = find_member(turn.session, turn.sender, active_only=False)
    once_at = once.office if once is not None else None
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
    people = turn.desk.roster.people(turn.session, vault=turn.house.vault)
    look_through_cases(turn.session, member, people, house=turn.house, now=turn.now)
    keep_out_as_before(turn.session, member, once_at, vault=turn.house.vault)
    if former is not None:
        give_up_cases(turn.session, member, by=_actor(member), house=turn.house, now=turn.now)
        cover_office(turn.session, former, people=people, house=turn.house, now=turn.now)
        forget_what_was_shown(turn.session, [member], vault=turn.house.vault)
    office, role = member.office, member.role.value
    record_event(turn.session, _actor(member), "joined", now=turn.now, office=office, role=role)
    turn.dialogue.clear()
    return _welcome(replace(turn, member=member), name, moved=former is not None)


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
    """The administrator gets a desk of their own; staff go on as anybody who writes here."""
    key = f"joining.welcome_{turn.officer.role}"
    welcome = turn.reply(key, name=name, office=turn.officer.office, role=role)
    if not may(turn.officer, Right.DESK):
        return [replace(welcome, keep=True)]
    menu = officer_menu(turn)
    return [replace(menu, text=f"{welcome.text}\n\n{menu.text}", keep=True)]


def _bind(turn: Turn, code: str, invited: Invite, _name: str) -> list[Reply]:
    use_invite(turn.session, code, for_group=True, vault=turn.house.vault, now=turn.now)
    bind_group(
        turn.session,
        channel=turn.inbound.channel,
        address=turn.inbound.chat,
        office=invited.office,
        vault=turn.house.vault,
        now=turn.now,
    )
    actor = _actor(turn.member) if turn.member else SYSTEM
    record_event(turn.session, actor, "bound", now=turn.now, office=invited.office)
    ward = invited.office in turn.house.hospital.clinical
    return [turn.reply("joining.bound_ward" if ward else "joining.bound", office=invited.office)]


def _tidy(written: str) -> str:
    """A name on one line, or nothing if it is none."""
    name = " ".join(written.split())
    usable = name.isprintable() and not name.startswith("/") and any(map(str.isalpha, name))
    return name if usable and len(name) <= _LONGEST_NAME else ""


def _actor(member: Member) -> str:
    return f"member:{member.id}"
