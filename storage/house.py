"""What every verb of the office needs to know of the house it works in."""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from storage.drives.plan import Drive
from storage.duties.book import DutyBook
from storage.hospital import Hospital
from storage.training.bank import QuestionBank
from storage.vault import Vault
from storage.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class House:
    """The hospital's decisions, its keys, its calendar, what staff owe and are asked, and the drives."""

    hospital: Hospital
    vault: Vault
    calendar: WorkingDays
    duties: DutyBook = field(default_factory=DutyBook)
    questions: QuestionBank = field(default_factory=QuestionBank)
    drives: tuple[Drive, ...] = ()

    def local(self, moment: datetime) -> datetime:
        """A moment as the clocks of the hospital show it."""
        return moment.astimezone(ZoneInfo(self.hospital.timezone))

    def local_day(self, moment: datetime) -> date:
        """The day of a moment on the hospital's calendar."""
        return self.local(moment).date()
