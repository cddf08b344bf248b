"""Lets people in while others flood: work for those with scripts, a short wait for those without.

In calm times nobody is asked for anything. The pages without scripts use `plain_ticket` and `take_ticket`:

    ticket = gate.plain_ticket(now=now)      # None: it is calm, go on at once
    …a page that says "one moment" and comes back by itself after `ticket.wait` seconds with `ticket.token`…
    gate.take_ticket(token, now=now)         # returns: go on. Later: show the same page again with the same
                                             # token after `.seconds`. NoTicket: begin again with a new one

Both kinds have a budget of their own, so that neither can be starved by the other.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.meters import Meter
from bot.stamps import Spent, Stamp, Stamps

SESSION, MESSAGE = "session", "message"
"""What work and tickets are for: a new session, or a message (at a bad time, or with a code in it)."""

WORK_GOOD = timedelta(minutes=5)
TICKET_GOOD = timedelta(minutes=10)
FIRST_BITS, MOST_BITS = 16, 20
"""65,000 hashes on average at first: a desktop browser does a million in a second, an old phone 100,000, Tor
Browser without a compiler 20,000. Each level doubles them.
"""

_LEAST_WAIT, _MOST_WAIT = 5, 60
_LONGEST_PROOF = 80
_AGAIN = 20


@dataclass(frozen=True, slots=True)
class Allowed:
    """New sessions in a minute: so many for nothing, so many for work, so many without scripts."""

    free: int = 100
    working: int = 3000
    plain: int = 600


@dataclass(frozen=True, slots=True)
class Ticket:
    """`token` is good in `wait` seconds, once, and for ten minutes more."""

    token: str
    wait: int


class WorkAsked(Exception):
    """It is busy: the page is to find a number for `challenge` first, see `solves`."""

    def __init__(self, challenge: str, bits: int) -> None:
        super().__init__("work is asked for")
        self.challenge, self.bits = challenge, bits


class Later(Exception):
    """Not yet: to be tried again in `seconds`; what was shown stays good."""

    def __init__(self, seconds: int) -> None:
        super().__init__("to be tried again later")
        self.seconds = seconds


class NoTicket(Exception):
    """The ticket is forged, over or was used before."""


def solves(challenge: str, answer: str, bits: int) -> bool:
    """Whether SHA-256 of "challenge:answer" begins with so many zero bits."""
    digest = hashlib.sha256(f"{challenge}:{answer}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - bits) == 0


class Gate:
    """Counts new sessions, asks for work or a wait where there are many, and takes each proof once.

    `key` has at least 32 bytes; `allowed` None lets everybody in (for measuring). Memory is bounded: two
    meters, and at most 100,000 proofs and 20,000 tickets until they are over (some 15 MB). Only what was
    let in counts: who knocks without working makes it harder for nobody. Where several processes serve,
    each counts for itself, and a proof is good once in each.
    """

    def __init__(self, key: bytes, allowed: Allowed | None = Allowed()) -> None:
        self._stamps = Stamps(key)
        self._allowed = allowed
        self._admitted, self._plain, self._queue = Meter(), Meter(), Meter()
        self._worked, self._tickets = Spent(), Spent(20_000)

    def session(self, proof: str | None = None, *, now: datetime) -> None:
        """Lets one new session in; raises WorkAsked (send the proof with the next try) or Later.

        A proof is "challenge.answer", see `solves`.
        """
        if self._allowed is None:
            return
        admitted = self._admitted.count(now)
        if admitted >= self._allowed.working:
            raise Later(_AGAIN)
        if admitted >= self._allowed.free:
            level = (admitted // max(1, self._allowed.free)).bit_length() - 1
            self.work(proof, SESSION, level=max(0, level), now=now)
        self._admitted.add(now)

    def work(self, proof: str | None, purpose: str, *, to: str = "", level: int = 0, now: datetime) -> None:
        """Takes a proof of work for this purpose and person; raises WorkAsked where it is not a good one."""
        if proof is None or not self._is_good(proof, purpose, to, now):
            bits = min(FIRST_BITS + level, MOST_BITS)
            asked = self._stamps.issue(f"work {purpose}", to, good=WORK_GOOD, level=bits, now=now)
            raise WorkAsked(asked.token, bits)

    def _is_good(self, proof: str, purpose: str, to: str, now: datetime) -> bool:
        challenge, _, answer = proof.partition(".")
        if len(proof) > _LONGEST_PROOF or not (answer.isascii() and answer.isdigit()):
            return False
        stamp = self._stamps.read(challenge, f"work {purpose}", to)
        if stamp is None or not solves(challenge, answer, stamp.level):
            return False
        return self._worked.take(stamp, now=now)

    def plain_ticket(self, *, purpose: str = SESSION, level: int = 0, now: datetime) -> Ticket | None:
        """A ticket to wait with, for a page without scripts; None where it is calm (and counts it as let in).

        For MESSAGE, a `level` of 0 is calm; the more there wait, the longer it takes.
        """
        if self._allowed is None or (purpose == MESSAGE and not level):
            return None
        if purpose == SESSION and self._admitted.count(now) < self._allowed.free:
            self._admitted.add(now)
            return None
        share = self._queue.count(now) / max(1, self._allowed.plain)
        wait = min(_MOST_WAIT, max(_LEAST_WAIT, math.ceil(share * _MOST_WAIT)))
        self._queue.add(now)
        stamp = self._ticket(purpose, wait, now)
        return Ticket(stamp.token, wait)

    def take_ticket(self, token: str, *, purpose: str = SESSION, now: datetime) -> None:
        """Returns where the bearer may go on; raises Later or NoTicket."""
        if self._allowed is None:
            return
        stamp = self._stamps.read(token, f"ticket {purpose}")
        if stamp is None:
            raise NoTicket
        early = stamp.begins - int(now.timestamp())
        if early > _MOST_WAIT:  # the clock was set back
            raise NoTicket
        if early > 0:
            raise Later(early)
        if self._plain.count(now) >= self._allowed.plain:
            raise Later(_AGAIN)
        if not self._tickets.take(stamp, now=now):
            raise NoTicket
        self._plain.add(now)

    def _ticket(self, purpose: str, wait: int, now: datetime) -> Stamp:
        return self._stamps.issue(
            f"ticket {purpose}", wait=timedelta(seconds=wait), good=TICKET_GOOD, now=now
        )
