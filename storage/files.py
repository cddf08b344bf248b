"""What people send along: checked, cleaned, sealed on disk, and tied to its case."""

import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, insert
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, as_number
from storage.deposits import count_moved_deposits, deposited
from storage.direct import Prepared
from storage.errors import FileRefused, SealError
from storage.hand_outs import count_exchanged, handed_out
from storage.hospital import Files
from storage.messages import StoredFile, Upload
from storage.sealed_folder import SealedFolder
from storage.vault import Vault, place

_MB = 1 << 20


class FileStore:
    """Keeps uploads as sealed files; safe to call from several threads, and slow: not for the event loop.

    `folder` is made with the first file. `rules` are the hospital's.
    """

    def __init__(self, folder: Path, vault: Vault, rules: Files) -> None:
        self._sealed = SealedFolder(folder, vault)
        self._rules = rules

    def keep(self, upload: Upload) -> StoredFile:
        """Checks, cleans and seals; durable on return. The clear bytes never touch the disk.

        Raises FileRefused (empty, too_large, type, damaged, locked) or StorageFull.
        """
        from storage.workshop import the_workshop  # with the first file, not with every start

        self._check_size(upload.content)
        cleaned = the_workshop().clean(upload.content, is_table=upload.name.lower().endswith(".csv"))
        if cleaned.warning and not self._rules.keep_uncleaned:
            raise FileRefused("type")
        uid = self._sealed.write(cleaned.content)
        kept = cleaned.kind
        return StoredFile(uid, kept.name, kept.media_type, len(cleaned.content), cleaned.warning)

    def keep_own(self, content: bytes, name: str, media_type: str) -> StoredFile:
        """Seals what the house made itself; nothing of it needs cleaning. Raises StorageFull."""
        return StoredFile(self._sealed.write(content), name, media_type, len(content), ours=True)

    @staticmethod
    def close() -> None:
        """Ends the worker that cleans, if one is there; the next file would start another."""
        from storage.workshop import the_workshop

        the_workshop().close()

    def read(self, uid: str) -> bytes:
        """The clean bytes; raises NoSuchFile, or SealError if they were damaged or exchanged."""
        return self._sealed.read(uid)

    def delete(self, uid: str) -> None:
        """Removes a file; deleting twice is no error."""
        self._sealed.delete(uid)

    def written_before(self, moment: datetime) -> list[str]:
        """The files written before a moment: those no case knows by now (`unknown_files`) never will be.

        Unfinished writes are among them; `delete` removes either.
        """
        limit = moment.timestamp()
        return sorted({uid for uid, at in self._sealed.written() if at < limit})

    def forget_hours(self, uids: Iterable[str]) -> None:
        """Leaves of the times of writing the day alone: a case may tell no more of its own, and a file's
        minute could be held against whoever wrote to us in it."""
        for uid in uids:
            self._sealed.forget_hour(uid)

    def _check_size(self, content: bytes) -> None:
        if not content:
            raise FileRefused("empty")
        if len(content) > self._rules.max_mb * _MB:
            raise FileRefused("too_large")


class CaseFile(SQLModel, table=True):
    """A stored file of a case; `size` in bytes, `position` counts within one message from 0.

    The name is ours and tells only the kind, so it stands in clear. `bond` is a keyed hash over all the
    rest: a file opens wherever its uid is written, so the row must not pass for another case's.
    """

    __tablename__ = "files"

    uid: str = Field(primary_key=True, max_length=32)
    case_id: int = Field(foreign_key="cases.id", index=True)
    entry_id: int | None = Field(default=None, foreign_key="entries.id")
    position: int = 0
    name: str
    media_type: str
    size: int
    warning: bool = False
    created_at: datetime = Field(sa_type=UtcTime)
    bond: str


_INSERT = Prepared(insert(CaseFile.__table__))  # type: ignore[attr-defined]


def attach_files(
    session: Session,
    files: Sequence[StoredFile],
    *,
    case_id: int,
    entry_id: int | None,
    vault: Vault,
    now: datetime,
) -> None:
    """Ties stored files to a case and the entry they came with, in one insert."""
    rows = [
        {
            "uid": file.uid,
            "case_id": case_id,
            "entry_id": entry_id,
            "position": position,
            "name": file.name,
            "media_type": file.media_type,
            "size": file.size,
            "warning": file.warning,
            "created_at": now,
            "bond": _bond(vault, file, case_id, entry_id, position, now),
        }
        for position, file in enumerate(files)
    ]
    _INSERT.run_many(session, rows)


def files_of(session: Session, case_id: int) -> list[CaseFile]:
    """The files of a case in the order in which they came."""
    order = col(CaseFile.created_at), col(CaseFile.entry_id), col(CaseFile.position)
    return list(session.exec(select(CaseFile).where(CaseFile.case_id == case_id).order_by(*order)))


def count_files(session: Session, case_id: int) -> int:
    """How many files a case has."""
    return session.exec(select(func.count()).where(CaseFile.case_id == case_id)).one()


def find_file(session: Session, uid: str) -> CaseFile | None:
    """The file with this uid; who may see it is decided by its case."""
    return session.get(CaseFile, uid)


def known_files(session: Session) -> set[str]:
    """The uids of all files that belong to a case, were made for a member or handed in by one."""
    return set(session.exec(select(CaseFile.uid))) | handed_out(session) | deposited(session)


def unknown_files(session: Session, uids: Sequence[str]) -> list[str]:
    """Those of these uids (some hundreds) that belong to no case and to no member."""
    known = set(session.exec(select(CaseFile.uid).where(col(CaseFile.uid).in_(uids))))
    known |= handed_out(session, uids) | deposited(session, uids)
    return [uid for uid in uids if uid not in known]


def count_moved(session: Session, *, vault: Vault) -> int:
    """How many rows were changed or moved to another owner: their files would not be shown."""
    rows = session.exec(select(CaseFile).execution_options(yield_per=500))
    moved = sum(not _is_bound(row, vault) for row in rows)
    return moved + count_exchanged(session, vault=vault) + count_moved_deposits(session, vault=vault)


def _is_bound(row: CaseFile, vault: Vault) -> bool:
    try:
        to_stored(row, vault=vault)
    except SealError:
        return False
    return True


def to_stored(row: CaseFile, *, vault: Vault) -> StoredFile:
    """The plain value that travels to a channel; raises SealError if the row was changed or moved."""
    file = StoredFile(row.uid, row.name, row.media_type, row.size, row.warning)
    bond = _bond(vault, file, row.case_id, row.entry_id, row.position, row.created_at)
    if not hmac.compare_digest(bond, row.bond):
        raise SealError("files: the row was changed, or belongs to another case")
    return file


def _bond(
    vault: Vault, file: StoredFile, case_id: int, entry_id: int | None, position: int, at: datetime
) -> str:
    what = (file.uid, file.name, file.media_type, file.size, file.warning)
    return vault.keyed_hash("file", place("files", *what, case_id, entry_id, position, as_number(at)))
