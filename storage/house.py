"""What every verb of the office needs to know of the house it works in."""

from dataclasses import dataclass

from storage.hospital import Hospital
from storage.vault import Vault
from storage.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class House:
    """The hospital's decisions, its keys and its calendar."""

    hospital: Hospital
    vault: Vault
    calendar: WorkingDays
