"""A story full of unmistakable marks through every channel; afterwards none of them stands anywhere."""

import asyncio
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import pytest

from tests.bot.web.plain.visitor import PlainVisitor
from tests.e2e.evidence import evidence
from tests.e2e.followup_marks import discharged, followup_story, texts_in_files
from tests.e2e.hand_in_marks import hand_in_story
from tests.e2e.marks import CODE, Marks, visitor
from tests.e2e.processes import Serving, clean_environment, serving
from tests.e2e.telegram_place import code_in
from tests.e2e.traces import contents, traces
from tests.e2e.web_person import WebPerson
from tests.storage import samples
from tests.telegram.server import BotApiServer

if TYPE_CHECKING:
    from tests.bot.web.site import Site

PATIENCE = 20.0
"""Seconds that an answer may take in Telegram, where a chat gets one message a second."""
COMMANDS = ("audit verify", "audit head", "audit list", "purge --dry-run", "keys list", "groups")


async def sends_file(person: WebPerson, marks: Marks, who: str) -> None:
    """A photo whose name and hidden data tell who took it."""
    form = aiohttp.FormData()
    form.add_field("id", marks.latin(f"{who}-event"))
    form.add_field("text", marks.make(f"{who}: caption"))
    name = f"{marks.latin(f'{who}-file')}.jpg"
    form.add_field("file", samples.talkative_jpeg(), filename=name, content_type="image/jpeg")
    headers = {"Authorization": f"Bearer {person.session}"}
    async with person.client.post(f"{person.url}/api/chat/messages", data=form, headers=headers) as response:
        assert response.status == 200, await response.text()


async def web_story(bot: Serving, marks: Marks) -> None:
    """A report, a file, a return with the code, an addition, a wrong code, a withdrawal."""
    async with visitor(bot, marks, "reporter") as person:
        marks.note_code("web code", await person.says(f"骨科{marks.make('report')}医生收了我两千块红包"))
        await person.says(marks.make("answer to a question"))
        await sends_file(person, marks, "reporter")
    async with visitor(bot, marks, "returning") as person:
        code = str(marks.made["web code"])
        assert "编号" in await person.says(code) or "进展" in person.text
        await person.says(f"补充一点：{marks.make('addition')}")
        await person.presses("有答复就发到这里")
        marks.note("wrong code", "4071882590316644")
        await person.says("4071882590316644")
    async with visitor(bot, marks, "withdrawing") as person:
        marks.note_code("withdrawn code", await person.says(f"护士{marks.make('withdrawn')}骂人，态度很差"))
        await person.presses("撤回")
        await person.presses("确定撤回")


@dataclass
class Door:
    """What a visitor without scripts needs of a place."""

    client: aiohttp.ClientSession
    port: int


async def plain_story(bot: Serving, marks: Marks) -> None:
    """A report on the pages without scripts, once with cookies and once without."""
    for keeps in (True, False):
        who = f"plain {'with' if keeps else 'without'} cookies"
        told = {"User-Agent": marks.latin(f"{who}-browser")}
        async with aiohttp.ClientSession(bot.url, headers=told) as client:
            door = cast("Site", Door(client, bot.port))
            person = await PlainVisitor(door, keeps_cookies=keeps).opens()
            await person.presses("我要反映问题")
            await person.says(f"药房{marks.make(who)}拿了药商的好处")
            marks.note_code(f"code of {who}", " ".join(re.findall(r"<span>(\d{4})</span>", person.page)[:4]))
            name = f"{marks.latin(f'{who}-file')}.jpg"
            await person.says(marks.make(f"{who} addition"), (name, samples.talkative_jpeg()))
            for cookie in person.cookies.values():
                marks.note(f"{who}: cookie", cookie)
            await person.opens("/plain/leave")


async def small_stories(bot: Serving, marks: Marks) -> None:
    """All else that people say: ratings, questions, praise, riddles, despair."""
    said = {
        "rating": "满意度评价|2|等太久，{}",
        "inquiry": "咨询|请问{}在几楼",
        "praise": "感谢{}医生，谢谢你们",
        "riddle": "{}",
        "despair": "我不想活了，{}",
        "fact": "{}收回扣",
    }
    for what, lines in said.items():
        async with visitor(bot, marks, what) as person:
            for line in lines.split("|"):
                await person.says(line.format(marks.make(f"words of {what}")))
            if found := CODE.findall(person.text):
                marks.note_code(f"code of {what}", found[-1])


