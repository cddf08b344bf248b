"""What stands in a data folder after the fact: texts of the cases, codes, letters on their way."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from bot.data_folder import DataFolder, open_folder
from storage.cases import Case
from storage.entries import reported_text
from storage.receipts import find_by_code
from storage.vault import Vault


@dataclass(frozen=True)
class KeysInside:
    """The key file lies in the folder."""

    key_file: None = None


@dataclass(frozen=True)
class Evidence:
    """An opened folder, to be looked at while nothing else works on it."""

    folder: DataFolder

    def texts(self) -> dict[str, str]:
        """All that was reported, by the number of the case."""

        def read(session: Session) -> dict[str, str]:
            cases = list(session.exec(select(Case).order_by(col(Case.id))))
            return {case.number: self._text(session, case) for case in cases}

        return self.folder.database.run_now(read)

    def text_behind(self, code: str) -> str | None:
        """What was reported in the case that a receipt code opens."""

        def read(session: Session) -> str | None:
            case = find_by_code(session, code, vault=self._vault)
            return self._text(session, case) if case else None

        return self.folder.database.run_now(read)

    def _text(self, session: Session, case: Case) -> str:
        return reported_text(session, case.id or 0, vault=self._vault)

    @property
    def _vault(self) -> Vault:
        return self.folder.vault


@contextmanager
def evidence(data: Path) -> Iterator[Evidence]:
    """Opens the folder with its own keys."""
    folder = open_folder(data, KeysInside())
    try:
        yield Evidence(folder)
    finally:
        folder.close()


def letters(data: Path) -> dict[str, int]:
    """How many letters are in each state: pending, claimed (on their way), sent, dead."""
    with closing(sqlite3.connect(data / "lianxin.db")) as database:
        return dict(database.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())
