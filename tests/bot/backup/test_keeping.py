"""Only what we made ourselves is ever removed, and never the newest."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.backup.keeping import drop_old, own_backups
from storage.vault import Keys, Vault
from tests.bot.backup.conftest import NOON, Hospital


@pytest.fixture
def three(hospital: Hospital) -> list[Path]:
    """Three backups, oldest first."""
    return [hospital.backs_up(NOON + timedelta(seconds=number)).folder for number in range(3)]


def test_oldest_go_first(hospital: Hospital, three: list[Path]) -> None:
    assert drop_old(hospital.backups, 2, vault=hospital.folder.vault) == three[:1]
    assert own_backups(hospital.backups, vault=hospital.folder.vault) == three[1:]


def test_nothing_goes_while_there_are_few(hospital: Hospital, three: list[Path]) -> None:
    assert drop_old(hospital.backups, 3, vault=hospital.folder.vault) == []


def test_newest_stays_whatever_is_asked(hospital: Hospital, three: list[Path]) -> None:
    drop_old(hospital.backups, 0, vault=hospital.folder.vault)
    assert [path.name for path in hospital.backups.iterdir()] == [three[-1].name]


def test_what_is_not_ours_stays(hospital: Hospital, three: list[Path], tmp_path: Path) -> None:
    backups = hospital.backups
    (backups / "photos").mkdir()
    (backups / "lianxin-20200101-000000").mkdir()  # no manifest
    (backups / "lianxin-20200102-000000.part").mkdir()
    shutil.copytree(three[0], backups / "lianxin-20200103-000000 copy")
    shutil.copytree(three[0], tmp_path / "elsewhere")
    (backups / "lianxin-20200104-000000").symlink_to(tmp_path / "elsewhere")
    damaged = backups / "lianxin-20200105-000000"
    shutil.copytree(three[0], damaged)
    (damaged / "manifest.json").write_text((damaged / "manifest.json").read_text().replace("0001", "0002", 1))
    before = {path.name for path in backups.iterdir()}
    assert drop_old(backups, 1, vault=hospital.folder.vault) == three[:2]
    assert {path.name for path in backups.iterdir()} == before - {path.name for path in three[:2]}
    assert (tmp_path / "elsewhere" / "manifest.json").exists()


def test_backups_of_another_hospital_stay(hospital: Hospital, three: list[Path]) -> None:
    other = Vault(Keys(b"x" * 32, {1: b"y" * 32}))
    assert drop_old(hospital.backups, 1, vault=other) == []
