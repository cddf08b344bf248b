"""How long a sweep of surveys takes, and what memory it needs, by how many discharges are in the table."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, text
from sqlmodel import Session, select

from bot.data_folder import open_folder
from bot.settings import load_settings
from scheduler.followups import sweep_surveys
from storage.columns import as_number
from storage.database import Database
from storage.followup.discharges import Discharge
from storage.followup.planning import plan_version
from storage.followup.surveys import Survey
from storage.hospital_followup import Kind
from storage.house import House
from storage.letters import Letter

DUE, _ROUNDS = 5_000, 4
_NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
"""10:00 in Shanghai on a working Monday."""
_ROUND = timedelta(minutes=1)
_SCATTER = 7_919
"""A prime number: what is due lies far apart in the table, so that nothing is found beside another."""
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
_HASH, _SEALED = "hex(randomblob(16))", "randomblob(64)"


@dataclass(frozen=True, slots=True)
class Sweep:
    """Seconds for a sweep that finds DUE surveys (the best of some), and the most memory it took, in MB."""

    seconds: float
    megabytes: float


def lay_out(folder: Path, discharges: int) -> None:
    """So many discharges (10,000 or more) with two planned surveys each, of which some are due soon."""
    opened = open_folder(folder, load_settings(data=folder))
    with Session(opened.engine) as session, session.begin():
        _put_pattern(session, opened.house)
    with opened.engine.begin() as connection:
        connection.execute(text("PRAGMA cache_size = -400000"))
        _multiply(connection, "discharges", 0, discharges, {
            "id": "n.i", "uid": _HASH, "number_hash": _HASH, "number": _SEALED, "chat": _HASH,
            "address": _SEALED, "phone": _SEALED,
        })  # fmt: skip
        for pattern in range(len(Kind)):
            _multiply(connection, "surveys", -pattern, discharges, _surveys(pattern))
    opened.close()


def sweep(*folders: Path) -> list[Sweep]:
    """Sweeps each of them in a process of its own, so that its memory is all there is to see.

    They take turns, so that a slow moment of the machine meets them all.
    """
    halves = [[_sweep_elsewhere(folder, half) for folder in folders] for half in range(len(Kind))]
    return [
        Sweep(min(one.seconds for one in found), max(one.megabytes for one in found))
        for found in zip(*halves, strict=True)
    ]


def _sweep_elsewhere(folder: Path, half: int) -> Sweep:
    command = [sys.executable, "-m", "benchmarks.followup_sweep", str(folder), str(half)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Sweep(**json.loads(done.stdout))


def _put_pattern(session: Session, house: House) -> None:
    """One discharge and its surveys, of which all others are made."""
    discharge = Discharge(
        id=0, uid="0", number_hash="0", number=b"0", department="骨科", ward="一病区",
        discharged_at=_NOW - timedelta(days=3), consent=True, channel="sms", changed_at=_NOW,
    )  # fmt: skip
    session.add(discharge)
    session.flush()
    plans = {plan.kind: plan for plan in house.hospital.followup.plans if not plan.departments}
    for number, kind in enumerate(Kind):
        plan = plans[kind.value]
        session.add(
            Survey(
                id=-number, discharge_id=0, plan=plan.key, plan_version=plan_version(plan, house.hospital),
                kind=kind, department=discharge.department, ward=discharge.ward,
                due_at=_NOW + timedelta(days=60), next_at=_NOW + timedelta(days=60),
            )
        )  # fmt: skip


def _surveys(pattern: int) -> dict[str, str]:
    """Half of the rounds find their surveys among those of one kind, the other half among the others.

    `place` is a discharge's place in another order: the first DUE are due in one round, then the next DUE.
    """
    rounds, first, minute = _ROUNDS // len(Kind), as_number(_NOW), as_number(_NOW + _ROUND) - as_number(_NOW)
    place = f"(n.i * {_SCATTER} % :count)"
    in_round = f"{first} + ({pattern * rounds} + {place} / {DUE}) * {minute}"
    later = f"{first} + (60 + n.i % 40000) * {minute}"
    due = f"CASE WHEN {place} < {DUE * rounds} THEN {in_round} ELSE {later} END"
    return {"id": f"{len(Kind)} * n.i + {pattern}", "discharge_id": "n.i", "due_at": due, "next_at": due}


def _multiply(
    connection: Connection, table: str, pattern: int, count: int, others: Mapping[str, str]
) -> None:
    """Copies the row `pattern` for each number from 1 to `count`, with other expressions in some columns."""
    columns = [row[1] for row in connection.execute(text(f"PRAGMA table_info({table})"))]
    chosen = ", ".join(others.get(column, f"pattern.{column}") for column in columns)
    put = f"INSERT INTO {table} ({', '.join(columns)})"
    found = f"SELECT {chosen} FROM n, {table} AS pattern WHERE pattern.id = {pattern}"  # noqa: S608
    connection.execute(text(f"{put} {_NUMBERS} {found}"), {"count": count})


def _sweep_here(folder: Path, half: int) -> Sweep:
    """The rounds that find surveys of one kind."""
    opened = open_folder(folder, load_settings(data=folder))
    database = Database(opened.engine)
    first, count = half * _ROUNDS // len(Kind), _ROUNDS // len(Kind)
    moments = [_NOW + number * _ROUND for number in range(first, first + count)]
    times = [_one_round(database, opened.house, now) for now in moments]
    opened.close()
    status = Path("/proc/self/status").read_text("ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return Sweep(min(times), int(peak.split()[1]) / 1024)


def _one_round(database: Database, house: House, now: datetime) -> float:
    """As the ticker does it: slice by slice, each in a transaction of its own."""
    started, found = time.perf_counter(), 0
    while taken := database.run_now(lambda session: sweep_surveys(session, house=house, now=now)):
        found += taken
    seconds = time.perf_counter() - started
    letters = database.run_now(lambda session: session.exec(select(func.count()).select_from(Letter)).one())
    if not found == letters == DUE:
        raise RuntimeError(f"{found} surveys and {letters} letters instead of {DUE}")
    database.run_now(lambda session: session.execute(text("DELETE FROM outbox")) and None)
    return seconds


if __name__ == "__main__":
    measured = _sweep_here(Path(sys.argv[1]), int(sys.argv[2]))
    print(json.dumps({"seconds": measured.seconds, "megabytes": measured.megabytes}))
