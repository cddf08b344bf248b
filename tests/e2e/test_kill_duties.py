"""kill -9 while 500 people are told what they owe: each is told, hardly anybody twice."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.hospital_file import write_samples
from storage.duties.assignments import Assignment
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.identity import sender_hash
from storage.members import Role, add_member
from storage.staff.employees import add_employee
from tests.e2e.dying import told_through_deaths
from tests.e2e.evidence import Evidence, evidence
from tests.telegram import fixtures
from tests.telegram.server import BotApiServer, User

server = fixtures.server

STAFF = 500


def folder_at_work(folder: Path) -> Path:
    """A folder where each day is a working day, no hour is quiet, and one duty is due next week."""
    folder.mkdir()
    write_samples(folder)
    local = datetime.now(UTC) + timedelta(hours=8)
    days = [local.date() + timedelta(days=number) for number in range(-3, 21)]
    lines = [f"[{year}]\nwork = [{', '.join(map(str, those))}]"
             for year in sorted({day.year for day in days})
             if (those := [day for day in days if day.year == year])]  # fmt: skip
    (folder / "holidays.toml").write_text("\n".join(lines), "utf-8")
    quiet, due = local + timedelta(hours=10), local.date() + timedelta(days=5)
    (folder / "duties.toml").write_text(
        f'[reminding]\nat = "{local - timedelta(minutes=5):%H:%M}"\nquiet_from = "{quiet:%H:%M}"\n'
        f'quiet_until = "{quiet + timedelta(hours=1):%H:%M}"\n'
        '[[duties]]\nkey = "study"\ntitle = "专题学习"\nowed_by = { everyone = true }\n'
        f"when = {{ dates = [{due}] }}\n",
        "utf-8",
    )
    return folder


def joined(found: Evidence, people: list[User]) -> None:
    """All of them joined on Telegram some time ago."""
    house, now = found.folder.house, datetime.now(UTC) - timedelta(days=30)

    def put(session: Session) -> None:
        for one in people:
            address = str(one.chat_id)
            member = add_member(
                session, sender=sender_hash(house.vault, "telegram", address), channel="telegram",
                address=address, name="职工", office="骨科", role=Role.STAFF, vault=house.vault, now=now,
            )  # fmt: skip
            add_employee(session, "职工", "骨科", member_id=member.id, vault=house.vault, now=now)

    found.folder.database.run_now(put)


@pytest.mark.timeout(300)
async def test_everybody_is_told_whatever_moment_the_process_dies(
    server: BotApiServer, tmp_path: Path
) -> None:
    data, chance = folder_at_work(tmp_path / "data"), random.Random("moments of a morning")
    people = [server.user(f"职工{number}") for number in range(STAFF)]
    with evidence(data) as found:
        joined(found, people)
    told, in_flight = await told_through_deaths(data, server, people, chance)
    assert all(len(set(texts)) == 1 and "专题学习" in texts[0] for texts in told)
    assert sum(len(texts) - 1 for texts in told) <= in_flight < STAFF // 5
    with evidence(data) as found:
        stage, owed = found.folder.database.run_now(given_out)
    assert (stage, owed) == (OccurrenceStage.OPEN, STAFF)


def given_out(session: Session) -> tuple[OccurrenceStage, int]:
    """How far the one occurrence is, and how many owe it."""
    occurrence = session.exec(select(Occurrence)).one()
    return occurrence.stage, len(session.exec(select(Assignment.id)).all())
