"""Runs commands as a person would, in this process, and shows what came of them."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.cli import main
from bot.data_folder import DataFolder, open_folder

NO_SETTINGS = SimpleNamespace(key_file=None)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def lianxin(
    capsysbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    own_logging: None,
) -> Iterator[Command]:
    """`lianxin("members", stdin=b"…")`, away from the environment and `.env` of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith(("LIANXIN_", "TELEGRAM_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    before = os.umask(0o022)

    def run(*arguments: str | Path, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsysbinary.readouterr()
        code = main([str(argument) for argument in arguments])
        sys.stdout.flush()
        told = capsysbinary.readouterr()
        return Ended(code, told.out.decode(), told.err.decode())

    yield run
    os.umask(before)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The path of a data folder that was set up."""
    path = tmp_path / "var"
    open_folder(path, NO_SETTINGS).close()
    return path


@pytest.fixture
def folder(data: Path) -> Iterator[DataFolder]:
    """The same folder, opened beside the commands."""
    opened = open_folder(data, NO_SETTINGS)
    yield opened
    opened.close()
