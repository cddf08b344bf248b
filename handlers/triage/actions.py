"""What may be done with a case, by its status and by the right of the officer."""

from enum import StrEnum

from sqlmodel import Session

from storage.access import may_act
from storage.cases import Case, Cause, Outcome, Status, people_left_out
from storage.event_names import EventName
from storage.events import RECATEGORISED
from storage.holds import may_hold
from storage.hospital import Hospital
from storage.members import Member, Right, may


class Action(StrEnum):
    """The buttons under a case; the value is part of what a button sends back."""

    ACCEPT = "accept"
    INVESTIGATE = "investigate"
    TRANSFER = "transfer"
    REFUSE = "refuse"
    ASK = "ask"
    NOTE = "note"
    CLOSE = "close"
    REOPEN = "reopen"
    ASSIGN = "assign"
    RECATEGORISE = "recategorise"
    SEPARATE = "separate"
    RECUSE = "recuse"
    RECUSE_OTHER = "recuse_other"
    LIFT = "lift"
    HOLD = "hold"
    UNHOLD = "unhold"


_BY_STATUS: dict[Status, tuple[Action, ...]] = {
    Status.RECEIVED: (
        Action.ACCEPT, Action.TRANSFER, Action.REFUSE, Action.ASK, Action.NOTE, Action.ASSIGN,
        Action.RECATEGORISE,
    ),
    Status.ACCEPTED: (
        Action.INVESTIGATE, Action.CLOSE, Action.ASK, Action.NOTE, Action.TRANSFER, Action.ASSIGN,
        Action.RECATEGORISE,
    ),
    Status.INVESTIGATING: (
        Action.CLOSE, Action.ASK, Action.NOTE, Action.TRANSFER, Action.ASSIGN, Action.RECATEGORISE,
    ),
    Status.CLOSED: (Action.REOPEN, Action.NOTE, Action.RECATEGORISE),
}  # fmt: skip

_OF_COPY = (Action.SEPARATE, Action.ASK, Action.NOTE)

EVENT = {
    Action.ACCEPT: "accepted",
    Action.INVESTIGATE: "investigating",
    Action.TRANSFER: "transferred",
    Action.REFUSE: "closed",
    Action.CLOSE: "closed",
    Action.REOPEN: "reopened",
    Action.ASSIGN: "assigned",
    Action.RECATEGORISE: RECATEGORISED,
    Action.SEPARATE: "separated",
    Action.RECUSE: EventName.RECUSED.value,
    Action.RECUSE_OTHER: EventName.RECUSED.value,
    Action.LIFT: EventName.RECUSAL_LIFTED.value,
    Action.HOLD: EventName.HELD.value,
    Action.UNHOLD: EventName.HOLD_LIFTED.value,
}
"""The event that each action leaves in the trail, for those that move a case."""


def allowed_actions(session: Session, case: Case, member: Member, hospital: Hospital) -> tuple[Action, ...]:
    """What this member, who may see the case, may do with it.

    Supporting offices only add notes and step back. What a colleague holds is given away by heads and
    supervisors alone, and they alone ask for a recusal. A sealed case stays where it is: no office may
    take it over. What a withdrawn one was about is nobody's business any more. A copy that is
    handled with another case is decided on there; it can be taken out. Where the content is gone nothing
    is left to be done.
    """
    if case.purged_at is not None:
        return ()
    if not may_act(session, case, member, hospital):
        return (Action.NOTE, Action.RECUSE)
    if case.same_as is not None:
        return _OF_COPY if case.status is not Status.CLOSED else (Action.SEPARATE, Action.NOTE)
    out = {Action.TRANSFER} if case.sealed else set()
    out |= {Action.RECATEGORISE} if case.outcome is Outcome.WITHDRAWN else set()
    out |= {Action.ASSIGN} if _is_a_colleagues(case, member) else set()
    actions = [action for action in _BY_STATUS[case.status] if action not in out]
    actions += [*_keeping(session, case, member, hospital), Action.RECUSE]
    return (*actions, *_about_others(session, case, member))


def _is_a_colleagues(case: Case, member: Member) -> bool:
    """Whether somebody else handles the case, and this member may not take it from them."""
    return case.assignee_id not in (None, member.id) and not may(member, Right.REASSIGN)


def _keeping(session: Session, case: Case, member: Member, hospital: Hospital) -> tuple[Action, ...]:
    if not may_hold(session, case, member, hospital):
        return ()
    return (Action.HOLD if case.held_at is None else Action.UNHOLD,)


def _about_others(session: Session, case: Case, member: Member) -> tuple[Action, ...]:
    asks = (Action.RECUSE_OTHER,) if may(member, Right.RECUSE_OTHERS) else ()
    lifts = may(member, Right.LIFT_RECUSAL) and people_left_out(session, case.id or 0, Cause.RECUSED)
    return (*asks, Action.LIFT) if lifts else asks
