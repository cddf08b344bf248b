"""check tells what is missing for discharged patients, once there are some."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.cli.checking_followup import about_followup
from bot.data_folder import DataFolder
from bot.settings import Settings
from storage.followup.importing import DischargeRow, put_discharges
from storage.members import Role
from tests.bot.cli.conftest import Command
from tests.bot.cli.test_serving import join

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def bring(folder: DataFolder, department: str, number: str, phone: str = "") -> None:
    row = DischargeRow(
        number, department, NOW - timedelta(days=1), contact_channel="sms" if phone else "", contact=phone,
        consent=bool(phone),
    )  # fmt: skip

    def put(session: Session) -> None:
        put_discharges(session, [row], house=folder.house, now=NOW)

    folder.database.run_now(put)


def settings(folder: DataFolder, **given: str) -> Settings:
    return Settings(data=folder.path, _env_file=None, **given)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _clean(lianxin: Command) -> None:
    """Away from the environment of whoever runs the tests."""


def test_where_nobody_is_asked_nothing_is_advised(folder: DataFolder) -> None:
    assert about_followup(folder, settings(folder)) == []


def test_what_is_missing_is_told_with_what_to_do(folder: DataFolder) -> None:
    bring(folder, "骨科", "ZY1", "13800138000")
    bring(folder, "没有的科", "ZY2")
    told = "\n".join(about_followup(folder, settings(folder)))
    for words in (
        "LIANXIN_PUBLIC_URL is not set", "LIANXIN_SMS_URL is not set", "[[followup.wards]]",
        "没有的科 is not in hospital.toml", "lianxin invite --office 骨科 --role head",
    ):  # fmt: skip
        assert words in told
    assert "13800138000" not in told
    assert "ZY1" not in told


def test_what_is_there_is_not_told(folder: DataFolder) -> None:
    bring(folder, "骨科", "ZY1", "13800138000")
    join(folder, "骨科", Role.HEAD)
    ways = {"public_url": "https://report.example", "sms_url": "https://sms.example", "sms_token": "t" * 40}
    [line] = about_followup(folder, settings(folder, **ways))
    assert "no nurse line for 骨科" in line


def test_many_departments_are_a_short_line(folder: DataFolder) -> None:
    for number in range(8):
        bring(folder, f"新科{number}", f"ZY{number}")
    told = "\n".join(about_followup(folder, settings(folder)))
    assert "and 3 more" in told
    assert "新科7" not in told


def test_check_says_it(lianxin: Command, data: Path, folder: DataFolder) -> None:
    bring(folder, "骨科", "ZY1", "13800138000")
    ended = lianxin("check", "--data", data)
    assert ended.code == 0
    assert "no nurse line for 骨科" in ended.out
