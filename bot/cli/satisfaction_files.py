"""Gathers figures of satisfaction and writes the files that were asked for."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlmodel import Session

from bot.cli.progress import bar
from bot.new_file import save
from bot.pictures.studio import draw
from bot.satisfaction import gather_reports
from bot.satisfaction_file import table_of
from handlers.followup.satisfaction_report import Report
from handlers.followup.satisfaction_sheet import has_picture, sheet_of
from handlers.words import FALLBACK, words_for
from storage.errors import ConfigError
from storage.event_names import EventName
from storage.events import CONSOLE, record_event
from storage.followup.months import earlier, is_month, month_of

if TYPE_CHECKING:
    from bot.data_folder import DataFolder

T = TypeVar("T")
_STEPS = 3


def write_figures(
    folder: "DataFolder", *, month: str, department: str, out: Path | None, picture: Path | None, force: bool,
    now: datetime,
) -> str:  # fmt: skip
    """A line on what was written. Raises ConfigError (no such month or department), PictureFailed."""
    house, words = folder.house, words_for(FALLBACK)
    month = _month(month, month_of(now, house.hospital.timezone))

    async def run(work: Callable[[Session], T]) -> T:
        return folder.database.run_now(work)

    with bar("Counting and drawing", _STEPS) as advance:
        reports = asyncio.run(gather_reports(run, department, month, house=house, now=now))
        _check(reports[-1], department)
        advance(1)
        table = table_of(reports, words) if out is not None else b""
        advance(1)
        image = _drawn(reports[-1], folder) if picture is not None else b""
        advance(1)
    for what, file, content in (("table", out, table), ("picture", picture, image)):
        if file is not None:
            folder.database.run_now(
                lambda session, what=what: record_event(  # type: ignore[misc]
                    session, CONSOLE, EventName.FIGURES_EXPORTED, now=now, what=what
                )
            )
            save(content, file, force=force)
    names = " and ".join(str(file) for file in (out, picture) if file is not None)
    return f"Figures up to {month} are in {names}."


def _drawn(report: Report, folder: "DataFolder") -> bytes:
    if not has_picture(report):
        raise ConfigError(
            f"--picture: fewer than {report.least} people answered for {report.month}; nothing may be shown"
        )
    return asyncio.run(draw(sheet_of(report, words_for(FALLBACK), house=folder.house)))


def _check(report: Report, department: str) -> None:
    known = {name for month in report.history for name in month.departments}
    if department and department not in known:
        some = ", ".join(sorted(known)[:20]) or "none yet"
        raise ConfigError(f"--department: nobody of {department} was asked; departments: {some}")


def _month(month: str, this: str) -> str:
    if not month:
        return earlier(this, 1)
    if not is_month(month) or month > this:
        raise ConfigError(f"--month: {month} is no month up to now; write it like {this}")
    return month
