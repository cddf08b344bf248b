"""Discharged patients full of marks: in a table, over HTTP, on the page, in Telegram, by text; a nurse."""

import asyncio
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from sqlmodel import Session, select

from bot.data_folder import open_folder
from storage.followup.discharges import Discharge, number_hash
from storage.followup.joining import new_ticket
from tests.bot.followup.tables import csv_of, row_with
from tests.e2e.evidence import KeysInside
from tests.e2e.marks import Marks, visitor
from tests.e2e.processes import Serving, clean_environment, until
from tests.telegram.server import BotApiServer

TOKENS = {"LIANXIN_DISCHARGES_TOKEN": "zqdischarges" * 4, "LIANXIN_SMS_TOKEN": "zqgateway" * 5}
_PAGE = "https://page.example.org"
_LINK = re.compile(r"/f#(\d{12})")
_HEADINGS = ("出院号", "出院科室", "病区", "出院日期", "手机号", "同意随访", "姓名", "诊断")
_STAYED_UNTIL = datetime.now(UTC) - timedelta(days=4)
_PATIENCE = 20.0


def discharged(data: Path, marks: Marks) -> dict[str, str]:
    """A folder without quiet hours and with patients who are due; what `serve` needs for the rest."""
    _run("init", data=data)
    settings = data / "hospital.toml"
    text = settings.read_text("utf-8").replace('quiet_from = "20:00"', 'quiet_from = "03:00"')
    settings.write_text(text.replace('quiet_until = "09:00"', 'quiet_until = "03:01"'), "utf-8")
    table = data.with_name("in.csv")
    rows = [_row(marks, name, agrees=name == "by text") for name in ("page", "telegram", "by text")]
    table.write_bytes(csv_of(*rows, headings=_HEADINGS))
    _run("import-discharges", str(table), data=data)
    table.unlink()
    for what, token in TOKENS.items():
        marks.note(what, token)
    return {**TOKENS, "LIANXIN_PUBLIC_URL": _PAGE, "LIANXIN_SMS_SIGNATURE": "示例医院"}


async def followup_story(bot: Serving, server: BotApiServer, marks: Marks, nurse: str) -> None:
    """Everything that can be said after discharge; `nurse` is what a nurse has to send to join."""
    await _handed_in(bot, marks)
    await _on_the_page(bot, marks)
    await _in_telegram(bot, server, marks)
    await _by_text(bot, marks)
    await _nurse(bot, marks, nurse)


def texts_in_files(data: Path, marks: Marks) -> None:
    """The one place where numbers, texts and their links stand in clear: files in place of a gateway."""
    files = sorted((data / "sms").rglob("*.txt"))
    assert any(path.read_text("utf-8").startswith(str(marks.made["mobile of by text"])) for path in files)
    links = 0
    for number, path in enumerate(files):
        assert path.stat().st_mode & 0o077 == 0
        text = path.read_text("utf-8")
        for code in _LINK.findall(text):
            marks.note(f"link {number}", code)
            links += 1
        if "查询码" in text:
            marks.note_code(f"code by text {number}", text)
    assert links
    assert (data / "sms").stat().st_mode & 0o077 == 0


async def _handed_in(bot: Serving, marks: Marks) -> None:
    """The hospital's own system, once with a wrong token and once with rows that are no good."""
    stay = dict(zip(_HEADINGS, _row(marks, "over HTTP", agrees=False), strict=True))
    bad = {**stay, "出院号": marks.latin("bad-number"), "手机号": "139" + marks.make("no number"),
           "出院日期": marks.make("no day")}  # fmt: skip
    async with aiohttp.ClientSession() as client:
        for token in (TOKENS["LIANXIN_DISCHARGES_TOKEN"], marks.latin("wrong-token")):
            headers = {"Authorization": f"Bearer {token}"}
            body = {"discharges": [stay, bad]}
            async with client.post(f"{bot.url}/api/discharges", json=body, headers=headers) as answer:
                told = json.loads(await answer.read())
            if token in TOKENS.values():
                assert told["added"] == 1
                assert str(marks.made["bad-number"]) not in json.dumps(told, ensure_ascii=False)


async def _on_the_page(bot: Serving, marks: Marks) -> None:
    """A low grade and a call, a complaint passed on, an envelope told of, an illness."""
    async with visitor(bot, marks, "patient") as person:
        assert "第 1 题" in await person.says(await _ticket(bot, marks, "page"))
        await person.presses("2 ★★")
        await person.presses("请给我回电话")
        await person.presses("好，再问我一次")
        await person.says(f"护士态度很差，叫了三遍都不来，{marks.make('complaint')}")
        marks.note_code("code of the complaint", await person.presses("请转给"))
        await person.says(f"手术前王医生收了我两千块红包，{marks.make('clue')}")
        await person.presses("就这样交上去")
        marks.note_code("code of the clue", await person.presses("写上骨科"))
        assert "120" in await person.says(f"伤口红肿流脓，还发烧，{marks.make('illness')}")
        await person.says("12345678901 2")
        marks.note("wrong ticket", "734190258816")
        await person.says("734190258816")


