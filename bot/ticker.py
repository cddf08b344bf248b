"""The clock: a sweep for each kind of work, at an interval; what is due lives in tables."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlmodel import Session

from bot.destroying import warn_and_destroy
from bot.figures import Figures
from scheduler.copies import tell_copies
from scheduler.coverage import tell_of_week
from scheduler.drives import sweep_drives
from scheduler.duties import post_cards, redraw_cards, remind_people, sweep_occurrences, tell_heads
from scheduler.followups import sweep_surveys
from scheduler.hand_ins import tell_of_hand_ins
from scheduler.housekeeping import forget_the_old
from scheduler.reminders import remind_of_limits
from scheduler.retention import begin_day
from scheduler.satisfaction import tell_of_month
from scheduler.tasks import remind_of_tasks
from storage.database import Database, StorageClosed
from storage.duties.planning import plan_occurrences
from storage.errors import StorageFull
from storage.files import FileStore, unknown_files
from storage.followup.replanning import replan
from storage.house import House

_log = structlog.get_logger("ticker")
_ORPHAN_AGE = timedelta(hours=1)
_ASKED_AT_ONCE = 500


class Ticker:
    """Runs the sweeps; APScheduler keeps nothing, a restart needs no memory."""

    def __init__(
        self,
        *,
        database: Database,
        house: House,
        files: FileStore,
        figures: Figures,
        clock: Callable[[], datetime],
        wake: Callable[[], None],
        tend: Callable[[], Awaitable[None]] | None = None,
        watch: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._database, self._house, self._files = database, house, files
        self._figures, self._clock, self._wake = figures, clock, wake
        self._tend, self._watch = tend, watch
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._unopened = 0

    def start(self) -> None:
        """Starts the sweeps; each also runs once at the start, for what fell due meanwhile."""
        self._every(30, self.remind)
        self._every(30, self.tell_copies)
        self._every(30, self.ask_patients)
        self._every(30, self.remind_of_tasks)
        self._every(60, self.tell_of_hand_ins)
        self._every(3600, self.plan_duties)
        self._every(30, self.remind_of_duties)
        self._every(60, self.tell_of_drives)
        self._every(20, self.redraw_duty_cards)
        if self._watch is not None:
            self._every(60, self._watch)
        self._every(600, self.tell_of_month)
        self._every(60, self.tell_of_week)
        self._every(600, self.tidy_up)
        self._every(600, self.destroy)
        self._scheduler.start()

    def stop(self) -> None:
        """Ends the sweeps."""
        self._scheduler.shutdown(wait=False)

    async def remind(self) -> None:
        """Limits that somebody must be reminded of."""
        if await self._sweep(lambda session: remind_of_limits(session, house=self._house, now=self._clock())):
            self._wake()
        await self._sweep(self._figures.read_tables)
        self._tell_unopened()

    async def tell_copies(self) -> None:
        """What was decided on a case and its copies' reporters have not heard yet, slice by slice."""
        while await self._sweep(lambda session: tell_copies(session, house=self._house, now=self._clock())):
            self._wake()

    async def remind_of_tasks(self) -> None:
        """Patients to call back, low ratings to look after; apart, so that nothing else holds them up."""
        if await self._sweep(lambda session: remind_of_tasks(session, house=self._house, now=self._clock())):
            self._wake()

    async def plan_duties(self) -> None:
        """What is due in the coming year, slice by slice; nothing where neither plans nor the day changed."""
        while await self._sweep(
            lambda session: plan_occurrences(session, house=self._house, now=self._clock())
        ):
            pass

    async def remind_of_duties(self) -> None:
        """What staff owe: first all that is due is looked after, then groups, heads and people are told."""
        now, house = self._clock, self._house
        while await self._sweep(
            lambda session: sweep_occurrences(session, house=house, now=now(), troubled=_log_trouble)
        ):
            pass
        for tell in (tell_heads, post_cards, remind_people):
            while await self._sweep(lambda session, tell=tell: tell(session, house=house, now=now())):  # type: ignore[misc]
                self._wake()

    async def redraw_duty_cards(self) -> None:
        """How far all are, where groups see it; slice by slice."""
        while await self._sweep(lambda session: redraw_cards(session, house=self._house, now=self._clock())):
            self._wake()

    async def tell_of_drives(self) -> None:
        """Phases that begin or are over, and items of a ledger that wait."""
        if await self._sweep(lambda session: sweep_drives(session, house=self._house, now=self._clock())):
            self._wake()

    async def tell_of_hand_ins(self) -> None:
        """Envelopes that were given up: new ones, and those that wait."""
        if await self._sweep(lambda session: tell_of_hand_ins(session, house=self._house, now=self._clock())):
            self._wake()

    async def ask_patients(self) -> None:
        """Plans anew if plans changed, then asks whom it is time to ask, slice by slice."""
        while await self._sweep(lambda session: replan(session, house=self._house, now=self._clock())):
            pass
        while await self._sweep(lambda session: sweep_surveys(session, house=self._house, now=self._clock())):
            self._wake()

    async def tell_of_month(self) -> None:
        """How satisfied last month's patients were; once a month, however often it is called."""
        await self._sweep(lambda session: tell_of_month(session, house=self._house, now=self._clock()))

    async def tell_of_week(self) -> None:
        """How far heads' people are; once a week, however often it is called."""
        await self._sweep(lambda session: tell_of_week(session, house=self._house, now=self._clock()))

    async def tidy_up(self) -> None:
        """What has had its time, files whose message was never committed, and whatever `tend` does."""
        await self._sweep(lambda session: forget_the_old(session, house=self._house, now=self._clock()))
        await self._delete_orphans()
        if self._tend is not None:
            await self._tend()

    def _tell_unopened(self) -> None:
        """Values that did not open, also where somebody made do without them: see lianxin keys verify."""
        unopened = self._house.vault.unopened
        if unopened != self._unopened:
            _log.error("sealed values do not open", count=unopened - self._unopened)
            self._unopened = unopened

    async def destroy(self) -> None:
        """Content that has had its days, after a warning; once a local day, however often it is called."""
        if not await self._sweep(lambda session: begin_day(session, house=self._house, now=self._clock())):
            return
        try:
            warned, _ = await warn_and_destroy(
                database=self._database, house=self._house, files=self._files, clock=self._clock
            )
        except StorageClosed:
            return
        except Exception as error:  # tomorrow again; what is due stays due
            _log.error("sweep failed", error=type(error).__name__)
            return
        if warned:
            self._wake()

    async def _delete_orphans(self) -> None:
        """Files are looked at in a thread, their rows some at a time: nobody waits for it."""
        try:
            written = await asyncio.to_thread(self._files.written_before, self._clock() - _ORPHAN_AGE)
            for start in range(0, len(written), _ASKED_AT_ONCE):
                uids = written[start : start + _ASKED_AT_ONCE]
                lost = await self._sweep(lambda session, uids=uids: unknown_files(session, uids))  # type: ignore[misc]
                if lost is not None:
                    await asyncio.to_thread(self._delete, lost)
                    await asyncio.to_thread(self._files.forget_hours, set(uids) - set(lost))
        except (StorageFull, OSError) as error:  # the next sweep tries again
            _log.error("sweep failed", error=type(error).__name__)

    def _delete(self, uids: Iterable[str]) -> None:
        for uid in uids:
            self._files.delete(uid)

    async def _sweep(self, work: Callable[[Session], Any]) -> Any:
        try:
            return await self._database.run(work)
        except StorageClosed:
            return None
        except Exception as error:  # the next sweep tries again; nothing due is lost
            _log.error("sweep failed", error=type(error).__name__)
            return None

    def _every(self, seconds: int, sweep: Callable[[], Any]) -> None:
        async def until_stopped() -> None:
            with suppress(asyncio.CancelledError):  # the application stops: what is due stays due
                await sweep()

        self._scheduler.add_job(
            until_stopped, "interval", seconds=seconds, coalesce=True, max_instances=1,
            misfire_grace_time=None,
            next_run_time=datetime.now(self._scheduler.timezone),
        )  # fmt: skip


def _log_trouble(error: Exception) -> None:
    _log.error("sweep failed", error=type(error).__name__)
