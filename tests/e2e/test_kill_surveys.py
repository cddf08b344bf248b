"""kill -9 while 500 discharged patients are asked: each gets the question, hardly anybody gets it twice."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from storage.followup.discharges import Discharge
from storage.followup.importing import DischargeRow, put_discharges
from storage.followup.surveys import Stage, Survey
from tests.e2e.dying import told_through_deaths
from tests.e2e.evidence import Evidence, evidence
from tests.e2e.place import decided
from tests.telegram import fixtures
from tests.telegram.server import BotApiServer, User

server = fixtures.server

PATIENTS = 500
_QUIET = 'quiet_from = "20:00"        # 从几点起不打扰病人\nquiet_until = "09:00"       # 到第二天几点为止'


def at_any_hour(folder: Path) -> Path:
    """A folder whose quiet hours are far from now."""
    begin = datetime.now(UTC) + timedelta(hours=8 + 10)  # local time of Shanghai, in ten hours
    hours = f'quiet_from = "{begin:%H:%M}"\nquiet_until = "{begin + timedelta(hours=2):%H:%M}"'
    return decided(folder, _QUIET, hours)


def left_hospital(found: Evidence, patients: list[User]) -> None:
    """All of them left four days ago and are asked in their chat since yesterday."""
    left = datetime.now(UTC) - timedelta(days=4)
    rows = [
        DischargeRow(f"Z{one.chat_id}", "骨科", left, contact_channel="telegram", contact=str(one.chat_id),
                     consent=True) for one in patients
    ]  # fmt: skip
    house = found.folder.house
    done = found.folder.database.run_now(
        lambda session: put_discharges(session, rows, house=house, now=datetime.now(UTC))
    )
    assert done.added == len(patients)


@pytest.mark.timeout(300)
async def test_each_due_patient_is_asked_whatever_moment_the_process_dies(
    server: BotApiServer, tmp_path: Path
) -> None:
    data, chance = at_any_hour(tmp_path / "data"), random.Random("moments of a sweep")
    patients = [server.user(f"患者{number}") for number in range(PATIENTS)]
    with evidence(data) as found:
        left_hospital(found, patients)
    asked, in_flight = await told_through_deaths(data, server, patients, chance)
    assert all(len(set(texts)) == 1 and "第 1 题" in texts[0] for texts in asked)
    assert 0 < sum(len(texts) - 1 for texts in asked) <= in_flight < PATIENTS // 5
    with evidence(data) as found:
        stages = found.folder.database.run_now(day3)
    assert stages == [(Stage.SENT, True)] * PATIENTS


def day3(session: Session) -> list[tuple[Stage, bool]]:
    """Of each survey of day 3, in which stage it is and whether it arrived."""
    found = session.exec(select(Survey).join(Discharge).where(Survey.plan == "day3"))
    return [(survey.stage, survey.reached) for survey in found]