async def telegram_story(server: BotApiServer, marks: Marks) -> None:
    """A report with a photo and a document, answers pushed to the chat."""
    patient = server.user(marks.make("first name"), user_id=7_316_482_950)
    patient.more = {"last_name": marks.make("last name"), "username": marks.latin("username")}
    marks.note("telegram id", patient.id)
    await patient.write(f"外科{marks.make('telegram report')}主任要了我三千块红包")
    receipt = await patient.sees("您的查询码", PATIENCE)
    marks.note_code("telegram code", code_in(patient))
    await patient.press(receipt, "有答复就发到这里")
    await patient.sees("有答复会发到这里", PATIENCE)
    await patient.send_photo(samples.talkative_jpeg(), marks.make("telegram caption"))
    await patient.send_document(
        f"{marks.latin('telegram-file')}.txt", marks.make("telegram file").encode(), media_type="text/plain"
    )
    await patient.send_contact("+8613900001234", marks.make("contact"))
    marks.note("contact's number", "13900001234")
    await server.all_confirmed()


async def joins(bot: Serving, marks: Marks, who: str, *options: str) -> str:
    """What a new member of staff has to send."""
    code = invited(bot, "--name", marks.make(who, "欧阳"), *options)
    marks.note(f"join code of {who}", code)
    return f"/join {code}"


async def officer_story(bot: Serving, marks: Marks) -> None:
    """The office reads, asks, notes and closes, on the page."""
    async with visitor(bot, marks, "officer") as officer:
        await officer.says(await joins(bot, marks, "officer", "--office", "纪检办", "--role", "supervisor"))
        await officer.says("/join WRONG-CODES")
        await officer.says("9999号")
        await officer.says("1号")
        for label, mark in (("受理", ""), ("内部备注", "internal note"), ("问反映人", "question")):
            await officer.presses(label)
            if mark:
                await officer.says(marks.make(mark))
        await officer.says("1号")
        await officer.presses("附件")
        (file,) = [shown["files"][0]["uid"] for shown in officer.screen.values() if shown["files"]]
        headers = {"Authorization": f"Bearer {officer.session}"}
        async with officer.client.get(f"{officer.url}/api/chat/files/{file}", headers=headers) as answer:
            assert answer.status == 200
            assert samples.MARK not in await answer.read()
        await officer.says("1号")
        for label in ("办结", "查实"):
            await officer.presses(label)
        await officer.says(marks.make("disposition"))
        assert "反映人将会读到" in await officer.says(marks.make("answer"))
        await officer.presses("确认发送")
        assert "已办结" in officer.text


async def telegram_office(server: BotApiServer, bot: Serving, marks: Marks) -> None:
    """An officer with Telegram, who opens a case there and binds the group of the office."""
    officer = server.user("王芳", user_id=6_902_771_358)
    marks.note("officer's telegram id", officer.id)
    await officer.write(await joins(bot, marks, "colleague", "--office", "纪检办"))
    await officer.sees("您已加入纪检办", PATIENCE)
    await officer.write("2号")
    await officer.sees("—— 反映内容 ——", PATIENCE)
    group = server.group(marks.make("title of the group"))
    code = invited(bot, "--group", "--office", "纪检办", word="bind")
    marks.note("group code", code)
    await group.write(officer, f"/bind@{server.username} {code}")
    await group.sees("本群是纪检办的通知群", PATIENCE)
    await group.write(officer, marks.make("words in the group"))


async def knocks(bot: Serving, marks: Marks) -> None:
    """What strangers try: each request is wrong in its own way."""
    async with visitor(bot, marks, "stranger") as person:
        tries: list[tuple[str, str, dict[str, Any]]] = [
            ("GET", f"/{marks.latin('path')}", {}),
            ("GET", f"/?q={marks.latin('query')}", {}),
            ("GET", f"/api/chat/messages?after={marks.latin('after')}", {}),
            ("GET", f"/api/chat/files/{marks.latin('file')}", {}),
            ("POST", "/api/chat/messages", {"data": marks.make("no json").encode()}),
            (
                "POST",
                "/api/chat/messages",
                {"json": {"id": marks.latin("id"), "text": {"a": marks.make("json")}}},
            ),
            ("POST", "/telegram/updates", {"json": {"message": {"text": marks.make("forged update")}}}),
            (marks.latin("METHOD"), "/", {}),
        ]
        for forged in (person.session, marks.latin("forged-session")):
            for method, path, body in tries:
                headers = {"Authorization": f"Bearer {forged}"}
                async with person.client.request(method, bot.url + path, headers=headers, **body) as answer:
                    await answer.read()