async def _in_telegram(bot: Serving, server: BotApiServer, marks: Marks) -> None:
    """Joined by the link of a sheet; praise, plain words, and an end of it all."""
    patient = server.user(marks.make("patient's first name"), user_id=7_551_209_386)
    marks.note("patient's telegram id", patient.id)
    await patient.write(f"/start {await _ticket(bot, marks, 'telegram')}")
    question = await patient.sees("第 1 题", _PATIENCE)
    await patient.press(question, "5 ★")
    await patient.sees("第 2 题", _PATIENCE)
    await patient.write(f"感谢王医生和李护士，特别耐心，{marks.make('words of praise')}")
    await patient.write(f"就是饭菜有点凉，{marks.make('words of a survey')}")
    await patient.write("TD")
    await patient.sees("不再给您发", _PATIENCE)
    await server.all_confirmed()


async def _by_text(bot: Serving, marks: Marks) -> None:
    """What a gateway brings: an answer, an envelope, a stranger, and what is none of it."""
    number, stranger = str(marks.made["mobile of by text"]), "13977310284"
    marks.note("mobile of a stranger", stranger)
    await until(lambda: any((bot.data / "sms").rglob("*.txt")))
    bodies = [
        {"from": number, "text": "3"},
        {"from": f"+86 {number}", "text": f"病房太吵了，{marks.make('text')}"},
        {"from": stranger, "text": f"骨科李医生收了我两千块红包，{marks.make('text of a stranger')}"},
        {"from": "12", "text": marks.make("text from nowhere")},
        {"status": "failed"},
    ]
    headers = {"Authorization": f"Bearer {TOKENS['LIANXIN_SMS_TOKEN']}"}
    async with aiohttp.ClientSession(headers=headers) as client:
        for body in bodies:
            body["id"] = marks.latin(f"event-{len(marks.made)}")
            async with client.post(f"{bot.url}/api/sms/inbound", json=body) as answer:
                await answer.read()
        async with client.get(f"{bot.url}/f?code={marks.latin('query-of-link')}") as answer:
            await answer.read()


async def _nurse(bot: Serving, marks: Marks, join: str) -> None:
    """Takes the tasks, reads who it is, calls, and notes what was agreed; asks for figures."""
    async with visitor(bot, marks, "nurse") as nurse:
        await nurse.says(join)
        await nurse.says("回访")
        await nurse.presses("【急】")
        assert str(marks.made["mobile of page"]) in nurse.text
        assert str(marks.made["illness"]) in nurse.text
        await nurse.presses("我来处理")
        await nurse.presses("已联系")
        await nurse.says(marks.make("note of a task"))
        assert "已办结" in nurse.text
        await nurse.says("/满意度 骨科 本月")


def _row(marks: Marks, who: str, *, agrees: bool) -> tuple[object, ...]:
    """A stay of four days ago with a name and an illness that nobody asked for."""
    number = f"ZQ{len(marks.made):03d}STAY77"
    mobile = f"1393{5_217_446 + 1_313 * len(marks.made)}"
    marks.note(f"number of {who}", number)
    marks.note(f"mobile of {who}", mobile)
    consent = "是" if agrees else "否"
    row = row_with(number=number, day=f"{_STAYED_UNTIL:%Y-%m-%d}", mobile=mobile, consent=consent)
    return (*row, marks.make(f"name of {who}"), marks.make(f"illness of {who}"))


async def _ticket(bot: Serving, marks: Marks, who: str) -> str:
    """The digits on the sheet of a patient."""

    def make(session: Session) -> str:
        hashed = number_hash(vault, str(marks.made[f"number of {who}"]))
        (one,) = session.exec(select(Discharge.id).where(Discharge.number_hash == hashed)).all()
        return new_ticket(session, one or 0, until=datetime.now(UTC) + timedelta(days=30), vault=vault)

    folder = await asyncio.to_thread(open_folder, bot.data, KeysInside())
    try:
        vault = folder.vault
        code = await asyncio.to_thread(folder.database.run_now, make)
    finally:
        folder.close()
    marks.note(f"ticket of {who}", code)
    marks.note(f"ticket of {who}, spaced", " ".join(code[at : at + 4] for at in (0, 4, 8)))
    return code


def _run(*words: str, data: Path) -> None:
    line = [sys.executable, "-m", "bot", *words, "--data", str(data)]
    done = subprocess.run(
        line, env=clean_environment(), cwd=data.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
