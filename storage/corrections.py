"""What officers said about the category of a case, kept sealed, so that the word lists can be mended."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from nlp.taxonomy import Category, Intent
from storage.cases import Case
from storage.columns import UtcTime, Word, as_number
from storage.vault import Vault, place

MOST = 4000
"""Characters of the reporter's words that are kept with a correction."""


class Meaning(NamedTuple):
    """What a text is about; the categories most central first, none for praise and the like."""

    intent: Intent
    categories: tuple[Category, ...] = ()

    @classmethod
    def of(cls, case: Case) -> "Meaning":
        """What the case stands under now."""
        return cls(case.intent, case.all_categories)


class Correction(SQLModel, table=True):
    """One press of an officer: what the reader said, what the officer said, and the words it is about.

    `lists` names the word lists that read (see nlp.versions); `before` is JSON without content: how the
    case stood, for taking the press back.
    """

    __tablename__ = "corrections"

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    case_id: int = Field(foreign_key="cases.id", index=True)
    member_id: int
    said_intent: Intent = Field(sa_type=Word(Intent))
    said_categories: str
    meant_intent: Intent = Field(sa_type=Word(Intent))
    meant_categories: str
    lists: str
    before: str
    excerpt: bytes
    corrected_at: datetime = Field(sa_type=UtcTime)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction, opened: the last word of the officers on a case."""

    case_id: int
    said: Meaning
    meant: Meaning
    lists: str
    excerpt: str


def keep_correction(
    session: Session,
    case_id: int,
    *,
    member_id: int,
    said: Meaning,
    meant: Meaning,
    lists: str,
    before: dict[str, Any],
    excerpt: str,
    vault: Vault,
    now: datetime,
) -> None:
    """Keeps what was corrected; of `excerpt` the first MOST characters, sealed and bound to their row."""
    row = Correction(
        uid=secrets.token_hex(8),
        case_id=case_id,
        member_id=member_id,
        said_intent=said.intent,
        said_categories=",".join(said.categories),
        meant_intent=meant.intent,
        meant_categories=",".join(meant.categories),
        lists=lists,
        before=json.dumps(before, ensure_ascii=False, sort_keys=True),
        excerpt=b"",
        corrected_at=now,
    )
    row.excerpt = vault.seal_text(excerpt[:MOST], correction_place(row))
    session.add(row)
    session.flush()


def last_correction(session: Session, case_id: int) -> Correction | None:
    """The newest correction of a case."""
    found = select(Correction).where(Correction.case_id == case_id)
    return session.exec(found.order_by(col(Correction.id).desc()).limit(1)).first()


def drop_correction(session: Session, correction: Correction) -> None:
    """It was taken back: there is nothing to learn from it."""
    session.delete(correction)
    session.flush()


def forget_corrections(session: Session, case_id: int) -> None:
    """The words of a case are no longer ours to learn from: withdrawn, or its texts were deleted."""
    session.execute(delete(Correction).where(col(Correction.case_id) == case_id))


def corrected_cases(session: Session, *, sealed: bool) -> list[int]:
    """The cases that were corrected, oldest first; those that are sealed only with `sealed`."""
    found = select(Correction.case_id).join(Case, col(Case.id) == Correction.case_id).distinct()
    if not sealed:
        found = found.where(col(Case.sealed).is_(False))
    return list(session.exec(found.order_by(col(Correction.case_id))))


def open_corrections(session: Session, case_ids: Sequence[int], *, vault: Vault) -> list[Corrected]:
    """The newest correction of each of these cases with its words; raises SealError."""
    found = (last_correction(session, case_id) for case_id in case_ids)
    return [_opened(row, vault) for row in found if row is not None]


def _opened(row: Correction, vault: Vault) -> Corrected:
    return Corrected(
        row.case_id,
        Meaning(row.said_intent, _categories(row.said_categories)),
        Meaning(row.meant_intent, _categories(row.meant_categories)),
        row.lists,
        vault.open_text(row.excerpt, correction_place(row)),
    )


def _categories(codes: str) -> tuple[Category, ...]:
    return tuple(Category(code) for code in codes.split(",") if code)


def correction_place(row: Any) -> str:
    """The words stand for what was made of them, by whom and on which case."""
    said, meant = (row.said_intent, row.said_categories), (row.meant_intent, row.meant_categories)
    return place(
        "corrections", row.case_id, row.uid, row.member_id, *said, *meant, row.lists, row.before,
        as_number(row.corrected_at),
    )  # fmt: skip
