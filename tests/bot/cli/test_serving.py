"""The house is made, checked and served; what stands in the way is told in one line."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.cli.checking import advice
from bot.cli.welcome import first_words, welcome
from bot.data_folder import DataFolder, serving
from storage.errors import CodeError
from storage.invites import Invite, use_invite
from storage.members import Role, add_member
from tests.bot.cli.conftest import Command

ROOT = Path(__file__).parents[3]
NOW = datetime(2025, 3, 3, 1, 30, tzinfo=UTC)


def join(folder: DataFolder, office: str, role: Role) -> None:
    def work(session: Session) -> None:
        add_member(
            session, sender=office, channel="web", address="a", name="王芳", office=office, role=role,
            vault=folder.vault, now=NOW,
        )  # fmt: skip

    folder.database.run_now(work)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(data: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """`lianxin serve` as a process of its own, without messengers."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("LIANXIN", "TELEGRAM"))}
    command = [sys.executable, "-u", "-m", "bot", "serve", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=ours, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_init_makes_a_house_once(lianxin: Command, tmp_path: Path) -> None:
    first = lianxin("init", "--data", tmp_path / "var")
    assert (first.code, first.err) == (0, "")
    assert "is ready" in first.out
    before = (tmp_path / "var" / "keys").read_bytes()
    assert "was there already" in lianxin("init", "--data", tmp_path / "var").out
    assert (tmp_path / "var" / "keys").read_bytes() == before


def test_folder_may_come_from_the_environment(
    lianxin: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANXIN_DATA", str(tmp_path / "elsewhere"))
    assert lianxin("init").code == 0
    assert (tmp_path / "elsewhere" / "lianxin.db").exists()


def test_check_finds_nothing_wrong_with_the_samples(lianxin: Command, data: Path) -> None:
    ended = lianxin("check", "--data", data)
    assert (ended.code, ended.err) == (0, "")
    assert "no supervisor has joined" in ended.out


def test_check_tells_every_mistake_with_file_and_line(lianxin: Command, data: Path) -> None:
    path = data / "hospital.toml"
    lines = (
        path.read_text("utf-8")
        .replace("decide = 3", 'decide = "bald"')
        .replace("first_look = 1", "first_look = 0")
    )
    path.write_text(lines, "utf-8")
    (data / "holidays.toml").write_text('[2027]\noff = ["soon"]\n', "utf-8")
    ended = lianxin("check", "--data", data)
    told = ended.err.splitlines()
    assert ended.code == 1
    assert len(told) == 3
    assert all("Example" in line and ", line " in line for line in told)


def test_check_sees_a_wrong_key(lianxin: Command, data: Path) -> None:
    (data / "keys").unlink()
    ended = lianxin("check", "--data", data)
    assert (ended.code, ended.err.count("\n")) == (1, 1)
    assert "key file is missing" in ended.err


def test_advice_falls_silent_when_all_is_well(folder: DataFolder) -> None:
    hospital = folder.house.hospital
    found = "\n".join(advice(folder, now=NOW))
    assert "no supervisor" in found
    assert "nobody has joined for" in found
    for office in hospital.offices:
        join(folder, office.name, Role.SUPERVISOR)
    assert advice(folder, now=NOW) == []


def test_advice_wants_a_supervisor_outside_the_discipline_office(folder: DataFolder) -> None:
    join(folder, folder.house.hospital.discipline_office, Role.SUPERVISOR)
    assert any("read by nobody" in line for line in advice(folder, now=NOW))
    join(folder, "医务科", Role.SUPERVISOR)
    assert not any("read by nobody" in line for line in advice(folder, now=NOW))


def test_advice_sees_members_of_offices_that_are_gone(folder: DataFolder) -> None:
    join(folder, "旧科室", Role.OFFICER)
    assert any("旧科室, which is not in hospital.toml" in line for line in advice(folder, now=NOW))


def test_advice_warns_of_unknown_holidays_in_time(folder: DataFolder) -> None:
    def years(now: datetime) -> list[str]:
        return re.findall(r"holidays of (\d+)", "\n".join(advice(folder, now=now)))

    assert years(datetime(2026, 6, 1, tzinfo=UTC)) == []
    assert years(datetime(2098, 11, 1, tzinfo=UTC)) == ["2098", "2099"]
    assert years(datetime(2098, 3, 1, tzinfo=UTC)) == ["2098"]


def test_first_officer_gets_a_code_until_somebody_joined(folder: DataFolder) -> None:
    code = welcome(folder, now=NOW)
    assert code is not None
    again = welcome(folder, now=NOW)
    assert again is not None

    def use(which: str) -> Invite:
        return folder.database.run_now(
            lambda session: use_invite(session, which, for_group=False, vault=folder.vault, now=NOW)[0]
        )

    with pytest.raises(CodeError):  # the code of the earlier start stands in its log
        use(code)
    invite = use(again)
    assert (invite.office, invite.role) == (folder.house.hospital.discipline_office, Role.SUPERVISOR)
    join(folder, invite.office, invite.role)
    assert welcome(folder, now=NOW) is None


def test_first_words_tell_page_and_code(folder: DataFolder) -> None:
    told = "\n".join(first_words("http://127.0.0.1:8080/", folder, "ABCDE-23456"))
    assert "http://127.0.0.1:8080/" in told
    assert "/join ABCDE-23456" in told
    assert "/join" not in "\n".join(first_words("http://127.0.0.1:8080/", folder, None))


def test_serve_refuses_a_folder_that_is_served(lianxin: Command, data: Path) -> None:
    with serving(data):
        ended = lianxin("serve", "--data", data)
    assert (ended.code, ended.err.count("\n")) == (1, 1)
    assert "another 'lianxin serve' works on this folder" in ended.err


def test_port_in_use_is_one_line(lianxin: Command, data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with served(data, port) as process:
            out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert err.count("\n") == 1
    assert f"cannot listen on 127.0.0.1:{port}" in err


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_serve_from_nothing_to_a_page_and_a_quiet_end(tmp_path: Path, how: signal.Signals) -> None:
    port = free_port()
    with served(tmp_path / "var", port) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        told = [process.stdout.readline() for _ in range(5)]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
            assert page.status == 200
        process.send_signal(how)
        assert process.wait(timeout=30) == 0
        logged = process.stderr.read().splitlines()
    assert [re.findall("event=(.*) head=", line) for line in logged] == [["trail started"], ["trail stopped"]]
    assert f"http://127.0.0.1:{port}/" in told[0]
    assert "/join " in "".join(told)


@pytest.mark.parametrize("name", ["LIANXIN_PORT", "LIANXIN_HOST"])
def test_command_line_goes_before_the_environment(
    lianxin: Command, data: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from bot.settings import Settings

    seen: list[Settings] = []
    monkeypatch.setattr("bot.running.run", lambda settings, _folder, ready: seen.append(settings))
    monkeypatch.setattr("bot.logging.set_up_logging", lambda **_: None)
    monkeypatch.setenv(name, "1" if name == "LIANXIN_PORT" else "example.org")
    assert lianxin("serve", "--data", data, "--host", "0.0.0.0", "--port", "9000").code == 0  # noqa: S104
    assert [(settings.host, settings.port) for settings in seen] == [("0.0.0.0", 9000)]  # noqa: S104
