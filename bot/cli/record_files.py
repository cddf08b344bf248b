"""Gathers the records of a year for the file that was asked for."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session

from bot.cli.progress import bar
from bot.record_file import appraisal_of
from handlers.words import FALLBACK, words_for
from storage.errors import ConfigError
from storage.event_names import EventName
from storage.events import CONSOLE, record_event
from storage.staff.record_counts import Counted, counts_of

if TYPE_CHECKING:
    from bot.data_folder import DataFolder

_STEPS = 2


def write_appraisal(folder: "DataFolder", *, year: int, office: str, now: datetime) -> tuple[bytes, int]:
    """The table and how many people are in it. Raises ConfigError for an office that is none."""
    house = folder.house
    if office and office not in house.hospital.places:
        known = ", ".join(house.hospital.places[:20])
        raise ConfigError(f"--office: there is no {office}; offices and departments: {known}")

    def gather(session: Session) -> list[Counted]:
        people = counts_of(session, year, office=office, house=house)
        for one in people:
            session.expunge(one.employee)
        record_event(
            session, CONSOLE, EventName.RECORDS_EXPORTED, now=now, year=year, count=len(people), office=office
        )
        return people

    with bar("Counting and writing", _STEPS) as advance:
        people = folder.database.run_now(gather)
        advance(1)
        content = appraisal_of(people, year, words_for(FALLBACK), house=house)
        advance(1)
    return content, len(people)
