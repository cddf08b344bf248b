"""One thread that writes: units of work queue up and are committed together.

SQLite has one writer at a time and pays for every durable commit. A single thread with the plain
(synchronous) driver runs each unit in a savepoint of its own and commits all that wait in one go, so
a busy hour costs few commits, and nobody hears "done" before the commit.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine
from sqlmodel import Session

from storage.errors import LianxinError

T = TypeVar("T")
Work = Callable[[Session], T]
_MOST_TOGETHER = 64


class StorageClosed(LianxinError):
    """The database is not open: the application is stopping."""


class _Unit:
    """One piece of work and the future that hears of it after the commit."""

    __slots__ = ("error", "future", "loop", "result", "work")

    def __init__(self, work: Work[Any], loop: asyncio.AbstractEventLoop) -> None:
        self.work, self.loop, self.future = work, loop, loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None


class _Spoiled(Exception):
    """A unit took the whole transaction with it: a failed flush or a full disk ends more than a savepoint."""


class Database:
    """Runs units of work on the writing thread; `run` for the application, `run_now` for commands."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._queue: SimpleQueue[_Unit | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="storage", daemon=True)
        self._open = False

    def start(self) -> None:
        """Opens the writing thread."""
        self._open = True
        self._thread.start()

    def stop(self) -> None:
        """Finishes what is queued, then closes; blocks until done."""
        if self._open:
            self._open = False
            self._queue.put(None)
            self._thread.join()
            self._refuse_the_rest()
        self.engine.dispose()

    def _refuse_the_rest(self) -> None:
        """What was queued while the door closed hears of it, too."""
        while not self._queue.empty():
            unit = self._queue.get_nowait()
            if unit is not None:
                unit.error = StorageClosed("the database is closed")
                _report([unit])

    @property
    def waiting(self) -> int:
        """How many units of work are queued and not yet begun."""
        return self._queue.qsize()

    async def run(self, work: Work[T]) -> T:
        """What `work(session)` returns, once it is durable; raises what it raised, with nothing kept."""
        if not self._open:
            raise StorageClosed("the database is closed")
        unit = _Unit(work, asyncio.get_running_loop())
        self._queue.put(unit)
        result: T = await unit.future
        return result

    def run_now(self, work: Work[T]) -> T:
        """Like `run`, in this thread: for the command line and tests."""
        with self.engine.begin() as connection, _Sessions(connection) as sessions:
            return _in_savepoint(connection, sessions, work)

    def _serve(self) -> None:
        while (first := self._queue.get()) is not None:
            units, ended = self._gather(first)
            self._commit(units)
            _report(units)
            if ended:
                return

    def _gather(self, first: _Unit) -> tuple[list[_Unit], bool]:
        units = [first]
        while len(units) < _MOST_TOGETHER:
            try:
                unit = self._queue.get_nowait()
            except Empty:
                break
            if unit is None:
                return units, True
            units.append(unit)
        return units, False

    def _commit(self, units: Sequence[_Unit]) -> None:
        try:
            with self.engine.begin() as connection, _Sessions(connection) as sessions:
                for unit in units:
                    _attempt(connection, sessions, unit)
        except Exception as error:
            self._after_failed_commit(units, error)

    def _after_failed_commit(self, units: Sequence[_Unit], error: Exception) -> None:
        """Nothing of the group was kept: each unit gets a transaction of its own."""
        if len(units) == 1:
            units[0].error = error.__cause__ if isinstance(error, _Spoiled) else error
            return
        for unit in units:
            unit.result = unit.error = None
            self._commit([unit])


class _Sessions:
    """One session for the units of a group, emptied between them, new after a failure."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._session: Session | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._session is not None:
            self._session.close()

    @contextmanager
    def fresh(self) -> Iterator[Session]:
        """A session that knows of nothing yet; closed where the block fails."""
        session = self._session or Session(bind=self._connection, join_transaction_mode="rollback_only")
        self._session = None
        try:
            yield session
        except BaseException:
            session.close()
            raise
        session.expunge_all()
        self._session = session


def _attempt(connection: Connection, sessions: _Sessions, unit: _Unit) -> None:
    try:
        unit.result = _in_savepoint(connection, sessions, unit.work)
    except BaseException as error:  # whatever it is, the thread must live on
        # A future takes no StopIteration, and all that waits behind it would never hear anything.
        unit.error = RuntimeError("StopIteration") if isinstance(error, StopIteration) else error
        if not _is_open(connection):
            raise _Spoiled from error


def _is_open(connection: Connection) -> bool:
    """Whether the transaction still stands, for SQLAlchemy and for the driver."""
    transaction = connection.get_transaction()
    in_driver = getattr(connection.connection.dbapi_connection, "in_transaction", True)
    return transaction is not None and transaction.is_active and in_driver


def _in_savepoint(connection: Connection, sessions: _Sessions, work: Work[T]) -> T:
    """The savepoint is set by hand: SQLAlchemy's nested transactions cost ten times as much."""
    _tell(connection, "SAVEPOINT unit")
    with sessions.fresh() as session:
        try:
            result = work(session)
            session.flush()
        except BaseException:
            with suppress(Exception):  # the transaction may be gone as a whole, see _is_open
                _tell(connection, "ROLLBACK TO unit")
                _tell(connection, "RELEASE unit")
            raise
        _tell(connection, "RELEASE unit")
    return result


def _tell(connection: Connection, statement: str) -> None:
    connection.connection.cursor().execute(statement)


def _report(units: Sequence[_Unit]) -> None:
    """One wake-up per event loop, however many units were committed."""
    for loop in {unit.loop for unit in units}:
        theirs = [unit for unit in units if unit.loop is loop]
        try:
            loop.call_soon_threadsafe(_resolve, theirs)
        except RuntimeError:  # the loop is gone; the work is kept all the same
            continue


def _resolve(units: Sequence[_Unit]) -> None:
    for unit in units:
        if unit.future.done():
            continue
        if unit.error is not None:
            unit.future.set_exception(unit.error)
        else:
            unit.future.set_result(unit.result)
