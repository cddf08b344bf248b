"""The names of everybody who is in, for routing: opened once, and anew for those who changed."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from storage.direct import Prepared
from storage.errors import SealError
from storage.members import Member, Right, Role, may, name_of
from storage.routing import Person
from storage.vault import Vault

_TOGETHER = 500
_TABLE = Member.__table__  # type: ignore[attr-defined]
_NEWEST = core_select(func.max(_TABLE.c.id)).scalar_subquery()
_LATEST = core_select(func.max(_TABLE.c.changed_at)).scalar_subquery()
_VERSION = Prepared(core_select(_NEWEST, _LATEST))
"""Two looks at the ends of an index: as quick for thousands as for ten."""
_STANDING = Prepared(core_select(_TABLE.c.id, _TABLE.c.changed_at).where(_TABLE.c.active))


class Roster:
    """Keeps the opened names between messages; belongs to the one thread that writes."""

    def __init__(self) -> None:
        self._version: tuple[int, int | None] | None = None
        self._known: dict[int, tuple[int, Person | None]] = {}
        self._people: tuple[Person, ...] = ()

    def people(self, session: Session, *, vault: Vault) -> tuple[Person, ...]:
        """Everybody who is in, with name and office: who handles no cases now may later."""
        version = staff_version(session)
        if version != self._version:
            self._learn(session, vault)
            self._version = version
        return self._people

    def _learn(self, session: Session, vault: Vault) -> None:
        """Opens whose row is another than the one that is known: of thousands mostly a single one."""
        standing = sorted(_standing(session))
        known = self._known
        fresh = [number for number, changed in standing if known.get(number, (None,))[0] != changed]
        opened = {member.id or 0: _person(member, vault) for member in _members(session, fresh)}
        self._known = {
            number: (changed, opened[number] if number in opened else known[number][1])
            for number, changed in standing
        }
        self._people = tuple(person for _, person in self._known.values() if person is not None)


def _members(session: Session, numbers: Sequence[int]) -> list[Member]:
    found: list[Member] = []
    for start in range(0, len(numbers), _TOGETHER):
        some = numbers[start : start + _TOGETHER]
        found += session.exec(select(Member).where(col(Member.id).in_(some)))
    return found


def _person(member: Member, vault: Vault) -> Person | None:
    """Whose name does not open is let in nowhere and told nothing: others' reports must not stop for them."""
    try:
        name = name_of(member, vault=vault)
    except SealError:
        return None
    return Person(
        member.id or 0, name, member.office, head=member.role is Role.HEAD, handles=may(member, Right.HANDLE)
    )


def staff_version(session: Session) -> tuple[int, int | None]:
    """Changes whenever a member joins, leaves or changes: lets callers keep what they derived."""
    newest, changed = _VERSION.first(session) or (0, None)
    return newest or 0, changed


def _standing(session: Session) -> list[tuple[int, int]]:
    """Number of each active member, and when the row changed: tells cheaply whose is to be read anew."""
    return [(number, changed) for number, changed in _STANDING.rows(session, {})]
