"""What every verb of the office needs to know of the house it works in."""

from dataclasses import dataclass, field

from storage.duties.book import DutyBook
from storage.hospital import Hospital
from storage.vault import Vault
from storage.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class House:
    """The hospital's decisions, its keys, its calendar, and what staff owe."""

    hospital: Hospital
    vault: Vault
    calendar: WorkingDays
    duties: DutyBook = field(default_factory=DutyBook)
