"""Takes one update to the application and says whether it was committed."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from telegram import Update
from telegram.error import TelegramError

from bot.budgets import Budget
from bot.channels.base import Answer, Receive
from bot.channels.telegram.api import Api, Raw
from bot.channels.telegram.files import Pause, fetch_files
from bot.channels.telegram.inbound import Event, Gone, Moved, Said, Unkept, read_update
from bot.channels.telegram.text import clean
from bot.channels.telegram.wording import say

log = logging.getLogger("lianxin.telegram")

OnMoved = Callable[[str, str], Awaitable[None]]
OnGone = Callable[[str], Awaitable[None]]

_FILES_AT_ONCE = 3
_FILES_A_MINUTE = 30
"""Messages with files that are fetched for one sender: while they are, others wait for the next batch."""
_TOAST_LENGTH = 200
_SETTLE_SECONDS = 3
_ATTEMPTS_FOR_A_FILE = 3
_ATTEMPTS = 10


class BringAgain(Exception):
    """The update was not committed: it must not be confirmed, and is to be brought again."""


@dataclass(slots=True)
class _Failure:
    attempts: int
    successes_before: int


def sender_of(raw: Raw) -> object:
    """Whose update this is: what one person does is taken in order, different people at the same time."""
    for kind in ("message", "edited_message", "callback_query", "my_chat_member"):
        if isinstance(body := raw.get(kind), dict) and isinstance(sender := body.get("from"), dict):
            found = sender.get("id")
            return found if isinstance(found, int) else None  # a list could not be looked up
    return None


class Intake:
    """Reads, fetches files, hands over, and answers pressed buttons after the commit.

    An update that fails is brought again. After 3 attempts its missing file is refused as damaged, so that
    the words get through. After 10 attempts it is given up, with a line in the log and a word to the person,
    but only if updates of others got through meanwhile: while nothing does, the fault is ours and all wait.
    """

    def __init__(
        self,
        api: Api,
        receive: Receive,
        *,
        on_moved: OnMoved | None = None,
        on_gone: OnGone | None = None,
        pause: Pause = asyncio.sleep,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api = api
        self._receive = receive
        self._on_moved = on_moved
        self._on_gone = on_gone
        self._pause = pause
        self._fetching = asyncio.Semaphore(_FILES_AT_ONCE)
        self._fetched = Budget(_FILES_A_MINUTE, timer=timer)
        self._turns: dict[object, tuple[asyncio.Lock, int]] = {}
        self._failures: dict[int, _Failure] = {}
        self._successes = 0
        self._asides: set[asyncio.Task[None]] = set()

    async def take(self, raw: Raw) -> None:
        """Returns after the update was committed or is not for us; raises BringAgain otherwise."""
        async with self._turn(sender_of(raw)):
            event = self._read(raw)
            try:
                await self._handle(raw["update_id"], event)
            except Exception as error:
                # Whatever it was, the update must come again; what went wrong is the handler's to tell.
                log.warning("telegram update not taken: %s", type(error).__name__)
                if not self._hopeless(raw["update_id"]):
                    raise BringAgain from None
                self._give_up(raw["update_id"], event)
            else:
                self._failures.pop(raw["update_id"], None)
                self._successes += event is not None

    async def settle(self) -> None:
        """Waits a little for what is still being said aside; stopping is not held up by it."""
        if not self._asides:
            return
        _, late = await asyncio.wait(self._asides, timeout=_SETTLE_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _read(self, raw: Raw) -> Event:
        try:
            update = Update.de_json(raw, self._api)
            return read_update(update, self._api.username)
        except Exception as error:
            log.error("telegram update not understood: %s", type(error).__name__)
            return None

    async def _handle(self, update_id: int, event: Event) -> None:
        match event:
            case Said():
                answer = await self._hand_over(update_id, event)
                if event.query:
                    self._aside(self._answer_press(event.query, answer))
            case Moved() if self._on_moved:
                await self._on_moved(event.old, event.new)
            case Gone() if self._on_gone:
                await self._on_gone(event.chat)
            case Unkept():
                self._aside(self._tell(event.chat, say(event.words, event.language)))

    async def _hand_over(self, update_id: int, said: Said) -> Answer:
        if not said.files:
            return await self._receive(said.inbound, ())
        failure = self._failures.get(update_id)
        if failure is None and self._fetched.spend(said.inbound.sender):
            refused: tuple[str, ...] = ("too_fast",) * len(said.files)
            return await self._receive(replace(said.inbound, refused=refused), ())
        # Files are held in memory until they are stored, so only a few at a time.
        async with self._fetching:
            give_up = failure is not None and failure.attempts >= _ATTEMPTS_FOR_A_FILE - 1
            uploads, refused = await fetch_files(self._api, said.files, pause=self._pause, give_up=give_up)
            return await self._receive(replace(said.inbound, refused=refused), uploads)

    def _hopeless(self, update_id: int) -> bool:
        failure = self._failures.setdefault(update_id, _Failure(0, self._successes))
        failure.attempts += 1
        return failure.attempts >= _ATTEMPTS and self._successes > failure.successes_before

    def _give_up(self, update_id: int, event: Event) -> None:
        log.error("telegram update given up after %d attempts", self._failures.pop(update_id).attempts)
        if isinstance(event, Said) and not event.inbound.in_group:
            self._aside(self._tell(event.inbound.chat, say("lost", event.inbound.language)))

    async def _answer_press(self, query: str, answer: Answer) -> None:
        toasts = (sent.reply.toast for sent in answer.replies if sent.reply.toast)
        toast = clean(next(toasts, ""))[:_TOAST_LENGTH]
        await self._api.answer_callback_query(query, text=toast or None)

    async def _tell(self, chat: str, words: str) -> None:
        await self._api.send_message(chat, words)

    def _aside(self, work: Awaitable[None]) -> None:
        """Best effort, and never in the way of the next update."""

        async def quietly() -> None:
            try:
                await work
            except TelegramError as error:
                log.info("telegram aside not said: %s", type(error).__name__)

        task = asyncio.create_task(quietly())
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    @asynccontextmanager
    async def _turn(self, sender: object) -> AsyncIterator[None]:
        lock, waiting = self._turns.get(sender, (asyncio.Lock(), 0))
        self._turns[sender] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turns[sender]
            if waiting == 1:
                del self._turns[sender]
            else:
                self._turns[sender] = (lock, waiting - 1)
