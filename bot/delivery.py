"""The only one who speaks to the world: takes letters from the outbox, in order and at the allowed pace."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from bot.channels.base import Channel, Outgoing
from bot.pacing import Pacer
from bot.postroom import Prepared, give_up, give_up_chat, note_sent, prepare, readdress
from handlers.turn import Desk
from storage.database import Database, StorageClosed
from storage.errors import DeliveryError
from storage.sending import bring_forward, bury, release_claimed, retry_later

_log = structlog.get_logger("delivery")
MOST_ATTEMPTS = 12
_LONGEST_WAIT = timedelta(minutes=15)
_IDLE = 1.0
_SPREAD = 0.05
_CLOCK_STEP = timedelta(seconds=5)
_SETTLE_AGAIN = 2.0
_IN_HAND = 3
"""Letters in hand for each that may be under way."""


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 2 s, 4 s, 8 s … at most 15 minutes."""
    return min(timedelta(seconds=2 ** min(attempts, 12)), _LONGEST_WAIT)


@dataclass(slots=True)
class _Route:
    """A channel with its pace; `lines` are as many as may be under way, `in_hand` letters wait for one."""

    channel: Channel
    pacer: Pacer = field(init=False)
    lines: asyncio.Semaphore = field(init=False)
    in_hand: int = 0

    def __post_init__(self) -> None:
        self.pacer = Pacer(self.channel.limits)
        self.lines = asyncio.Semaphore(self.channel.limits.at_once)

    def room(self, moment: float) -> int:
        """How many letters to claim: where a channel is slow they wait in the outbox, not here."""
        spare = _IN_HAND * self.channel.limits.at_once - self.in_hand
        return max(0, min(self.pacer.to_claim(moment), spare))


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
        self._routes = {name: _Route(channel) for name, channel in channels.items()}
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

    async def _send(self, route: _Route, letter: Prepared, slot: float) -> None:
        outgoing = Outgoing(letter.id, letter.address, letter.reply, letter.uid, letter.unasked)
        try:
            reference = await self._in_turn(route, outgoing, slot)
        except DeliveryError as error:
            _hold(route.pacer, letter.chat, error, asyncio.get_running_loop().time())
            await self._settle_failure(letter, error)
        except Exception as error:
            await self._settle_failure(letter, DeliveryError(type(error).__name__))
        else:
            route.pacer.arrived(letter.chat, asyncio.get_running_loop().time())
            await self._settle(
                letter,
                lambda session: note_sent(session, letter, reference, desk=self._desk, now=self._clock()),
            )

    async def _in_turn(self, route: _Route, outgoing: Outgoing, slot: float) -> str | None:
        """Sends at the moment that is laid out for it, or as soon after it as the pace allows."""
        loop = asyncio.get_running_loop()
        route.in_hand += 1
        try:
            await asyncio.sleep(max(0.0, slot - loop.time()))
            async with route.lines:
                wait = route.pacer.leaves(loop.time())
                while wait > 0:
                    await asyncio.sleep(wait)
                    wait = route.pacer.leaves(loop.time())
                return await route.channel.send(outgoing)
        finally:
            route.in_hand -= 1

    async def _settle_failure(self, letter: Prepared, error: DeliveryError) -> None:
        _log.warning("not delivered", letter=letter.id, attempts=letter.attempts, permanent=error.permanent)
        await self._settle(letter, lambda session: self._record_failure(session, letter, error))

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

    def _record_failure(self, session: Session, letter: Prepared, error: DeliveryError) -> None:
        now, reason = self._clock(), str(error)[:80]
        if error.moved_to is not None:
            readdress(session, letter, error.moved_to, desk=self._desk, now=now)
        elif error.permanent:
            give_up(session, letter, error=reason, for_good=True, desk=self._desk, now=now)
            give_up_chat(session, letter, desk=self._desk, now=now)
        elif letter.attempts >= MOST_ATTEMPTS and error.retry_after is None:
            is_off = letter.channel not in self._routes
            give_up(session, letter, error=reason, for_good=is_off, desk=self._desk, now=now)
        else:
            wait = backoff(letter.attempts)
            if error.retry_after is not None:
                wait = timedelta(seconds=error.retry_after)
            retry_later(session, letter.id, due_at=now + wait, error=reason)

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


def _hold(pacer: Pacer, chat: str, error: DeliveryError, now: float) -> None:
    """The messenger said to wait: with this chat, or with everything."""
    if error.retry_after is not None and error.whole:
        pacer.rest(now + error.retry_after)
    elif error.retry_after is not None:
        pacer.hold(chat, now + error.retry_after)
