"""Faults on demand: errors, dropped connections, answers that wait."""

import asyncio
from dataclasses import dataclass, field

from tests.telegram.server.bell import Bell
from tests.telegram.server.errors import ApiError


class Dropped(Exception):
    """The connection is to be cut without an answer."""


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` calls of a method; `after` = the call has its effect first."""

    method: str
    times: int
    error: ApiError | None = None
    after: bool = False


@dataclass(slots=True)
class Gate:
    """Holds the calls of a method until `release`."""

    bell: Bell
    method: str
    reached: int = 0
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait_until_reached(self, calls: int = 1, seconds: float = 5) -> None:
        """Returns when so many calls stand at the gate or passed it."""
        await self.bell.wait_for(lambda: self.reached >= calls, seconds)

    def release(self) -> None:
        """Lets the calls in, and all later ones."""
        self.opened.set()


class Faults:
    """The faults to come; "file" stands for the download of a file."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._faults: list[Fault] = []
        self._gates: list[Gate] = []

    def fail(self, method: str, error: ApiError, times: int = 1) -> None:
        """The next calls are answered with this error."""
        self._faults.append(Fault(method, times, error))

    def drop(self, method: str, times: int = 1, *, after: bool = False) -> None:
        """The next calls end in a cut connection, before or after they had their effect."""
        self._faults.append(Fault(method, times, after=after))

    def hold(self, method: str) -> Gate:
        """The calls wait at the gate before they have any effect."""
        gate = Gate(self._bell, method)
        self._gates.append(gate)
        return gate

    async def before(self, method: str) -> None:
        """To be called before the effect; raises ApiError or Dropped."""
        for gate in self._gates:
            if gate.method == method and not gate.opened.is_set():
                gate.reached += 1
                self._bell.ring()
                await gate.opened.wait()
        self._strike(method, after=False)

    def after(self, method: str) -> None:
        """To be called after the effect; raises Dropped."""
        self._strike(method, after=True)

    def open_all(self) -> None:
        """Nobody is to wait any more: the server stops."""
        for gate in self._gates:
            gate.release()

    def _strike(self, method: str, *, after: bool) -> None:
        for fault in self._faults:
            if fault.method == method and fault.after is after and fault.times > 0:
                fault.times -= 1
                raise fault.error or Dropped
