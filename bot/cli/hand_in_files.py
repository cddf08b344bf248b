"""Gathers the totals of hand-ins for the file that was asked for."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from bot.cli.progress import bar
from bot.hand_in_file import table_of
from handlers.words import FALLBACK, words_for
from storage.errors import ConfigError
from storage.event_names import EventName
from storage.events import CONSOLE, record_event
from storage.followup.months import is_month, month_of
from storage.hand_ins.figures import last_months, rows_of
from storage.hand_ins.rows import HandIn

if TYPE_CHECKING:
    from bot.data_folder import DataFolder

_YEAR = 12


def write_hand_ins(folder: "DataFolder", *, month: str, now: datetime) -> tuple[bytes, str]:
    """The table and a line about it. Raises ConfigError for what is no month up to now."""
    house, this = folder.house, month_of(now, folder.house.hospital.timezone)
    if month and (not is_month(month) or month > this):
        raise ConfigError(f"--month: {month} is no month up to now; write it like {this}")

    def gather(session: Session) -> bytes:
        count = 1 if month else _YEAR
        months = last_months(session, month or this, count, house=house, now=now)
        rows = rows_of(session, month, house) if month else _all(session)
        record_event(session, CONSOLE, EventName.HAND_INS_EXPORTED, now=now)
        return table_of(months, rows, words_for(FALLBACK), house=house)

    with bar("Counting", 1) as advance:
        content = folder.database.run_now(gather)
        advance(1)
    return content, f"Hand-ins of {month or f'the twelve months up to {this}'} are in"


def _all(session: Session) -> list[HandIn]:
    return list(session.exec(select(HandIn).order_by(col(HandIn.id))))
