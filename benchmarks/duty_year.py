"""What a year of duties costs: laying it out, looking when nothing is due, giving one out to everybody."""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, text
from sqlmodel import Session, col, func, select

from bot.data_folder import DataFolder, open_folder
from bot.settings import load_settings
from scheduler.duties import post_cards, redraw_cards, remind_people, sweep_occurrences, tell_heads
from storage.database import Database
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.opening import open_occurrence
from storage.duties.planning import plan_occurrences
from storage.staff.employees import Employee

STAFF, DUTIES = 10_000, 500
NOW = datetime(2026, 1, 4, 2, tzinfo=UTC)
"""10:00 in Shanghai on the first working day of a week."""
_ROUNDS = 30
_MARKS = (
    "monthly = 25",
    'monthly = "last working day"',
    "weekly = 5",
    'yearly = "06-30"',
    'quarterly = "last day"',
)
_PAST = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"


@dataclass(frozen=True, slots=True)
class Year:
    """Seconds and megabytes for laying out a year, how many occurrences, and seconds for one given to all."""

    seconds: float
    megabytes: float
    occurrences: int
    to_open: float


def lay_out(folder: Path) -> None:
    """A folder with STAFF people in the table and DUTIES duties in its file."""
    open_folder(folder, load_settings(data=folder)).close()
    (folder / "duties.toml").write_text("\n".join(map(_duty, range(DUTIES))), "utf-8")
    opened = open_folder(folder, load_settings(data=folder))
    places = opened.house.hospital.places
    rows = [
        {"uid": f"{number:016x}", "name": b"n" * 40, "office": places[number % len(places)], "role": "staff",
         "groups": "[]", "standing": "active", "silent": False, "entered_at": NOW, "changed_at": NOW}
        for number in range(STAFF)
    ]  # fmt: skip
    opened.database.run_now(lambda session: session.execute(insert(Employee), rows) and None)
    opened.close()


def year(folder: Path) -> Year:
    """Lays the year out in a process of its own, so that its memory is all there is to see."""
    command = [sys.executable, "-m", "benchmarks.duty_year", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Year(**json.loads(done.stdout))


def idle_sweep(folder: Path, past: int) -> float:
    """Seconds at best for a sweep that finds nothing, after so many occurrences that are over."""
    opened = open_folder(folder, load_settings(data=folder))
    with opened.engine.begin() as connection:
        columns = [row[1] for row in connection.execute(text("PRAGMA table_info(occurrences)"))]
        over = f"'{OccurrenceStage.CLOSED}'"
        others = {"id": "1000000 + n.i", "period": "'past ' || n.i", "stage": over, "next_at": "NULL"}
        chosen = ", ".join(others.get(column, f"pattern.{column}") for column in columns)
        pattern = "(SELECT * FROM occurrences LIMIT 1) AS pattern"
        put = f"INSERT OR IGNORE INTO occurrences ({', '.join(columns)})"
        found = f"SELECT {chosen} FROM n, {pattern}"  # noqa: S608
        connection.execute(text(f"{put} {_PAST} {found}"), {"count": past})
    database = Database(opened.engine)
    first = database.run_now(lambda session: session.exec(select(func.min(col(Occurrence.next_at)))).one())
    if first is None:
        raise RuntimeError("nothing is planned")
    quiet = first - timedelta(minutes=1)
    times = [_look(database, opened, quiet) for _ in range(_ROUNDS)]
    opened.close()
    return min(times)


def _look(database: Database, opened: DataFolder, now: datetime) -> float:
    """All that is asked about duties, as the ticker does it."""
    started, found = time.perf_counter(), 0
    for look in (sweep_occurrences, tell_heads, remind_people, post_cards, redraw_cards):
        found += database.run_now(lambda session, look=look: look(session, house=opened.house, now=now))  # type: ignore[misc]
    if found:
        raise RuntimeError(f"{found} were due")
    return time.perf_counter() - started


def _duty(number: int) -> str:
    return (
        f'[[duties]]\nkey = "duty{number}"\ntitle = "事项{number}"\nowed_by = {{ everyone = true }}\n'
        f"when = {{ {_MARKS[number % len(_MARKS)]} }}\n"
    )


def _year_here(folder: Path) -> Year:
    opened = open_folder(folder, load_settings(data=folder))
    database, started = Database(opened.engine), time.perf_counter()
    while database.run_now(lambda session: plan_occurrences(session, house=opened.house, now=NOW)):
        pass
    seconds = time.perf_counter() - started
    count = database.run_now(lambda session: session.exec(select(func.count()).select_from(Occurrence)).one())
    status = Path("/proc/self/status").read_text("ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    started = time.perf_counter()
    database.run_now(lambda session: _open_first(session, opened))
    opening = time.perf_counter() - started
    opened.close()
    return Year(seconds, int(peak.split()[1]) / 1024, count, opening)


def _open_first(session: Session, opened: DataFolder) -> None:
    first = session.exec(select(Occurrence).order_by(col(Occurrence.opens_at)).limit(1)).one()
    given = open_occurrence(session, first, house=opened.house, now=first.opens_at)
    if given != STAFF:
        raise RuntimeError(f"{given} people instead of {STAFF}")


if __name__ == "__main__":
    print(json.dumps(asdict(_year_here(Path(sys.argv[1])))))
