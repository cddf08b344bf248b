"""Who may do what: one table of roles and rights, which all other code asks."""

from enum import StrEnum


class Role(StrEnum):
    """What a person of the hospital is here."""

    OFFICER = "officer"
    HEAD = "head"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    STAFF = "staff"


class Right(StrEnum):
    """What may be done; cases are always those that leave neither the person nor their office out.

    DESK: has the officers' menu. HANDLE: may know of cases of the office and be given them. REASSIGN: gives
    away what a colleague holds. RECUSE_OTHERS: asks for the recusal of a colleague. APPROVE: blocks senders,
    holds back deletion. STATISTICS: sees counts. EVERY_CASE: all offices' cases, sealed ones too.
    LIFT_RECUSAL: takes a recusal back. RUN_HOUSE: sees members and counts of offices, switches duty.
    """

    DESK = "desk"
    HANDLE = "handle"
    REASSIGN = "reassign"
    RECUSE_OTHERS = "recuse_others"
    APPROVE = "approve"
    STATISTICS = "statistics"
    EVERY_CASE = "every_case"
    LIFT_RECUSAL = "lift_recusal"
    RUN_HOUSE = "run_house"


_OFFICER = frozenset({Right.DESK, Right.HANDLE})
_HEAD = _OFFICER | {Right.REASSIGN, Right.RECUSE_OTHERS, Right.APPROVE, Right.STATISTICS}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OFFICER: _OFFICER,
    Role.HEAD: _HEAD,
    Role.SUPERVISOR: _HEAD | {Right.EVERY_CASE, Right.LIFT_RECUSAL},
    Role.ADMINISTRATOR: frozenset({Right.DESK, Right.STATISTICS, Right.RUN_HOUSE}),
    Role.STAFF: frozenset(),
}


def roles_with(right: Right) -> tuple[Role, ...]:
    """The roles that have a right."""
    return tuple(role for role in Role if right in RIGHTS[role])
