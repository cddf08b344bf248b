"""Discharged patients: a number, a department, a day and a way to be reached; never a name or an illness."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from storage.columns import UtcTime, Word
from storage.errors import SealError
from storage.identity import chat_hash
from storage.vault import Vault, place


class Standing(StrEnum):
    """Whether somebody is asked: only who is ACTIVE. WITHDRAWN: the hospital took the discharge back.

    OPTED_OUT wants no messages any more; WRONG_PERSON was never a patient here.
    """

    ACTIVE = "active"
    READMITTED = "readmitted"
    DECEASED = "deceased"
    WITHDRAWN = "withdrawn"
    OPTED_OUT = "opted_out"
    WRONG_PERSON = "wrong_person"


class Discharge(SQLModel, table=True):
    """One stay that ended. `number_hash` is a keyed hash of the discharge number, `number` the sealed number.

    `channel`, `chat` (keyed hash) and the sealed `address` say where the patient is asked: by SMS at first,
    in the chat they joined from then on; all empty if nowhere yet. `phone` is the sealed mobile number that
    came with the import, for SMS and for calling back. `joined_on` is the local day of their opting in.
    Without a `number` the stay has been forgotten: see storage.followup.forgetting.
    """

    __tablename__ = "discharges"

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    number_hash: str = Field(unique=True)
    number: bytes | None = None
    department: str
    ward: str = ""
    discharged_at: datetime = Field(sa_type=UtcTime)
    standing: Standing = Field(default=Standing.ACTIVE, sa_type=Word(Standing))
    consent: bool = False
    language: str = "zh"
    channel: str = ""
    chat: str | None = Field(default=None, index=True)
    address: bytes | None = None
    phone: bytes | None = None
    joined_on: date | None = None
    changed_at: datetime = Field(sa_type=UtcTime, index=True)


def discharge_place(row: Any, column: str) -> str:
    """Number and phone stand for their row, the address for the chat beside it as well."""
    beside = (row.channel, row.chat) if column == "address" else ()
    return place("discharges", row.uid, row.number_hash, column, *beside)


def keep_sealed(discharge: Discharge, column: str, text: str, *, vault: Vault) -> None:
    """Puts `number`, `address` or `phone`; an address after its channel and chat. Empty text: none."""
    where = discharge_place(discharge, column)
    setattr(discharge, column, vault.seal_text(text, where) if text else None)


def number_hash(vault: Vault, number: str) -> str:
    """The keyed hash by which a discharge number is known again."""
    return vault.keyed_hash("discharge", number)


def open_sealed(discharge: Discharge, column: str, *, vault: Vault) -> str:
    """The `number`, `address` or `phone` in clear; empty where there is none. Raises SealError."""
    sealed: bytes | None = getattr(discharge, column)
    return vault.open_text(sealed, discharge_place(discharge, column)) if sealed else ""


def number_chat(discharge: Discharge, *, vault: Vault) -> str | None:
    """The chat (a keyed hash) that the mobile number is for SMS; None without one that can be read."""
    try:
        phone = open_sealed(discharge, "phone", vault=vault)
    except SealError:
        return None
    return chat_hash(vault, "sms", phone) if phone else None
