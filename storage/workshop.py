"""Has files cleaned in a process of its own, which holds no key and cannot reach one."""

import atexit
import errno
import logging
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from threading import Lock, Timer
from typing import Final

from storage.cleaning.pipe import ANSWER, KEPT, REFUSED, REQUEST, WARNED, PipeBroken, read_exactly, send
from storage.errors import FileRefused, StorageFull
from storage.file_cleaning import Cleaned
from storage.file_kinds import KINDS

_SECONDS = 30.0  # the largest photo of an iPhone takes 4, on a slow and busy machine 12
_START_SECONDS = 40.0  # a small machine that is busy takes its time to load everything
_IDLE_SECONDS = 300.0
_REASONS: Final = {"empty", "type", "damaged", "too_large", "locked"}
_START = "import sys; sys.path[:] = {path!r}; from storage.cleaning.worker import main; main({seconds})"
# What a process needs to start at all; everything else, tokens and paths of keys among it, stays here.
_ENVIRONMENT: Final = ("SYSTEMROOT", "LD_LIBRARY_PATH")

_log = logging.getLogger("files")


class Workshop:
    """One worker for all threads, one file after the other; it starts with the first and rests when idle.

    `seconds` is the most a file may take; a worker unused for `idle` seconds ends and gives its memory back.
    """

    def __init__(self, *, seconds: float = _SECONDS, idle: float = _IDLE_SECONDS) -> None:
        self._seconds, self._idle = seconds, idle
        self._lock = Lock()
        self._worker: subprocess.Popen[bytes] | None = None
        self._rest: Timer | None = None

    def clean(self, content: bytes, *, is_table: bool = False) -> Cleaned:
        """The cleaned file; `is_table` where its sender called it a CSV.

        Raises FileRefused: empty, type, damaged, too_large, locked; a file that ends the worker is damaged,
        one that takes too long too_large. Raises StorageFull where no worker can be started.
        """
        with self._lock:
            self._wake()
            try:
                return self._with_second_try(content, is_table)
            finally:
                self._rest_later()

    def close(self) -> None:
        """Ends the worker; the next file starts another."""
        with self._lock:
            self._wake()
            self._end()

    @property
    def pid(self) -> int | None:
        """The number of the worker's process, or None while it rests."""
        worker = self._worker
        return worker.pid if worker is not None and worker.poll() is None else None

    def _with_second_try(self, content: bytes, is_table: bool) -> Cleaned:
        """A worker that was found dead may have been ended by something else than this file."""
        fresh = self.pid is None
        try:
            return self._ask(content, is_table)
        except PipeBroken:
            if fresh:
                _log.warning("cleaning worker ended over a file")
                raise FileRefused("damaged") from None
        try:
            return self._ask(content, is_table)
        except PipeBroken:
            _log.warning("cleaning worker ended over a file")
            raise FileRefused("damaged") from None

    def _ask(self, content: bytes, is_table: bool) -> Cleaned:
        late = False
        limit = self._seconds if self.pid is not None else max(self._seconds, _START_SECONDS)
        worker = self._running()

        def stop() -> None:
            nonlocal late
            late = True
            worker.kill()

        watch = Timer(limit, stop)
        watch.daemon = True
        watch.start()
        try:
            return _talk(worker, content, is_table)
        except PipeBroken:
            self._end()
            if late:
                _log.warning("cleaning worker took too long")
                raise FileRefused("too_large") from None
            raise
        finally:
            watch.cancel()
            if late:
                self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._worker is not None and self._worker.poll() is None:
            return self._worker
        self._end()
        path = [str(Path(folder).absolute()) for folder in sys.path]
        program = _START.format(path=path, seconds=int(self._seconds) + 10)
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        # One arena: threads of libraries would else take 64 MB of addresses each.
        environment |= {"MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "ignore"}
        try:
            self._worker = subprocess.Popen(
                [sys.executable, "-I", "-B", "-W", "ignore", "-c", program],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
                cwd="/" if os.name == "posix" else None, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            # Never in this process instead: the message is not confirmed and comes again.
            cause = errno.errorcode.get(error.errno or 0, type(error).__name__)
            raise StorageFull(f"no worker for files can be started: {cause}") from None
        return self._worker

    def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.kill()
        worker.communicate()

    def _wake(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None

    def _rest_later(self) -> None:
        self._rest = Timer(self._idle, self._go_to_rest)
        self._rest.daemon = True
        self._rest.start()

    def _go_to_rest(self) -> None:
        if self._lock.acquire(blocking=False):  # else it is at work again
            try:
                self._end()
            finally:
                self._lock.release()


@cache
def the_workshop() -> Workshop:
    """The one of this process, whichever store has something to clean."""
    workshop = Workshop()
    atexit.register(workshop.close)
    return workshop


def _talk(worker: subprocess.Popen[bytes], content: bytes, is_table: bool) -> Cleaned:
    """Asks and believes nothing but what an answer may be: hostile bytes may have taken the worker over."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    send(worker.stdin, REQUEST.pack(is_table, len(content)), content)
    flag, length, size = ANSWER.unpack(read_exactly(worker.stdout, ANSWER.size))
    word = read_exactly(worker.stdout, length).decode("ascii", "replace")
    cleaned = read_exactly(worker.stdout, size)
    if flag == REFUSED and word in _REASONS:
        raise FileRefused(word)
    if flag not in (KEPT, WARNED) or word not in KINDS or not cleaned:
        raise PipeBroken
    return Cleaned(cleaned, KINDS[word], warning=flag == WARNED)
