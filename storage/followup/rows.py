"""One discharge as it comes from the hospital's own system."""

from dataclasses import dataclass
from datetime import datetime

from storage.followup.discharges import Standing
from storage.identity import chat_hash
from storage.vault import Vault

SMS = "sms"


@dataclass(frozen=True, slots=True)
class DischargeRow:
    """A row that was read and is right; None is what its table says nothing about.

    `number` is the stay's own (with the count of stays, where the number is the patient's). `contact` is a
    mobile number in digits for the channel sms, else the channel's own name of the chat; empty for none.
    """

    number: str
    department: str
    discharged_at: datetime
    ward: str | None = None
    contact_channel: str = ""
    contact: str | None = None
    consent: bool | None = None
    language: str | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody can be written to; `phone` is what is called and written to by SMS."""

    channel: str = ""
    chat: str | None = None
    address: str = ""
    phone: str = ""


def reach_of(row: DischargeRow, vault: Vault) -> Reach:
    """The way to be reached that a row tells of."""
    if not row.contact or not row.contact_channel:
        return Reach()
    chat = chat_hash(vault, row.contact_channel, row.contact)
    phone = row.contact if row.contact_channel == SMS else ""
    return Reach(row.contact_channel, chat, row.contact, phone)
