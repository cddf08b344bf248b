"""Material to read: files of the folder `materials`, cleaned and sealed once, known again by content."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Field, Session, SQLModel, col, select

from storage.deposits import Deposit, deposit, deposits_of, drop_deposits, to_stored
from storage.messages import StoredFile
from storage.vault import Vault


class Material(SQLModel, table=True):
    """A file that duties name. `digest` is the SHA-256 of what the hospital put there, before cleaning.

    Files of the same content share a `number`: the matter `material:NUMBER` of storage.deposits holds it.
    """

    __tablename__ = "materials"

    name: str = Field(primary_key=True, max_length=100)
    digest: str = Field(index=True, max_length=64)
    number: int = Field(index=True)


def knows_material(session: Session, name: str, digest: str) -> bool:
    """Whether this content is kept under this name; what is kept under another is taken from there."""
    row = session.get(Material, name)
    if row is not None and row.digest == digest:
        return True
    same = session.exec(select(Material).where(Material.digest == digest).limit(1)).first()
    if same is None:
        return False
    _put(session, name, digest, same.number)
    return True


def keep_material(
    session: Session, name: str, digest: str, file: StoredFile, *, vault: Vault, now: datetime
) -> None:
    """Ties a stored file to a name; what stood there before goes (see `drop_unused`)."""
    number = 1 + (session.exec(select(func.max(Material.number))).one() or 0)
    deposit(session, [file], matter_of(number), vault=vault, now=now)
    _put(session, name, digest, number)


def drop_unused(session: Session, names: Collection[str]) -> list[str]:
    """Forgets material that no duty names any more; returns the uids of files nobody needs, for deleting."""
    session.execute(delete(Material).where(col(Material.name).not_in(names)))
    used = set(session.exec(select(Material.number)))
    held = {number for number in _numbers_held(session) if number not in used}
    return [uid for number in sorted(held) for uid in drop_deposits(session, matter_of(number))]


def material_file(session: Session, name: str, *, vault: Vault) -> StoredFile | None:
    """The file of this name; None where it is not kept yet. Raises SealError if its row was changed."""
    row = session.get(Material, name) if name else None
    found = deposits_of(session, matter_of(row.number)) if row is not None else []
    return to_stored(found[0], vault=vault) if found else None


def is_material(session: Session, number: int) -> bool:
    """Whether there is material of this number: everybody who works here may read it."""
    return session.exec(select(Material.name).where(Material.number == number).limit(1)).first() is not None


def matter_of(number: int) -> str:
    """What its deposit is tied to."""
    return f"material:{number}"


def _put(session: Session, name: str, digest: str, number: int) -> None:
    row = session.get(Material, name) or Material(name=name, digest=digest, number=number)
    row.digest, row.number = digest, number
    session.add(row)
    session.flush()


def _numbers_held(session: Session) -> list[int]:
    matters = session.exec(select(Deposit.matter).where(col(Deposit.matter).like("material:%")))
    return [int(matter.partition(":")[2]) for matter in matters]
