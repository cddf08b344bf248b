"""A hospital with two cases, one of them with a file, beside a folder for its backups."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlmodel import Session

from bot.backup.making import Made, make_backup
from bot.data_folder import DataFolder, open_folder
from storage.files import FileStore
from storage.messages import Upload
from tests.factories import open_a_case
from tests.storage.samples import picture

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
IN_FOLDER = SimpleNamespace(key_file=None)
TEXT = "骨科主任收了两千块红包"


@dataclass
class Hospital:
    """An opened data folder, and `backups` where its backups lie."""

    folder: DataFolder
    backups: Path

    @property
    def store(self) -> FileStore:
        """Its sealed files."""
        return FileStore(self.folder.files, self.folder.vault, self.folder.house.hospital.files)

    def reports(self, text: str = TEXT, *, files: int = 0) -> list[str]:
        """Somebody reports; the uids of the files they sent."""
        kept = [self.store.keep(Upload("a.png", picture("PNG", (8 + number, 8)))) for number in range(files)]
        house = self.folder.house

        def write(session: Session) -> None:
            open_a_case(session, house, text, files=kept, now=NOON)

        self.folder.database.run_now(write)
        return [one.uid for one in kept]

    def backs_up(self, now: datetime = NOON, *, with_keys: bool = False) -> Made:
        """One backup."""
        return make_backup(self.folder, self.backups, with_keys=with_keys, now=now)


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[Hospital]:
    """Two cases, one file."""
    folder = open_folder(tmp_path / "var", IN_FOLDER)
    hospital = Hospital(folder, tmp_path / "backups")
    hospital.reports()
    hospital.reports(files=1)
    yield hospital
    folder.close()
