"""`lianxin serve` as a process of its own: started, waited for, stopped kindly or with kill -9."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

READY_SECONDS = 40.0
STOP_SECONDS = 10.0
_LAST_WORDS = "Stop with Ctrl+C"
_JOIN_CODE = re.compile(r"/join (\S+)")


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Serving:
    """A running `lianxin serve`; `said` is what stood on stdout, `complained` what stood on stderr."""

    data: Path
    port: int
    process: asyncio.subprocess.Process
    said: list[str] = field(default_factory=list)
    complained: list[str] = field(default_factory=list)
    _readers: list[asyncio.Task[None]] = field(default_factory=list)
    _ready: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """The address of the page, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def join_code(self) -> str | None:
        """The code for the first officer, if one was printed."""
        found = _JOIN_CODE.search("\n".join(self.said))
        return found[1] if found else None

    async def is_ready(self) -> "Serving":
        """Returns itself once everything listens; fails with its own words where it ended instead."""
        ended = asyncio.ensure_future(self.process.wait())
        ready = asyncio.ensure_future(self._ready.wait())
        try:
            await asyncio.wait({ended, ready}, timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            assert ready.done(), f"not ready: {self.said} {self.complained}"
        finally:
            ended.cancel()
            ready.cancel()
            await asyncio.gather(ended, ready, return_exceptions=True)
        return self

    async def kill(self) -> None:
        """kill -9: nothing is finished, nothing is told."""
        await self.stop(signal.SIGKILL)

    async def stop(self, how: signal.Signals = signal.SIGTERM, *, seconds: float = STOP_SECONDS) -> int:
        """Sends the signal and returns the exit code once the process is gone."""
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await self.ended(seconds)

    async def ended(self, seconds: float = READY_SECONDS) -> int:
        """The exit code, once the process is gone and everything it said is read."""
        async with asyncio.timeout(seconds):
            code = await self.process.wait()
            await asyncio.gather(*self._readers)
        return code

    def listen(self) -> None:
        """Reads what the process says, so that it never waits for a reader."""
        self._readers = [
            asyncio.create_task(self._read(self.process.stdout, self.said)),
            asyncio.create_task(self._read(self.process.stderr, self.complained)),
        ]

    async def _read(self, stream: asyncio.StreamReader | None, lines: list[str]) -> None:
        assert stream is not None
        while line := await stream.readline():
            lines.append(line.decode("utf-8", "replace").rstrip("\n"))
            if lines[-1].startswith(_LAST_WORDS):
                self._ready.set()


async def start(
    data: Path,
    *,
    port: int | None = None,
    below: Sequence[str] = (),
    environment: dict[str, str] | None = None,
) -> Serving:
    """Starts `lianxin serve` on the folder and a free port; `below` is a command to run it under."""
    port = port or free_port()
    process = await asyncio.create_subprocess_exec(
        *below, sys.executable, "-m", "bot", "serve", "--port", str(port), "--data", str(data),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        cwd=data.parent, env=clean_environment() | (environment or {}),
    )  # fmt: skip
    serving = Serving(data, port, process)
    serving.listen()
    return serving


@asynccontextmanager
async def serving(
    data: Path, *, port: int | None = None, environment: dict[str, str] | None = None
) -> AsyncIterator[Serving]:
    """A `lianxin serve` that is ready; it is gone afterwards, whatever happened."""
    running = await start(data, port=port, environment=environment)
    try:
        yield await running.is_ready()
    finally:
        await running.kill()


async def refused(data: Path, **options: object) -> list[str]:
    """What a start that must fail says on stderr; asserts that it fails and says nothing else."""
    failing = await start(data, **options)  # type: ignore[arg-type]
    try:
        code = await failing.ended()
    finally:
        await failing.kill()
    assert code > 0, code
    assert failing.said == []
    return failing.complained


async def until(look: Callable[[], bool], *, seconds: float = 20) -> None:
    """Returns once `look` is true; for what rings no bell: a folder, a log, another process."""
    async with asyncio.timeout(seconds):
        while not look():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def clean_environment() -> dict[str, str]:
    """The environment without settings of this machine; no `.env` is near the data folder either."""
    ours = ("LIANXIN_", "TELEGRAM_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
