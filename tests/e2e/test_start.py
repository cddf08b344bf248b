"""Starting and stopping `lianxin serve`: the first time, the next time, and when something is wrong."""

import asyncio
import os
import random
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.data_folder import open_folder
from tests.e2e.chat import Chat
from tests.e2e.evidence import KeysInside, evidence
from tests.e2e.processes import refused, serving, start, until

REPORT = "昨天下午在心内科，王主任收了我两千块钱红包。"
STOP_SECONDS = 8.0
_NO_ROOM = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); "
NO_ROOM = (sys.executable, "-c", _NO_ROOM + "os.execv(sys.argv[1], sys.argv[1:])")
"""Runs a command that can make files but not fill them, as on a full disk."""


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """A browser."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder as the first start leaves it."""
    folder = tmp_path / "data"
    open_folder(folder, KeysInside()).close()
    return folder


async def test_a_second_start_continues_where_the_first_stopped(
    client: aiohttp.ClientSession, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    async with serving(folder) as first:
        assert f"{first.url}/" in "\n".join(first.said)
        reporter = await Chat.open(client, first.url)
        answers = await reporter.say("1", REPORT)
        first_code = first.join_code
        assert first_code is not None
        assert await first.stop(signal.SIGTERM, seconds=STOP_SECONDS) == 0
    keys = (folder / "keys").read_bytes()
    assert stat.S_IMODE((folder / "keys").stat().st_mode) == 0o600

    async with serving(folder, port=first.port) as second:
        assert second.join_code not in (None, first_code)
        assert list((await reporter.read()).values()) == answers
        officer = await Chat.open(client, second.url)
        await officer.say("1", f"/join {second.join_code}")
        welcomed = await officer.say("2", "李书记")
        assert "办件台" in "\n".join(welcomed), welcomed
        assert await second.stop(signal.SIGINT, seconds=STOP_SECONDS) == 0

    async with serving(folder) as third:
        assert third.join_code is None
        assert await third.stop(seconds=STOP_SECONDS) == 0
    assert (folder / "keys").read_bytes() == keys
    with evidence(folder) as found:
        assert list(found.texts().values()) == [REPORT]


async def test_a_first_start_that_was_killed_is_made_up_for(tmp_path: Path) -> None:
    folder, chance = tmp_path / "data", random.Random("first start")
    for _ in range(3):
        starting = await start(folder)
        await until(folder.exists)
        await asyncio.sleep(chance.uniform(0, 0.5))  # the moment of death; nothing waits for it
        await starting.kill()
    async with serving(folder) as bot:
        assert bot.join_code is not None
        assert await bot.stop() == 0


async def test_an_open_page_does_not_hold_up_the_stop(client: aiohttp.ClientSession, tmp_path: Path) -> None:
    async with serving(tmp_path / "data") as bot:
        visitor = await Chat.open(client, bot.url)
        headers = {"Authorization": f"Bearer {visitor.session}", "Accept": "text/event-stream"}
        async with client.get(f"{bot.url}/api/chat/messages?after=0", headers=headers) as stream:
            assert stream.status == 200
            assert await bot.stop(seconds=STOP_SECONDS) == 0


def another_key_file(folder: Path) -> None:
    other = folder.parent / "other"
    open_folder(other, KeysInside()).close()
    shutil.copyfile(other / "keys", folder / "keys")


def no_key_file(folder: Path) -> None:
    (folder / "keys").unlink()


def a_key_file_for_all(folder: Path) -> None:
    (folder / "keys").chmod(0o644)


def a_mistake_in_the_decisions(folder: Path) -> None:
    decisions = folder / "hospital.toml"
    decisions.write_text(decisions.read_text("utf-8").replace('timezone = "', 'timezone = "Mars/'), "utf-8")


def no_database_in_its_place(folder: Path) -> None:
    (folder / "lianxin.db").write_bytes(b"a letter to the editor, not a database" * 100)


def a_file_in_its_place(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("not a folder")


MISTAKES: list[tuple[Callable[[Path], None], str]] = [
    (another_key_file, "key"),
    (no_key_file, "missing"),
    (a_key_file_for_all, "chmod 600"),
    (a_mistake_in_the_decisions, "hospital.toml"),
    (no_database_in_its_place, "no database"),
    (a_file_in_its_place, "is a file"),
]


@pytest.mark.parametrize(("spoil", "told"), MISTAKES, ids=lambda value: getattr(value, "__name__", ""))
async def test_a_mistake_is_told_in_one_line_and_nothing_is_touched(
    data: Path, spoil: Callable[[Path], None], told: str
) -> None:
    spoil(data)
    before = contents(data)
    assert told in one_line(await refused(data))
    assert contents(data) == before


async def test_a_port_in_use_is_told_in_one_line(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = one_line(await refused(data, port=port))
    assert f"127.0.0.1:{port}" in line
    assert f"--port {port + 1}" in line


async def test_a_second_serve_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    async with serving(tmp_path / "data") as bot:
        assert "another" in one_line(await refused(tmp_path / "data"))
        assert await bot.stop() == 0


@pytest.mark.parametrize("known", [False, True], ids=["the first start", "a later start"])
async def test_a_full_disk_is_told_in_one_line_and_the_next_start_works(tmp_path: Path, known: bool) -> None:
    folder = tmp_path / "data"
    if known:
        open_folder(folder, KeysInside()).close()
    assert "room" in one_line(await refused(folder, below=NO_ROOM))
    async with serving(folder) as bot:
        assert await bot.stop() == 0


@pytest.mark.parametrize("known", [False, True], ids=["the first start", "a later start"])
async def test_a_read_only_folder_is_told_in_one_line(tmp_path: Path, known: bool) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    with small_disk(folder):
        if known:
            open_folder(folder, KeysInside()).close()
        before = contents(folder)
        with read_only(folder):
            line = one_line(await refused(folder))
        assert "read-only" in line or "not writable" in line
        assert contents(folder) == before


def one_line(complaints: list[str]) -> str:
    """The only line of them."""
    assert len(complaints) == 1, complaints
    assert complaints[0].startswith("lianxin: ")
    return complaints[0]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file with its bytes; locks and the database's own side files do not count."""
    if not folder.is_dir():
        return {"": folder.read_bytes()}
    kept = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(_ASIDE))
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


_ASIDE = (".lock", "-wal", "-shm")


@contextmanager
def small_disk(folder: Path, size: str = "8m") -> Iterator[bool]:
    """A disk of its own where this user may mount one, which is what it yields; else just the folder."""
    mounted = os.geteuid() == 0 and runs(
        "mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "none", folder
    )
    try:
        yield mounted
    finally:
        if mounted:
            runs("umount", folder)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing can be written: by permission bits, or for root by mounting so; skips where neither can be."""
    if os.geteuid() != 0:
        folder.chmod(0o500)
    elif not runs("mount", "-o", "remount,ro", folder):
        pytest.skip("root writes everywhere here")
    try:
        yield
    finally:
        if os.geteuid() != 0:
            folder.chmod(0o700)
        else:
            runs("mount", "-o", "remount,rw", folder)


def runs(*command: str | Path) -> bool:
    """Whether the command ends well."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
