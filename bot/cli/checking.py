"""What `lianxin check` advises once the files are right."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.cli.checking_words import about_words
from storage.members import Role, handling_members

if TYPE_CHECKING:
    from bot.data_folder import DataFolder

AHEAD = timedelta(days=120)
"""The longest limit, 60 working days, and some holidays: due dates are computed that far ahead."""


def advice(folder: "DataFolder", *, now: datetime) -> list[str]:
    """What is not wrong but will hurt: nobody for sealed cases, unknown holidays, words of no use."""
    return [
        *_about_people(folder), *_about_holidays(folder, now), *about_words(folder), *_about_materials(folder)
    ]  # fmt: skip


def _about_people(folder: "DataFolder") -> list[str]:
    hospital = folder.house.hospital
    found = folder.database.run_now(_who_is_there)
    lines = []
    if Role.SUPERVISOR not in {role for _, role in found}:
        lines.append(
            "no supervisor has joined: nobody can read sealed cases. "
            f"Run: lianxin invite --office {hospital.discipline_office} --role supervisor"
        )
    elif all(office == hospital.discipline_office for office, role in found if role is Role.SUPERVISOR):
        lines.append(
            f"every supervisor belongs to {hospital.discipline_office}: a report that accuses it is read by "
            "nobody. Invite a supervisor from another office"
        )
    manned = {office for office, _ in found}
    empty = [office.name for office in hospital.offices if office.name not in manned]
    if empty:
        lines.append(
            f"nobody has joined for {'、'.join(empty)}: {hospital.discipline_office} gets their cases. "
            f"Run: lianxin invite --office {empty[0]}"
        )
    known = set(hospital.places)
    lines += [
        f"members belong to {office}, which is not in hospital.toml: they see no cases. Invite them anew"
        for office in sorted(manned - known)
    ]
    return lines


def _who_is_there(session: Session) -> list[tuple[str, Role]]:
    return [(member.office, member.role) for member in handling_members(session)]


def _about_holidays(folder: "DataFolder", now: datetime) -> list[str]:
    zone = ZoneInfo(folder.house.hospital.timezone)
    years = {(now + ahead).astimezone(zone).year for ahead in (timedelta(), AHEAD)}
    return [
        f"the holidays of {year} are not known: due dates in it count plain weekends. "
        f"Write the State Council's plan into {folder.path / 'holidays.toml'}"
        for year in sorted(years)
        if not folder.house.calendar.is_certain(year)
    ]


def _about_materials(folder: "DataFolder") -> list[str]:
    from bot.materials import FOLDER, named, unreadable

    house = folder.house
    reasons = {
        "type": "is no PDF, picture, Word file or slides",
        "too_large": f"is larger than {house.hospital.files.max_mb} MB (max_mb in [files])",
        "empty": "is empty",
    }
    return [
        f"{FOLDER}/{name} {reasons.get(why, 'cannot be read')}: staff will not see it"
        for name, why in unreadable(folder.path, named(house.duties), house.hospital.files).items()
    ]
