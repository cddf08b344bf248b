"""Who moves to another office, or joins once more, stays out of the cases they were left out of before."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, func, insert, literal, select
from sqlmodel import Session, col

from storage.cases import CaseOffice, Cause, LeftOutPerson, Part
from storage.errors import SealError
from storage.members import Member, Right, may, name_of
from storage.mentions import plain_name
from storage.routing import Person
from storage.vault import Vault

_P = LeftOutPerson.__table__.c  # type: ignore[attr-defined]
_O = CaseOffice.__table__.c  # type: ignore[attr-defined]


def keep_out_as_before(
    session: Session,
    member: Member,
    former_office: str | None,
    *,
    people: Sequence[Person],
    vault: Vault,
) -> None:
    """Cases that left out `former_office`, or somebody of the same name, leave this member out.

    A namesake counts as the same person under a second account: a supervisor may take it back, as any
    recusal, but not what the report itself says about them. `people` is everybody who is in. Namesakes of
    who handles no cases are looked for once they do.
    """
    offices = {former_office} - {None, member.office}
    for other in _namesakes(session, member, people, vault) if may(member, Right.HANDLE) else ():
        _inherit(session, member, other)
        offices |= {other.office} - {member.office}
    for office in offices:
        _recuse_from(session, member, str(office))
    session.flush()


def _namesakes(session: Session, member: Member, people: Sequence[Person], vault: Vault) -> Iterable[Member]:
    """Members of this name who are in or were, but for those who were forgotten or do not open."""
    mine = plain_name(name_of(member, vault=vault))
    same = [one.id for one in people if plain_name(one.name) == mine and one.id != member.id]
    yield from session.scalars(select(Member).where(col(Member.id).in_(same))).all()
    known = (col(Member.id) != member.id, col(Member.active).is_(False), func.length(Member.name) > 0)
    for other in session.scalars(select(Member).where(*known)).all():
        try:
            if plain_name(name_of(other, vault=vault)) == mine:
                yield other
        except SealError:
            continue


def _inherit(session: Session, member: Member, other: Member) -> None:
    rows = select(_P.case_id, literal(member.id), _P.cause).where(_P.member_id == other.id)
    _put(session, rows.where(_P.case_id.not_in(_known(member))))


def _recuse_from(session: Session, member: Member, office: str) -> None:
    rows = select(_O.case_id, literal(member.id), literal(Cause.RECUSED.value))
    accused = rows.where(_O.office == office, _O.part == Part.LEFT_OUT)
    _put(session, accused.where(_O.case_id.not_in(_known(member))))


def _known(member: Member) -> Select[tuple[int]]:
    return select(_P.case_id).where(_P.member_id == member.id)


def _put(session: Session, rows: Select[Any]) -> None:
    session.execute(insert(LeftOutPerson).from_select(["case_id", "member_id", "cause"], rows))
