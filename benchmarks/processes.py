"""Starts the server under measurement and reads its memory."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: its port, process id, and the seconds from start to ready."""

    port: int
    pid: int
    seconds: float

    @property
    def resident_megabytes(self) -> float:
        """Resident memory now."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """The server, ready, until the block ends."""
    port, started = free_port(), time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.server", str(folder), str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError("the server did not start")
        try:
            yield Served(port, process.pid, time.perf_counter() - started)
        finally:
            process.stdin.close()
            process.wait(30)
