"""Help for every command, and one line for everything that goes wrong."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import entry
from storage.errors import SealError
from tests.bot.cli.conftest import Command

ROOT = Path(__file__).parents[3]
COMMANDS = [
    "serve", "init", "check", "invite", "members", "members off", "members on", "groups", "groups off",
    "dead-letters", "classify", "rate", "explain", "learn", "replay", "audit", "audit verify",
]  # fmt: skip


def test_alone_it_shows_help(lianxin: Command) -> None:
    ended = lianxin()
    assert ended.code == 0
    assert "Usage: lianxin" in ended.out
    assert "Example: lianxin serve" in ended.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(lianxin: Command, command: str) -> None:
    ended = lianxin(*command.split(), "--help")
    assert ended.code == 0
    assert "Example: " in ended.out
    assert "lianxin" in ended.out.split("Example: ")[1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("nonsense", "No such command 'nonsense'. See: lianxin --help"),
        ("serve --prot 1", "No such option: --prot"),
        ("serve --port many", "'--port'"),
        ("serve --port 99999", "'--port'"),
        ("members off", "Missing argument"),
        ("members off three", "ID"),
        ("explain", "Missing argument"),
        ("audit nonsense", "See: lianxin audit --help"),
        ("replay x.jsonl --together 0", "--together"),
        ("learn --least 1", "--least"),
    ],
)
def test_wrong_use_is_one_line_that_leads_to_help(lianxin: Command, arguments: str, told: str) -> None:
    ended = lianxin(*arguments.split())
    assert ended.code == 2
    assert ended.out == ""
    assert told in ended.err
    assert ended.err.startswith("lianxin: ")
    assert ended.err.count("\n") == 1
    assert "--help" in ended.err


def raising(error: BaseException) -> object:
    def app(*_arguments: object, **_options: object) -> None:
        raise error

    return app


def test_known_error_is_one_line(lianxin: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "app", raising(SealError("entries: does not open;\nreally")))
    ended = lianxin("members")
    assert (ended.code, ended.err) == (1, "lianxin: entries: does not open; really\n")


def test_unexpected_error_shows_type_but_no_words(lianxin: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "app", raising(ValueError("王医生")))
    ended = lianxin("members")
    assert ended.code == 1
    assert ended.err.count("\n") == 1
    assert "unexpected ValueError" in ended.err
    assert "王医生" not in ended.err


def test_unexpected_error_is_noted_in_the_data_folder(
    lianxin: Command, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_session: object) -> None:
        raise ZeroDivisionError("王医生")

    monkeypatch.setattr("storage.trail_check.missing_guards", fails)
    ended = lianxin("audit", "verify", "--data", data)
    assert ended.code == 1
    assert f"unexpected ZeroDivisionError, noted in {data / 'errors.log'}" in ended.err
    noted = (data / "errors.log").read_text("utf-8")
    assert "ZeroDivisionError" in noted
    assert "audit.py" in noted
    assert "王医生" not in noted
    assert (data / "errors.log").stat().st_mode & 0o077 == 0


def test_debugging_shows_everything(lianxin: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "app", raising(ValueError("all of it")))
    monkeypatch.setenv("LIANXIN_DEBUG", "1")
    with pytest.raises(ValueError, match="all of it"):
        lianxin("members")


def test_interrupted_command_says_nothing(lianxin: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "app", raising(KeyboardInterrupt()))
    ended = lianxin("members")
    assert (ended.code, ended.err) == (130, "")


@pytest.mark.parametrize(
    "command", ["invite", "members", "groups", "dead-letters", "audit verify", "check", "learn"]
)
def test_mistyped_folder_makes_no_second_house(lianxin: Command, tmp_path: Path, command: str) -> None:
    ended = lianxin(*command.split(), "--data", tmp_path / "typo")
    assert ended.code == 1
    assert ended.err.count("\n") == 1
    assert "lianxin init --data" in ended.err
    assert not (tmp_path / "typo").exists()


def test_wrong_setting_is_one_line(lianxin: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "not-a-token-but-secret")
    ended = lianxin("members")
    assert ended.code == 1
    assert ended.err.count("\n") == 1
    assert "TELEGRAM_BOT_TOKEN" in ended.err
    assert "not-a-token-but-secret" not in ended.err


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; from bot.cli import main; main(['--help'])\n"
        "heavy = {'sqlalchemy', 'sqlmodel', 'aiohttp', 'telegram', 'jieba', 'pydantic_settings', 'alembic'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or None)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


def test_module_can_be_run() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "nonsense"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)


def test_a_command_that_is_terminated_ends_as_if_interrupted(
    lianxin: Command, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def terminate(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr("storage.trail_heads.present_head", terminate)
    assert lianxin("audit", "head", "--data", data).code == 130
    assert signal.getsignal(signal.SIGTERM) == before
