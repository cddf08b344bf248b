"""Who may fetch a file that staff handed in: decided by the matter it belongs to."""

from collections.abc import Callable

from sqlmodel import Session

from storage.drives.permits import may_fetch_proof
from storage.duties.submission_access import may_fetch_submission
from storage.hand_ins.access import may_fetch_hand_in
from storage.house import House
from storage.members import Member
from storage.training.materials import is_material

FOR_EVERYBODY = "material:"
"""Teaching material: who works here may read it, and that thousands do is nothing to write down."""
_LONGEST = 9
Door = Callable[[Session, int, Member, House], bool]
_DOORS: dict[str, Door] = {
    "material": lambda session, number, member, house: is_material(session, number),
    "drive_item": may_fetch_proof,
    "submission": may_fetch_submission, "hand_in": may_fetch_hand_in, "hand_in_photo": may_fetch_hand_in,
}  # fmt: skip
"""By the first word of a matter: whether this member may fetch the files of the one with this number."""


def may_fetch(session: Session, matter: str, member: Member, *, house: House) -> bool:
    """Whether a member may fetch the files of a matter; nobody those of a kind that is not known here."""
    kind, _, number = matter.partition(":")
    door = _DOORS.get(kind)
    good = number.isascii() and number.isdecimal() and len(number) <= _LONGEST
    return door is not None and good and door(session, int(number), member, house)
