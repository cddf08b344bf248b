"""Gathers figures month by month, each in a transaction of its own, so that nobody waits for all of them."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar

from sqlmodel import Session

from handlers.followup.satisfaction_report import Report, report_of
from storage.followup.figures import MonthFigures, month_figures
from storage.followup.months import earlier
from storage.house import House

T = TypeVar("T")
MONTHS = 12
"""How many a line shows at most, and a table holds."""


class Run(Protocol):
    """Runs a unit of work in a transaction, as storage.database does."""

    def __call__(self, work: Callable[[Session], T]) -> Awaitable[T]: ...


async def gather_history(run: Run, month: str, *, house: House, months: int = MONTHS) -> list[MonthFigures]:
    """A month and those before it, the oldest first, from the first in which anything was asked."""
    least, history = house.hospital.followup.least_answers, list[MonthFigures]()
    for back in range(months):
        one = earlier(month, back)
        history.append(await run(lambda session, one=one: month_figures(session, one, least=least)))  # type: ignore[misc]
    history.reverse()
    while len(history) > 1 and not history[0].house.sent:
        history.pop(0)
    return history


async def gather_report(run: Run, department: str, month: str, *, house: House, now: datetime) -> Report:
    """The report on a department, or the house, with its history."""
    history = await gather_history(run, month, house=house)
    return await run(lambda session: report_of(session, department, history, house=house, now=now))


async def gather_reports(
    run: Run, department: str, month: str, *, house: House, now: datetime
) -> list[Report]:
    """A report for each month up to this one, the oldest first."""
    history = await gather_history(run, month, house=house)
    reports = []
    for count in range(1, len(history) + 1):
        some = history[:count]
        reports.append(
            await run(lambda session, some=some: report_of(session, department, some, house=house, now=now))  # type: ignore[misc]
        )
    return reports
