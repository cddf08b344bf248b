"""A hospital burns down and comes back: a backup while reports pour in, kill -9, another place."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.cli.entry import main
from tests.e2e.chat import Chat
from tests.e2e.place import photo
from tests.e2e.processes import Serving, clean_environment, serving
from tests.e2e.web_person import WebPerson

TEXT = "骨科主任收了我两千块红包，手术前在办公室。"
ANSWER_ID = "report"


async def lianxin(*arguments: str | Path, cwd: Path) -> tuple[int, str, str]:
    """A command beside the running server: exit code, stdout, stderr."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *map(str, arguments),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        cwd=cwd, env=clean_environment(),
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def lianxin_here(*arguments: str | Path) -> int:
    """A command where nothing runs beside it: in this process, which has loaded everything already."""
    return await asyncio.to_thread(main, [str(one) for one in arguments])


async def send_photo(chat: Chat) -> None:
    """Adds a photo to the open report."""
    form = aiohttp.FormData()
    form.add_field("id", "photo")
    form.add_field("file", photo(), filename="a.jpg", content_type="image/jpeg")
    headers = {"Authorization": f"Bearer {chat.session}"}
    async with chat.client.post(f"{chat.url}/api/chat/messages", data=form, headers=headers) as response:
        assert response.status == 200, await response.text()


async def pour(running: Serving, client: aiohttp.ClientSession, stop: asyncio.Event) -> list[float]:
    """One report after another until told to stop; the seconds that each took."""
    chat, spent, number = await Chat.open(client, running.url), [], 0
    loop = asyncio.get_running_loop()
    while not stop.is_set():
        number += 1
        begin = loop.time()
        answered = await chat.try_to_say(f"m{number}", f"护士站第 {number} 次多收了我三十块钱。")
        spent.append(loop.time() - begin)
        if answered.status != 200:  # told to slow down: another browser
            chat = await Chat.open(client, running.url)
    return spent


async def report(running: Serving, client: aiohttp.ClientSession) -> str:
    """The receipt code of a report with a photo."""
    chat = await Chat.open(client, running.url)
    texts = await chat.say(ANSWER_ID, TEXT)
    await send_photo(chat)
    found = re.search(r"\d{4} \d{4} \d{4} \d{4}", "\n".join(texts))
    assert found
    return found[0]


async def back_up_and_burn(data: Path, backups: Path) -> tuple[str, Path]:
    """The code of a report, and the backup that was made while others wrote; then kill -9."""
    async with serving(data) as running, aiohttp.ClientSession() as client:
        code = await report(running, client)
        stop = asyncio.Event()
        pouring = asyncio.create_task(pour(running, client, stop))
        ended, out, err = await lianxin("backup", backups, "--data", data, cwd=data.parent)
        stop.set()
        spent = await pouring
        assert (ended, err) == (0, "")
        assert "Head of the trail within" in out
        assert len(spent) > 3
        await running.kill()
    return code, next(iter(await asyncio.to_thread(lambda: list(backups.iterdir()))))


async def photo_of_first_case(running: Serving) -> int:
    """How many bytes an officer gets who joins now and opens the photo of the first case."""
    async with WebPerson.visiting(running.url) as officer:
        await officer.says(f"/join {running.join_code}")
        await officer.says("郑监督")
        assert "00001" in await officer.says("1号")
        await officer.presses("附件")
        [file] = [one for shown in officer.screen.values() for one in shown["files"]]
        headers = {"Authorization": f"Bearer {officer.session}"}
        url = f"{officer.url}/api/chat/files/{file['uid']}"
        async with officer.client.get(url, headers=headers) as response:
            assert response.status == 200
            return len(await response.read())


@pytest.mark.timeout(300)
async def test_restored_hospital_answers_an_old_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in set(os.environ) - set(clean_environment()):
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    old, new, keys = tmp_path / "old", tmp_path / "new", tmp_path / "old" / "keys"
    code, backup = await back_up_and_burn(old, tmp_path / "backups")
    counts = json.loads((backup / "manifest.json").read_text("utf-8"))["counts"]
    assert counts["cases"] >= 1
    assert counts["files"] == 1

    capsys.readouterr()
    assert await lianxin_here("restore", backup, "--data", new, "--key-file", keys) == 0
    told = capsys.readouterr()
    assert f"{counts['cases']} cases, 1 files" in told.out
    assert not told.err
    for path in sorted(old.rglob("*"), reverse=True):  # what is served now comes from the backup alone
        path.rmdir() if path.is_dir() else path.unlink()

    async with serving(new) as running, aiohttp.ClientSession() as client:
        chat = await Chat.open(client, running.url)
        shown = "\n".join(await chat.say("back", code))
        assert TEXT in shown
        assert "\n".join(await chat.say("again", "0000 0000 0000 0000")) not in shown
        assert await photo_of_first_case(running) > 1000
        assert await running.stop() == 0

    assert await lianxin_here("audit", "verify", "--data", new) == 0
    told = capsys.readouterr()
    assert "The trail is whole" in told.out
    assert not told.err
    assert await lianxin_here("audit", "list", "--data", new) == 0
    out = capsys.readouterr().out
    for word in ("backed_up", "recovered", "started", "stopped", "joined", "read", "file_read"):
        assert word in out
