"""Discharges come into the running application by both doors, and leave nothing in clear."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlmodel import col, select

from bot.app import App
from bot.data_folder import open_folder
from bot.settings import load_settings
from storage.followup.discharges import Discharge
from tests.bot.followup.tables import HEADINGS, csv_of, row_with, xlsx_of
from tests.e2e.processes import free_port, until
from tests.stage import PlayedClock

TOKEN = "e2e-" + "x" * 40
SECRETS = ("13800138000", "13900139000", "ZY-4711", "ZY-4712", "张三丰", "胃癌")
DAY = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"


@asynccontextmanager
async def running(data: Path) -> AsyncIterator[App]:
    settings = load_settings(data=data, port=free_port(), discharges_token=TOKEN)
    folder = open_folder(data, settings)
    app = App(settings, folder, clock=PlayedClock(datetime.now(UTC) + timedelta(minutes=1)))
    await app.start()
    try:
        yield app
    finally:
        await app.stop()
        folder.close()


async def numbers(app: App) -> int:
    return len(await app.database.run(lambda session: session.exec(select(col(Discharge.id))).all()))


def everything_in(data: Path) -> bytes:
    """All bytes of all files, names as well."""
    found = [path for path in data.rglob("*") if path.is_file()]
    return b"".join(str(path).encode() + path.read_bytes() for path in found)


async def test_both_doors_lead_in_and_leave_no_trace(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "var"
    async with running(data) as app:
        await until((data / "discharges-in").is_dir)
        one = {"number": "ZY-4711", "department": "骨科", "discharged": DAY, "contact": "13800138000",
               "consent": "是", "姓名": "张三丰", "诊断": "胃癌"}  # fmt: skip
        async with aiohttp.ClientSession() as client:
            for token, status in ((TOKEN, 200), ("wrong", 401)):
                headers = {"Authorization": f"Bearer {token}"}
                address = f"{app.address}api/discharges"
                async with client.post(address, json={"discharges": [one]}, headers=headers) as response:
                    assert response.status == status
        assert await numbers(app) == 1
    row = (*row_with(number="ZY-4712", mobile="13900139000", day=DAY), "张三丰", "胃癌")
    (data / "discharges-in/出院.xlsx").write_bytes(xlsx_of([(*HEADINGS, "姓名", "诊断"), row]))
    (data / "discharges-in/坏的.csv").write_bytes(csv_of(row_with(day="x", number="", mobile="", ward="")))
    async with running(data) as app:
        await until(lambda: not list((data / "discharges-in").glob("*.*")))
        assert await numbers(app) == 2
    kept = everything_in(data)
    told = "".join(capfd.readouterr())
    for secret in SECRETS:
        assert secret.encode() not in kept, secret
        assert secret not in told, secret
    assert TOKEN not in told
