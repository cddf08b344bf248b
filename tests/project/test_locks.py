"""The locks hold every dependency by hash, and no address of where it came from."""

import re
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.project.conftest import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-build.txt")
ADDRESS = re.compile(r"://|@ |^-|--(?!hash=sha256:[0-9a-f]{64}\b)|(?<![\w-])/\w", re.MULTILINE)
PINNED = re.compile(r"^([\w.-]+)==([^ ;\\]+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def locked(name: str) -> dict[str, tuple[str, str]]:
    """Version and what follows it, by canonical name, of every pin in a lock file."""
    text = (ROOT / name).read_text("utf-8")
    return {canonicalize_name(found[1]): (found[2], found[3]) for found in PINNED.finditer(text)}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_path(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert [
        line for line in text.splitlines() if ADDRESS.search(line.replace("#   -c requirements", "#"))
    ] == []


@pytest.mark.parametrize(
    "line",
    [
        "-i https://example.org/packages",
        "--find-links /srv/wheels",
        "#    uv pip compile -f /srv/wheels",
        "jieba @ file:///srv/jieba.tar.gz",
        "-e .",
    ],
)
def test_an_address_in_a_lock_would_be_noticed(line: str) -> None:
    assert ADDRESS.search(line)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_carries_a_hash(lock: str) -> None:
    pins = locked(lock)
    assert pins
    assert [name for name, (_, rest) in pins.items() if "--hash=sha256:" not in rest] == []


def test_the_locks_agree_on_versions() -> None:
    everything = locked("requirements-dev.txt")
    for lock in ("requirements.txt", "requirements-build.txt"):
        assert {name: pin[0] for name, pin in locked(lock).items()}.items() <= {
            name: pin[0] for name, pin in everything.items()
        }.items()


def test_the_locks_meet_what_pyproject_asks_for(pyproject: dict[str, Any]) -> None:
    groups = pyproject["dependency-groups"]
    wanted = {
        "requirements.txt": pyproject["project"]["dependencies"],
        "requirements-dev.txt": [line for line in groups["dev"] if isinstance(line, str)],
        "requirements-build.txt": groups["build"] + pyproject["build-system"]["requires"],
    }
    for lock, lines in wanted.items():
        pins = locked(lock)
        for requirement in map(Requirement, lines):
            version = pins.get(canonicalize_name(requirement.name), ("absent", ""))[0]
            assert version != "absent", f"{requirement.name} is not in {lock}: run make lock"
            assert requirement.specifier.contains(version, prereleases=True), f"{lock}: {requirement}"