def invited(bot: Serving, *options: str, word: str = "join") -> str:
    """The code that `lianxin invite` prints."""
    found = re.search(rf"/{word} (\S+)", command(bot, "invite", *options))
    assert found
    return found[1]


def command(bot: Serving, *words: str) -> str:
    """What `lianxin` says to these words, on the folder that is being served."""
    line = [sys.executable, "-m", "bot", *words, "--data", str(bot.data)]
    done = subprocess.run(
        line, env=clean_environment(), cwd=bot.data.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


async def figures(bot: Serving) -> bytes:
    """The metrics and the health, as whoever runs it reads them."""
    async with aiohttp.ClientSession() as client:
        pages = []
        for path in ("/metrics", "/healthz"):
            async with client.get(bot.url + path) as response:
                pages.append(await response.read())
    return b"\n".join(pages)


@pytest.mark.timeout(240)
async def test_nothing_of_what_was_told_stands_anywhere(tmp_path: Path) -> None:
    marks, data, scratch = Marks(), tmp_path / "var", tmp_path / "scratch"
    scratch.mkdir()
    untouched = scratch.stat().st_mtime_ns
    async with BotApiServer() as server:
        environment = await asyncio.to_thread(discharged, data, marks) | {
            "TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_BASE": server.base,
            "LIANXIN_LOG_LEVEL": "DEBUG", "TMPDIR": str(scratch),
        }  # fmt: skip
        marks.note("token", server.token)
        async with serving(data, environment=environment) as bot:
            await web_story(bot, marks)
            await telegram_story(server, marks)
            await officer_story(bot, marks)
            await telegram_office(server, bot, marks)
            await small_stories(bot, marks)
            await plain_story(bot, marks)
            nurse = await joins(bot, marks, "nurse", "--office", "护理部", "--role", "supervisor")
            await followup_story(bot, server, marks, nurse)
            giver = await joins(bot, marks, "staff", "--office", "骨科", "--role", "staff")
            taker = await joins(bot, marks, "taker", "--office", "纪检办")
            await hand_in_story(bot, marks, giver, taker)
            await knocks(bot, marks)
            places = [("metrics", await figures(bot)), *kept_in(data)]
            printed = [
                command(bot, "backup", str(tmp_path / "out")),
                command(bot, "export", "--out", str(tmp_path / "out" / "ledger.xlsx"), "--sealed"),
                *(command(bot, *words.split()) for words in COMMANDS),
            ]
            assert await bot.stop() == 0
        log = "\n".join([*bot.said, *bot.complained, *printed])
    marks.note("mark in a photo", samples.MARK.decode())
    marks.note("place in a photo", "SENDER-WAS")
    await asyncio.to_thread(texts_in_files, data, marks)
    places += [("log", log.encode()), *kept_in(data), *contents(tmp_path / "out")]
    assert traces(marks.made.values(), places) == []
    assert scratch.stat().st_mtime_ns == untouched, "a temporary file was made"
    assert len(marks.made) > 100
    await asyncio.to_thread(assert_it_was_kept, data, marks)


def kept_in(data: Path) -> list[tuple[str, bytes]]:
    """All of the data folder but `sms/`, which stands in for a gateway: texts to patients, for a week."""
    return [(name, content) for name, content in contents(data) if not name.startswith("sms/")]


def assert_it_was_kept(data: Path, marks: Marks) -> None:
    """The marks were there to be found: under the keys every text is in its case."""
    with evidence(data) as found:
        kept = "\n".join(found.texts().values())
    for what in ("report", "addition", "telegram report", "words of despair", "caption", "clue",
                 "complaint", "text of a stranger"):  # fmt: skip
        assert str(marks.made.get(what) or marks.made[f"reporter: {what}"]) in kept
