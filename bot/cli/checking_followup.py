"""What `lianxin check` advises about asking discharged patients, once there are some."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlmodel import Session, select

from bot.settings import Settings
from storage.followup.discharges import Discharge
from storage.members import active_members

if TYPE_CHECKING:
    from bot.data_folder import DataFolder

_SHOWN = 5
_SMS = "sms"
_Found = tuple[list[tuple[str, str]], bool, set[str]]


def about_followup(folder: "DataFolder", settings: Settings) -> list[str]:
    """What patients or wards would miss: links, texts that arrive, numbers to call, somebody to call back."""
    hospital = folder.house.hospital
    if not hospital.followup.enabled:
        return []
    wards, texts, joined = folder.database.run_now(_who_is_asked)
    if not wards:
        return []
    return [*_about_ways(settings, texts=texts), *_about_wards(folder, wards, joined)]


def _who_is_asked(session: Session) -> _Found:
    wards = session.exec(select(Discharge.department, Discharge.ward).distinct()).all()
    texts = session.exec(select(Discharge.id).where(Discharge.channel == _SMS).limit(1)).first()
    joined = {member.office for member in active_members(session)}
    return sorted(one for one in wards if one[0]), texts is not None, joined


def _about_ways(settings: Settings, *, texts: bool) -> list[str]:
    lines = []
    if settings.public_url is None:
        lines.append(
            "LIANXIN_PUBLIC_URL is not set: texts to discharged patients hold no link, and lianxin qr prints "
            "no code for the page. Example: LIANXIN_PUBLIC_URL=https://report.hospital.example"
        )
    if texts and settings.sms_url is None:
        lines.append(
            f"LIANXIN_SMS_URL is not set: texts to discharged patients go into files in "
            f"{settings.data / _SMS}, and to nobody's phone"
        )
    return lines


def _about_wards(folder: "DataFolder", wards: Sequence[tuple[str, str]], joined: set[str]) -> list[str]:
    hospital = folder.house.hospital
    followup, lines = hospital.followup, []
    silent = dict.fromkeys(one for one, ward in wards if not followup.nurse_line(one, ward))
    if silent:
        lines.append(
            f"no nurse line for {some(silent)}: patients who tell of trouble with their health are given no "
            "number. Fill in [[followup.wards]] in hospital.toml"
        )
    departments = dict.fromkeys(department for department, _ in wards)
    known = set(hospital.places)
    if strange := [one for one in departments if one not in known]:
        lines.append(
            f"{some(strange)} is not in hospital.toml: nobody can join for it. Add it to departments, "
            "or to the aliases of the office that it is"
        )
    if empty := [one for one in departments if one in known and one not in joined]:
        lines.append(
            f"nobody has joined for {some(empty)}: {followup.care_office or hospital.service_desk} calls "
            f"its patients back. Run: lianxin invite --office {empty[0]} --role head"
        )
    return lines


def some(names: Sequence[str] | dict[str, None]) -> str:
    """The first few names, and how many more."""
    shown, more = list(names)[:_SHOWN], len(names) - _SHOWN
    return "、".join(shown) + (f" and {more} more" if more > 0 else "")
