"""The first words of `serve`: where the page is, and how the first officer comes in."""

from datetime import datetime
from typing import TYPE_CHECKING

from storage.events import record_event
from storage.invites import INVITE_LASTS, invite, withdraw_invites
from storage.members import Role, handling_members

if TYPE_CHECKING:
    from sqlmodel import Session

    from bot.data_folder import DataFolder


def welcome(folder: "DataFolder", *, now: datetime) -> str | None:
    """A fresh one-time join code as long as nobody has joined who may handle cases; None afterwards.

    Whoever joins first is a supervisor of the discipline office and can handle every case.
    """
    house = folder.house
    office = house.hospital.discipline_office

    def make(session: "Session") -> str | None:
        if handling_members(session):
            return None
        withdraw_invites(session, office, Role.SUPERVISOR)  # the code of an earlier start is in its log
        record_event(session, "console", "invited", now=now, office=office, role=Role.SUPERVISOR.value)
        return invite(session, office, role=Role.SUPERVISOR, vault=house.vault, now=now)

    return folder.database.run_now(make)


def first_words(address: str, folder: "DataFolder", code: str | None) -> list[str]:
    """What is printed once everything listens."""
    lines = [f"Patients' page: {address}", f"Data and keys:  {folder.path}"]
    if code:
        office, days = folder.house.hospital.discipline_office, INVITE_LASTS.days
        lines += [
            f"First officer:  open the page (or write to the bot) and send:  /join {code}",
            f"                Works once, within {days} days, and makes a supervisor of {office}.",
            f"                Then invite one outside it, who alone reads what accuses {office}:",
            "                lianxin invite --role supervisor --office OFFICE",
        ]
    return [*lines, "Stop with Ctrl+C. More: lianxin --help"]
