"""The rights everybody is meant to have, as tables a person can read; no code of the house fills them."""

from handlers.triage.actions import Action as A  # noqa: N817 (the tables read better)
from storage.members import Role

RELATIONS = ("lead", "supporting", "discipline", "other", "left_out_office", "left_out_person", "recused")
STATES = ("received", "accepted", "investigating", "closed", "reopened", "withdrawn", "sealed")

_SIGHT = """
                lead  supporting  discipline  other  left_out_office  left_out_person  recused
officer         acts  reads       -           -      -                -                -
head            acts  reads       -           -      -                -                -
supervisor      acts  acts        acts        acts   -                -                -
administrator   -     -           -           -      -                -                -
staff           -     -           -           -      -                -                -
"""
"""`acts` decides on the case; `reads` reads it with numbers masked and adds notes; `-` knows of no case."""

_SEALED = """
officer         -     -           -           -      -                -                -
head            -     -           -           -      -                -                -
supervisor      acts  acts        acts        acts   -                -                -
administrator   -     -           -           -      -                -                -
staff           -     -           -           -      -                -                -
"""

_STEPS: dict[str, frozenset[A]] = {
    "received": frozenset({A.ACCEPT, A.TRANSFER, A.REFUSE, A.ASK, A.NOTE, A.ASSIGN, A.RECATEGORISE}),
    "accepted": frozenset({A.INVESTIGATE, A.CLOSE, A.TRANSFER, A.ASK, A.NOTE, A.ASSIGN, A.RECATEGORISE}),
    "investigating": frozenset({A.CLOSE, A.TRANSFER, A.ASK, A.NOTE, A.ASSIGN, A.RECATEGORISE}),
    "closed": frozenset({A.REOPEN, A.NOTE, A.RECATEGORISE}),
    "reopened": frozenset({A.CLOSE, A.TRANSFER, A.ASK, A.NOTE, A.ASSIGN, A.RECATEGORISE}),
    "withdrawn": frozenset({A.REOPEN, A.NOTE}),
    "sealed": frozenset({A.ACCEPT, A.REFUSE, A.ASK, A.NOTE, A.ASSIGN, A.RECATEGORISE}),
}
"""What whoever `acts` may do, by state; a sealed case goes to no other office."""

_BESIDES: dict[Role, frozenset[A]] = {
    Role.OFFICER: frozenset({A.RECUSE}),
    Role.HEAD: frozenset({A.RECUSE, A.RECUSE_OTHER}),
    Role.SUPERVISOR: frozenset({A.RECUSE, A.RECUSE_OTHER, A.LIFT}),
}
_HOLDS = (Role.HEAD, Role.SUPERVISOR)
"""Who may hold back the deletion of a closed case."""
_NOT_OF_A_COLLEAGUE = {Role.OFFICER: frozenset({A.ASSIGN})}
"""Somebody else handles the cases of this matrix from `accepted` on, so an officer cannot give them away."""
_READER = frozenset({A.NOTE, A.RECUSE})

NEVER_HERE = frozenset({A.SEPARATE, A.UNHOLD})
"""Only for copies, and for cases that are held back: none of this matrix is."""

CASE_VERBS: dict[str, tuple[str, ...]] = {
    "open": ("open:{id}", "open:{id}:list"),
    "text": ("text:{id}:1",),
    "thread": ("thread:{id}",),
    "history": ("history:{id}",),
    "files": ("files:{id}",),
    "copies": ("copies:{id}",),
    "more": ("more:{id}",),
    "category": (
        "category:{id}:{version}:all", "category:{id}:{version}:kickback:sure",
        "category:{id}:{version}:undo", "category:{id}:{version}:lead", "category:{id}:99:all",
    ),
    "block": ("block:{id}", "block:{id}:threats:7:yes", "block:{id}:agree:1", "block:{id}:lift:1"),
    "do": ("do:fly:{id}:{version}", "do:accept:{id}:99"),
}  # fmt: skip
"""Buttons that carry a case, beside `do:ACTION` for every action."""

OTHER_VERBS: dict[str, tuple[str, ...]] = {
    "desk": ("desk",),
    "list": tuple(f"list:{name}:{page}" for name in ("mine", "office", "supporting", "today", "overdue")
                  for page in (0, 1)),
    "form": ("form:send:abc", "form:pick:abc:0", "form:cancel:abc"),
    "duty": ("duty:on",),
    "handover": ("handover", "handover:1", "handover:1:office", "handover:1:office:sure"),
    "figures": ("figures", "figures:2025"),
    "satisfaction": ("satisfaction", "satisfaction:2025-11:all", "satisfaction:2025-11:all:table",
                     "satisfaction:2025-11::pick:0"),
    "people": ("people:0", "people:3"),
    "shift": ("shift:1:off", "shift:99:on"),
    "blocks": ("blocks", "blocks:lift:1"),
    "noted": ("noted",),
}  # fmt: skip
"""Buttons that carry no case: none of them may tell of one that somebody must not know of."""

TYPED_WORDS = {
    "mine", "office", "supporting", "today", "overdue", "duty_on", "duty_off", "handover", "figures",
    "people", "menu", "help",
}  # fmt: skip
TYPED_NUMBERS = ("{number}", "{id}号", "#{id}")
COMMANDS = {"help", "back", "report", "progress", "rating", "inquiry", "human", "withdraw"}
REPORTER_CHOICES = {
    "start", "help", "back", "report", "report.this", "progress", "case.refresh", "withdraw", "withdraw.yes",
    "withdraw.no", "restore", "push.on", "push.off", "rating", "rating.report", "inquiry", "human",
    "praise.report", "score", "faq", "mine", "skip",
}  # fmt: skip
"""Buttons of reporters: the number of a case in them opens none to who did not come with its code."""
FLOWS = {"report", "case", "rating", "inquiry"}


def sight(role: Role, relation: str, state: str) -> str:
    """`acts`, `reads` or `-`."""
    table = _SEALED if state == "sealed" else _SIGHT
    row = next(line.split()[1:] for line in table.splitlines() if line.startswith(role.value))
    return row[RELATIONS.index(relation)]


def actions(role: Role, relation: str, state: str) -> frozenset[A]:
    """What may be done with the case."""
    match sight(role, relation, state):
        case "acts":
            mine = _STEPS[state] if state in ("received", "sealed") else _STEPS[state] - _taken(role)
            holds = state in ("closed", "withdrawn") and role in _HOLDS
            return mine | _BESIDES[role] | ({A.HOLD} if holds else set())
        case "reads":
            return _READER
    return frozenset()


def _taken(role: Role) -> frozenset[A]:
    return _NOT_OF_A_COLLEAGUE.get(role, frozenset())
