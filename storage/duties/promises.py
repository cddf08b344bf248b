"""Promises and self-checks that people filled in and signed, with the text they signed."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import UniqueConstraint, delete
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, as_number
from storage.duties.book import Form
from storage.staff.employees import Employee
from storage.vault import Vault, place


class FormVersion(SQLModel, table=True):
    """A form as it was when somebody filled it in, once for each `version` (a hash of all it says)."""

    __tablename__ = "form_versions"

    version: str = Field(primary_key=True, max_length=32)
    form: str = Field(index=True)
    title: str
    body: str
    since: datetime = Field(sa_type=UtcTime)


class Promise(SQLModel, table=True):
    """What one person answered for one occurrence; being filled in while `signed_at` is None.

    `answers` are sealed JSON by the key of the question (and KEY.why for an explanation), `signature` is the
    sealed name that was typed. `step` is where they are: what is asked next.
    """

    __tablename__ = "promises"
    __table_args__ = (UniqueConstraint("occurrence_id", "employee_id"),)

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    employee_id: int = Field(foreign_key="employees.id", index=True)
    occurrence_id: int = Field(foreign_key="occurrences.id", index=True)
    form: str
    version: str = Field(foreign_key="form_versions.version")
    step: str = ""
    answers: bytes | None = None
    signature: bytes | None = None
    begun_at: datetime = Field(sa_type=UtcTime)
    signed_at: datetime | None = Field(default=None, sa_type=UtcTime)


def begin_promise(
    session: Session, occurrence_id: int, employee: Employee, form: Form, *, vault: Vault, now: datetime
) -> tuple[Promise, bool]:
    """What somebody fills in, and whether an unfinished one had to begin anew since the form changed."""
    found = promise_of(session, occurrence_id, employee)
    version = keep_version(session, form, now=now)
    if found is not None and (found.signed_at is not None or found.version == version):
        return found, False
    if found is not None:
        session.delete(found)
        session.flush()
    assert employee.id is not None
    promise = Promise(
        uid=secrets.token_hex(8), employee_id=employee.id, occurrence_id=occurrence_id, form=form.key,
        version=version, begun_at=now,
    )  # fmt: skip
    keep_answers(session, promise, {}, "", vault=vault)
    return promise, found is not None


def keep_answers(
    session: Session, promise: Promise, answers: Mapping[str, str], step: str, *, vault: Vault
) -> None:
    """What was answered so far, and where they are."""
    promise.step = step
    words = json.dumps(dict(answers), ensure_ascii=False)
    promise.answers = vault.seal_text(words, promise_place(promise, "answers"))
    session.add(promise)
    session.flush()


def sign(session: Session, promise: Promise, name: str, *, vault: Vault, now: datetime) -> bool:
    """From now on it stands as it is; False where it was signed before. `name` is empty without one."""
    if promise.signed_at is not None:
        return False
    answers = answers_in(promise, vault=vault)
    promise.signed_at = now
    keep_answers(session, promise, answers, "", vault=vault)
    promise.signature = vault.seal_text(name, promise_place(promise, "signature")) if name else None
    session.add(promise)
    session.flush()
    return True


def answers_in(promise: Promise, *, vault: Vault) -> dict[str, str]:
    """The answers by key. Raises SealError."""
    if promise.answers is None:
        return {}
    found: dict[str, str] = json.loads(vault.open_text(promise.answers, promise_place(promise, "answers")))
    return found


def signature_in(promise: Promise, *, vault: Vault) -> str:
    """The name that was typed; empty where none was asked for. Raises SealError."""
    if not promise.signature:
        return ""
    return vault.open_text(promise.signature, promise_place(promise, "signature"))


def promise_of(session: Session, occurrence_id: int, employee: Employee) -> Promise | None:
    """What somebody filled in, or began to, for one occurrence."""
    found = select(Promise).where(Promise.occurrence_id == occurrence_id, Promise.employee_id == employee.id)
    return session.exec(found).first()


def promises_by(session: Session, employee_id: int) -> list[Promise]:
    """All that somebody signed, newest first: for their record."""
    found = select(Promise).where(Promise.employee_id == employee_id, col(Promise.signed_at).is_not(None))
    return list(session.exec(found.order_by(col(Promise.signed_at).desc())))


def text_signed(session: Session, promise: Promise) -> Form:
    """The form as it was when they filled it in."""
    kept = session.get(FormVersion, promise.version)
    assert kept is not None
    return Form.model_validate_json(kept.body)


def keep_version(session: Session, form: Form, *, now: datetime) -> str:
    """Keeps the text of a form, if it is not kept yet; its version."""
    body = form.model_dump_json()
    version = blake2b(body.encode(), digest_size=16).hexdigest()
    if session.get(FormVersion, version) is None:
        session.add(FormVersion(version=version, form=form.key, title=form.title, body=body, since=now))
        session.flush()
    return version


def drop_old_promises(session: Session, *, before: datetime) -> int:
    """Gives up what was begun before a moment and never signed; returns how many."""
    old = (col(Promise.signed_at).is_(None), col(Promise.begun_at) < before)
    return int(session.execute(delete(Promise).where(*old)).rowcount)  # type: ignore[attr-defined]


def promise_place(row: Any, column: str) -> str:
    """Answers stand for whose they are, for what they were asked, and for when they were signed."""
    signed = row.signed_at and as_number(row.signed_at)
    return place(
        "promises", row.uid, row.employee_id, row.occurrence_id, row.form, row.version, signed, column
    )
