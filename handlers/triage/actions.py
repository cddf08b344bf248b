"""What may be done with a case, by its status and by the right of the officer."""

from enum import StrEnum

from sqlmodel import Session

from storage.access import may_act
from storage.cases import Case, Outcome, Status
from storage.events import RECATEGORISED
from storage.hospital import Hospital
from storage.members import Member


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

EVENT = {
    Action.ACCEPT: "accepted",
    Action.INVESTIGATE: "investigating",
    Action.TRANSFER: "transferred",
    Action.REFUSE: "closed",
    Action.CLOSE: "closed",
    Action.REOPEN: "reopened",
    Action.ASSIGN: "assigned",
    Action.RECATEGORISE: RECATEGORISED,
}
"""The event that each action leaves in the trail, for those that move a case."""


def allowed_actions(session: Session, case: Case, member: Member, hospital: Hospital) -> tuple[Action, ...]:
    """What this member, who may see the case, may do with it.

    Supporting offices only add notes. A sealed case stays where it is: no office may take it over. What a
    withdrawn one was about is nobody's business any more.
    """
    if not may_act(session, case, member, hospital):
        return (Action.NOTE,)
    out = {Action.TRANSFER} if case.sealed else set()
    out |= {Action.RECATEGORISE} if case.outcome is Outcome.WITHDRAWN else set()
    return tuple(action for action in _BY_STATUS[case.status] if action not in out)
