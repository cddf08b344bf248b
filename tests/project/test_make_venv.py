"""Choosing a Python for .venv, on a PATH that holds only what each test puts there."""

import subprocess
from pathlib import Path

import pytest

from tests.project.conftest import ROOT

# A Python to `tools/make_venv`: answers what is asked with -c, and notes when it makes an environment.
PYTHON = """#!/bin/sh
case "$*" in
    *version_info*) exit {old} ;;
    *ensurepip*) exit {bare} ;;
    --version) echo "Python from $0" ;;
    "-m venv --clear .venv") echo made >&2 ;;
esac
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def put(path: Path, name: str, *, old: bool = False, bare: bool = False) -> None:
    (path / name).write_text(PYTHON.format(old=int(old), bare=int(bare)))
    (path / name).chmod(0o755)


def make_venv(path: Path, python: str = "") -> "subprocess.CompletedProcess[str]":
    environ = {"PATH": str(path), "PYTHON": python}
    command = ["/bin/sh", str(ROOT / "tools/make_venv")]
    return subprocess.run(command, cwd=path, env=environ, capture_output=True, text=True, check=False)


def test_the_newest_known_python_is_taken(path: Path) -> None:
    put(path, "python3.11")
    put(path, "python3.13")
    put(path, "python3")
    done = make_venv(path)
    assert done.stdout.strip().endswith("bin/python3.13")
    assert done.stderr == "made\n"


def test_an_old_or_incomplete_python_is_passed_over(path: Path) -> None:
    put(path, "python3.13", bare=True)
    put(path, "python3", old=True)
    put(path, "python")
    assert make_venv(path).stdout.strip().endswith("bin/python")


@pytest.mark.parametrize(
    ("old", "bare", "python", "said"),
    [
        (True, False, "", "needs Python 3.11 or newer"),
        (False, True, "", "python3-venv"),
        (True, False, "python3", "PYTHON=python3 is not a Python 3.11"),
        (False, False, "/no/such/python", "PYTHON=/no/such/python is not a Python 3.11"),
    ],
)
def test_without_a_usable_python_there_is_one_clear_line(
    path: Path, old: bool, bare: bool, python: str, said: str
) -> None:
    put(path, "python3", old=old, bare=bare)
    done = make_venv(path, python)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
