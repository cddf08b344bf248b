"""交接: an officer gives away what they handle; a head or supervisor does it for a colleague as well."""

from collections.abc import Sequence

from handlers.triage.sight import Sight
from handlers.triage.views import in_rows
from handlers.turn import Turn
from storage.access import may_act
from storage.cases import Case
from storage.handover import hand_over, held_cases
from storage.members import Member, Right, handling_members, may, members_of
from storage.messages import Choice, Reply
from storage.moves import actor

OFFICE, SURE = "office", "sure"
"""What a button carries in place of a colleague, and after the question whether it is meant."""


def on_handover(turn: Turn, whose: str = "", to: str = "", sure: str = "") -> list[Reply]:
    """Whose cases, to whom, and whether it is meant: one question after the other."""
    givers = _givers(turn)
    if whose == "" and len(givers) > 1:
        return [_ask_whose(turn, givers)]
    giver = _one(givers, whose) if whose else turn.officer
    cases = _theirs(turn, giver) if giver is not None else []
    if giver is None or not cases:
        return [turn.reply("triage.nothing_to_hand_over", _menu(turn), edit=True)]
    taker = _one(_takers(turn, giver), to)
    if to != OFFICE and taker is None:
        return [_ask_to_whom(turn, giver, cases)]
    if sure != SURE:
        return [_ask_sure(turn, giver, taker, cases)]
    done = hand_over(
        turn.session, giver, cases, to=taker, by=actor(turn.officer), house=turn.house, now=turn.now
    )
    values = {"given": done.given, "returned": done.returned, "to": _name(turn, taker)}
    key = "triage.handed_over" if done.given else "triage.handed_back"
    key = "triage.handed_over_in_part" if done.given and done.returned else key
    return [turn.reply(key, _menu(turn), edit=True, toast=turn.words(key, **values), **values)]


def _givers(turn: Turn) -> list[Member]:
    """Oneself, and for whom one may hand over: a head for the own office, a supervisor for everybody."""
    me = turn.officer
    if not may(me, Right.REASSIGN):
        return [me]
    every = may(me, Right.EVERY_CASE)
    near = handling_members(turn.session) if every else members_of(turn.session, me.office)
    return [me, *(one for one in near if one.id != me.id and _theirs(turn, one))]


def _theirs(turn: Turn, giver: Member) -> list[Case]:
    """What of a member's open cases may be given away here: of a colleague's, what one may decide on."""
    cases = held_cases(turn.session, giver)
    return [case for case in cases if may_act(turn.session, case, turn.officer, turn.house.hospital)]


def _takers(turn: Turn, giver: Member) -> list[Member]:
    return [one for one in members_of(turn.session, giver.office) if one.id != giver.id]


def _one(members: Sequence[Member], number: str) -> Member | None:
    return next((one for one in members if str(one.id) == number), None)


def _ask_whose(turn: Turn, givers: Sequence[Member]) -> Reply:
    buttons = [Choice(_name(turn, one), f"handover:{one.id}") for one in givers]
    return turn.reply("triage.hand_over_whose", [*in_rows(buttons), *_menu(turn)], edit=True)


def _ask_to_whom(turn: Turn, giver: Member, cases: Sequence[Case]) -> Reply:
    buttons = [Choice(_name(turn, one), f"handover:{giver.id}:{one.id}") for one in _takers(turn, giver)]
    back = (Choice(turn.words("desk.back_to_office"), f"handover:{giver.id}:{OFFICE}"),)
    rows = [*in_rows(buttons), back, *_menu(turn)]
    return turn.reply("triage.hand_over_to", rows, edit=True, who=_name(turn, giver), count=len(cases))


def _ask_sure(turn: Turn, giver: Member, taker: Member | None, cases: Sequence[Case]) -> Reply:
    value = f"handover:{giver.id}:{taker.id if taker else OFFICE}:{SURE}"
    rows = [(Choice(turn.words("desk.hand_over_yes"), value),), *_menu(turn)]
    to = _name(turn, taker)
    return turn.reply(
        "triage.hand_over_sure", rows, edit=True, who=_name(turn, giver), to=to, count=len(cases)
    )


def _name(turn: Turn, member: Member | None) -> str:
    return Sight.of(turn).name(member.id) if member is not None else turn.words("triage.the_office")


def _menu(turn: Turn) -> tuple[tuple[Choice, ...], ...]:
    return ((Choice(turn.words("desk.menu"), "desk"),),)
