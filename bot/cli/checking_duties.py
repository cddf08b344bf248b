"""What `lianxin check` advises about duties: days that may still move, duties that reach nobody."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from bot.cli.checking_followup import some
from storage.duties.book import Answers, Duty
from storage.duties.owing import offices_owing, owes
from storage.house import House
from storage.staff.employees import Employee, Employment

if TYPE_CHECKING:
    from bot.data_folder import DataFolder


def about_duties(folder: "DataFolder", *, now: datetime) -> list[str]:
    """What is not wrong but will surprise somebody."""
    house = folder.house
    if not house.duties.duties:
        return []
    people = folder.database.run_now(_kinds_of_people)
    return [*_about_days(house, now), *_about_people(house, people)]


def _kinds_of_people(session: Session) -> Sequence[Any]:
    """Each office, role and set of groups once, however many people are alike."""
    alike = select(Employee.office, Employee.role, Employee.groups).distinct()
    return session.exec(alike.where(col(Employee.standing) == Employment.ACTIVE)).all()


def _about_days(house: House, now: datetime) -> Iterator[str]:
    """Dates that somebody wrote down; what recurs is marked in the preview of the year."""
    today = house.local_day(now)
    dates = sorted({day for duty in house.duties.duties for day in duty.when.dates if day >= today})
    written = [day.isoformat() for day in dates if not house.calendar.is_certain(day.year)]
    if written:
        yield (
            f"dates of duties lie in years whose holidays are not known: {some(written)}. They are moved off "
            "plain weekends only"
        )
    before = [duty.title for duty in house.duties.duties if duty.when.before_holidays]
    unknown = [year for year in (today.year, today.year + 1) if not house.calendar.is_certain(year)]
    if before and unknown:
        yield (
            f"{some(before)}: sent before holidays, and not at all in {unknown[0]} until holidays.toml "
            "names them"
        )


def _about_people(house: House, people: Sequence[Any]) -> Iterator[str]:
    if not people:
        yield "nobody stands on the roster yet: duties reach nobody who has not joined by chat"
        return
    lost = [duty.key for duty in house.duties.duties if _reaches_nobody(duty, house, people)]
    if lost:
        yield (
            f"nobody on the roster owes {some(lost)}: name offices in duties.toml, or write the groups into "
            "the roster"
        )


def _reaches_nobody(duty: Duty, house: House, people: Sequence[Any]) -> bool:
    if duty.each is Answers.OFFICE:
        return not offices_owing(duty, house.duties, house.hospital)
    return not any(owes(duty, one, house.duties) for one in people)
