"""Finding and installing Chromium, on a PATH that holds only what each test puts there."""

import os
import sys
from pathlib import Path

import pytest

from tests.e2e import browser
from tests.e2e.browser import ensure_chromium, find_chromium, why_no_chromium

STARTS = "exit 0"
STUB = "echo 'requires the chromium snap' >&2; exit 1"


class Machine:
    """A PATH of its own with small programs, and a log of the installers that were called."""

    def __init__(self, root: Path) -> None:
        self.bin = root / "bin"
        self.bin.mkdir()
        self.downloads = root / "downloads"
        self._log = root / "log"
        (self.bin / "env").symlink_to("/usr/bin/env")

    def has(self, name: str, script: str = STARTS) -> Path:
        return self.write(self.bin / name, script)

    def write(self, path: Path, script: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def has_installer(self, name: str, installs: Path | None) -> Path:
        """A program that logs how it was called and, asked to install chromium, puts it at `installs`."""
        put = (
            f"/bin/mkdir -p {installs.parent}; /bin/cp {self.bin}/fc-list {installs}"
            if installs
            else "exit 1"
        )
        return self.has(
            name, f'echo "{name} $*" >> {self._log}\ncase "$*" in *install*chromium) {put};; esac'
        )

    @property
    def calls(self) -> list[str]:
        return self._log.read_text().splitlines() if self._log.exists() else []


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    made.has("fc-list", "echo Noto Sans CJK SC")
    monkeypatch.setenv("PATH", str(made.bin))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(made.downloads))
    monkeypatch.delenv("LIANXIN_CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "MAC_CHROME", tmp_path / "no-such-app")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(sys, "executable", str(made.bin / "python"))
    return made


def test_nothing_is_found_on_a_bare_machine(machine: Machine) -> None:
    assert find_chromium() is None


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_a_browser_on_the_path_is_found(machine: Machine, name: str) -> None:
    installed = machine.has(name)
    assert find_chromium() == installed


def test_the_named_browser_wins_over_the_path(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    machine.has("chromium")
    named = machine.write(tmp_path / "my-chromium", STARTS)
    monkeypatch.setenv("LIANXIN_CHROMIUM", str(named))
    assert find_chromium() == named


def test_a_named_browser_that_does_not_start_is_said_and_not_replaced(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.has("chromium")
    monkeypatch.setenv("LIANXIN_CHROMIUM", "/no/such/chromium")
    assert ensure_chromium() is None
    assert "LIANXIN_CHROMIUM=/no/such/chromium does not start" in why_no_chromium()


def test_a_stub_that_does_not_start_is_passed_over(machine: Machine) -> None:
    machine.has("chromium-browser", STUB)
    assert find_chromium() is None
    chrome = machine.has("google-chrome")
    assert find_chromium() == chrome


def test_playwrights_download_is_found(machine: Machine) -> None:
    downloaded = machine.write(machine.downloads / "chromium-1200/chrome-linux64/chrome", STARTS)
    assert find_chromium() == downloaded


def test_nothing_is_installed_where_all_is_there(machine: Machine) -> None:
    found = machine.has("chromium")
    machine.has_installer("apt-get", None)
    assert ensure_chromium() == found
    assert machine.calls == []


def test_debians_package_comes_first(machine: Machine) -> None:
    machine.has_installer("apt-get", machine.bin / "chromium")
    machine.has_installer("python", None)
    assert ensure_chromium() == machine.bin / "chromium"
    assert machine.calls[-1].endswith("install --yes --no-install-recommends chromium")


def test_a_missing_chinese_font_is_installed(machine: Machine) -> None:
    machine.has("fc-list", ":")
    machine.has("chromium")
    machine.has_installer("apt-get", None)
    ensure_chromium()
    assert machine.calls[-1].endswith("install --yes --no-install-recommends fonts-noto-cjk")


def test_a_user_without_sudo_gets_playwrights_download(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    downloaded = machine.downloads / "chromium-1200/chrome-linux/chrome"
    machine.has_installer("apt-get", machine.bin / "chromium")
    machine.has("sudo", "exit 1")
    machine.has_installer("python", downloaded)
    assert ensure_chromium() == downloaded
    assert machine.calls == ["python -m playwright install chromium"]


def test_a_user_with_a_silent_sudo_gets_the_package(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    machine.has_installer("apt-get", machine.bin / "chromium")
    machine.has("sudo", 'shift; [ "$1" = true ] || exec "$@"')
    assert ensure_chromium() == machine.bin / "chromium"


def test_with_no_way_at_all_there_is_one_line(machine: Machine) -> None:
    machine.has_installer("apt-get", None)
    machine.has_installer("python", None)
    assert ensure_chromium() is None
    assert len(why_no_chromium().splitlines()) == 1
