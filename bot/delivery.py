"""The only one who speaks to the world: takes letters from the outbox, in order and at the allowed pace."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from bot.channels.base import Channel, Outgoing
from bot.postroom import prepare
from bot.prepared import Prepared
from bot.route import Route
from bot.settling import note_failure, note_sent
from handlers.turn import Desk
from storage.database import Database, StorageClosed
from storage.errors import DeliveryError
from storage.sending import bring_forward, bury, release_claimed

_log = structlog.get_logger("delivery")
_IDLE = 1.0
_SPREAD = 0.05
_CLOCK_STEP = timedelta(seconds=5)
_SETTLE_AGAIN = 2.0


class Delivery:
    """Claims, renders, sends and settles letters until it is stopped."""

    def __init__(
        self,
        *,
        database: Database,
        desk: Desk,
        channels: Mapping[str, Channel],
        clock: Callable[[], datetime],
    ) -> None:
        self._database, self._desk, self._clock = database, desk, clock
        self._routes = {name: Route(channel) for name, channel in channels.items()}
        self._flying: dict[str, asyncio.Task[None]] = {}
        self._work = asyncio.Event()
        self._latest: datetime | None = None

    def wake(self) -> None:
        """There is something new in the outbox."""
        self._work.set()

    async def run(self) -> None:
        """Delivers until cancelled; what was in flight at the last stop goes out again first."""
        try:
            while True:
                self._work.clear()
                await self._rest(await self._pass())
        except StorageClosed:
            return
        finally:
            await self._land()

    async def _pass(self) -> bool:
        """One pass; what goes wrong with it (a full disk) must not end delivery for good."""
        try:
            await self._look_at_the_clock()
            return await self.deliver_once()
        except StorageClosed:
            raise
        except Exception as error:
            _log.error("pass failed", error=type(error).__name__)
            return False

    async def _look_at_the_clock(self) -> None:
        """At the start and when the clock was set back, whatever waits may go: no hour is waited twice."""
        now = self._clock()
        if self._latest is None or now < self._latest - _CLOCK_STEP:
            if self._latest is None:
                await self._database.run(release_claimed)
            await self._database.run(lambda session: bring_forward(session, now=now))
        self._latest = now

    async def deliver_once(self) -> bool:
        """One pass: letters that may go now are on their way; True if there is more to do at once."""
        moment, routes = asyncio.get_running_loop().time(), self._routes.values()
        rooms = {name: route.room(moment) for name, route in self._routes.items()}
        held = {chat for route in routes for chat in route.pacer.held(moment)} | set(self._flying)
        batch = await self._database.run(
            lambda session: prepare(
                session, desk=self._desk, pulled=self._pulled(), held=held, rooms=rooms, now=self._clock()
            )
        )
        for letter in batch.letters:
            self._launch(letter, moment)
        for channel, chat in batch.shown:
            await self._routes[channel].channel.send(Outgoing(0, chat, batch.nothing))
        return batch.more

    @property
    def busy(self) -> bool:
        """Whether letters are on their way."""
        return bool(self._flying)

    async def landed(self) -> None:
        """Waits until what is on its way has arrived or failed."""
        while self._flying:
            await asyncio.wait(list(self._flying.values()))
            await asyncio.sleep(0)  # the callbacks that take them off the list

    def _pulled(self) -> frozenset[str]:
        return frozenset(name for name, route in self._routes.items() if route.channel.pulled)

    def _launch(self, letter: Prepared, moment: float) -> None:
        route = self._routes.get(letter.channel)
        if route is None:
            task = asyncio.create_task(self._settle_failure(letter, DeliveryError("channel is off")))
        else:
            route.pacer.sent(letter.chat, moment, is_group=letter.is_group)
            slot = route.pacer.slot(asyncio.get_running_loop().time())
            task = asyncio.create_task(self._send(route, letter, slot))
        self._flying[letter.chat] = task
        task.add_done_callback(lambda _: self._landed(letter.chat))

    def _landed(self, chat: str) -> None:
        self._flying.pop(chat, None)
        self._work.set()

    async def _send(self, route: Route, letter: Prepared, slot: float) -> None:
        outgoing = Outgoing(letter.id, letter.address, letter.reply, letter.uid, letter.unasked)
        try:
            reference = await route.send(outgoing, slot)
        except DeliveryError as error:
            route.hold(letter.chat, error, asyncio.get_running_loop().time())
            await self._settle_failure(letter, error)
        except Exception as error:
            await self._settle_failure(letter, DeliveryError(type(error).__name__))
        else:
            route.pacer.arrived(letter.chat, asyncio.get_running_loop().time())
            await self._settle(
                letter,
                lambda session: note_sent(session, letter, reference, desk=self._desk, now=self._clock()),
            )

    async def _settle_failure(self, letter: Prepared, error: DeliveryError) -> None:
        _log.warning("not delivered", letter=letter.id, attempts=letter.attempts, permanent=error.permanent)
        is_off = letter.channel not in self._routes
        await self._settle(
            letter,
            lambda session: note_failure(
                session, letter, error, is_off=is_off, desk=self._desk, now=self._clock()
            ),
        )

    async def _settle(self, letter: Prepared, work: Callable[[Session], None]) -> None:
        """Until it is kept: a letter that stays claimed would go out twice, or for good never."""
        while True:
            try:
                return await self._database.run(work)
            except StorageClosed:
                return None  # still claimed: it goes out again at the next start
            except OperationalError as error:  # a full disk: as soon as there is room
                _log.error("not settled", letter=letter.id, error=type(error).__name__)
                await asyncio.sleep(_SETTLE_AGAIN)
            except Exception as error:
                name = type(error).__name__
                _log.error("not settled", letter=letter.id, error=name)
                work = partial(bury, letter_id=letter.id, error=name, now=self._clock())

    async def _rest(self, again: bool) -> None:
        """Until there is work, a held chat is free, or a second has passed (others may write too)."""
        moment = asyncio.get_running_loop().time()
        pacers = [route.pacer for route in self._routes.values()]
        waits = [wait for pacer in pacers for wait in (pacer.next_free(moment), pacer.claims_in(moment))]
        timeout = min([_IDLE, *(wait for wait in waits if wait is not None)])
        if not again:
            try:
                async with asyncio.timeout(max(timeout, _SPREAD)):  # wait_for may swallow a cancellation
                    await self._work.wait()
            except TimeoutError:
                return
        await asyncio.sleep(_SPREAD)  # lets what comes together be handled together

    async def _land(self) -> None:
        if self._flying:
            await asyncio.wait(list(self._flying.values()), timeout=5)
