"""Puts a table of staff in, slice by slice, lets go who is not in a whole one, and tells the trail."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.sheets_in.problems import Problem
from bot.staff.reading import Reading
from storage.database import Database
from storage.event_names import EventName
from storage.events import CONSOLE, record_event
from storage.house import House
from storage.roster import Roster
from storage.staff.importing import TOGETHER, Imported, RosterRow, count_numbered, let_go, not_in, put_people

LARGEST_SHARE = 0.2
"""More than this share of the roster is let go only when somebody has said so."""
_KINDS = ("added", "changed", "unchanged", "left", "returned")


@dataclass(slots=True)
class Outcome:
    """What became of a table: counts of rows, problems by line, notes about the whole."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def bad(self) -> int:
        """How many rows did not go in."""
        return len({problem.line for problem in self.problems if not problem.taken})


@dataclass(frozen=True, slots=True)
class Missing:
    """Who is not in a whole table, by id, of how many people who work here."""

    ids: Sequence[int]
    of: int

    @property
    def too_many(self) -> bool:
        """Whether it looks like half a table rather than like people who left."""
        return len(self.ids) > LARGEST_SHARE * self.of


def find_missing(reading: Reading, *, database: Database, house: House) -> Missing:
    """Who works here and is not in the table."""

    def find(session: Session) -> Missing:
        return Missing(not_in(session, reading.numbers, house=house), count_numbered(session))

    return database.run_now(find)


class Intake:
    """One table on its way in. A slice that was put stays, whatever comes after."""

    def __init__(
        self, reading: Reading, *, database: Database, house: House, clock: Callable[[], datetime]
    ) -> None:
        self._reading, self._database, self._house, self._clock = reading, database, house, clock
        self._roster = Roster()
        self.outcome = Outcome(problems=list(reading.problems), notes=list(reading.notes))

    def put(
        self, missing: Sequence[int] = (), *, moved_on: Callable[[float], object], dry: bool = False
    ) -> Outcome:
        """Puts all of it, then lets go who is `missing`; with `dry` everything is tried and nothing kept."""
        rows, run = self._reading.rows, self._tried if dry else self._database.run_now
        try:
            for start in range(0, len(rows), TOGETHER):
                piece = [row for _, row in rows[start : start + TOGETHER]]
                done = run(lambda session, piece=piece: self._put(session, piece))  # type: ignore[misc]
                self.outcome.counts.update({kind: getattr(done, kind) for kind in _KINDS})
                moved_on(len(piece))
            for start in range(0, len(missing), TOGETHER):
                ids = missing[start : start + TOGETHER]
                done = run(lambda session, ids=ids: self._let_go(session, ids))  # type: ignore[misc]
                self.outcome.counts.update(left=done.left)
        finally:
            if not dry and (self.outcome.counts.total() or self.outcome.problems):
                self._database.run_now(self._tell)
        return self.outcome

    def _put(self, session: Session, rows: Sequence[RosterRow]) -> Imported:
        return put_people(
            session, rows, by=CONSOLE, roster=self._roster, house=self._house, now=self._clock()
        )

    def _let_go(self, session: Session, ids: Sequence[int]) -> Imported:
        now = self._clock()
        return Imported(
            left=let_go(session, ids, by=CONSOLE, roster=self._roster, house=self._house, now=now)
        )

    def _tried(self, work: Callable[[Session], Imported]) -> Imported:
        def undone(session: Session) -> Imported:
            done = work(session)
            session.flush()
            raise _UntouchedError(done)

        try:
            return self._database.run_now(undone)
        except _UntouchedError as result:
            return result.done

    def _tell(self, session: Session) -> None:
        counts = {kind: self.outcome.counts[kind] for kind in _KINDS}
        record_event(session, CONSOLE, EventName.ROSTER_IN, now=self._clock(), **counts, bad=self.outcome.bad)


class _UntouchedError(Exception):
    """Carries a result out of a transaction that is undone."""

    def __init__(self, done: Imported) -> None:
        super().__init__()
        self.done = done
