"""Envelopes given up, full of marks: by name and anonymously, settled, and a record that tells of one."""

import aiohttp

from tests.e2e.marks import Marks, visitor
from tests.e2e.processes import Serving
from tests.e2e.web_person import WebPerson
from tests.storage import samples


async def hand_in_story(bot: Serving, marks: Marks, giver: str, officer: str) -> None:
    """`giver` and `officer` are what a member of staff and an officer of discipline send to join."""
    async with visitor(bot, marks, "giver") as person:
        await person.says(giver)
        for way in ("实名上交", "匿名上交"):
            await _gives(person, marks, way)
        marks.note_code("code of a hand-in", person.text)
        assert "等待接收" in await person.says(str(marks.made["code of a hand-in"]))
        marks.note("wrong code of a hand-in", "4071882590316677")
        await person.says("4071882590316677")
    async with visitor(bot, marks, "taker") as person:
        await person.says(officer)
        await person.says("上交办理")
        await person.presses("SJ-")
        assert str(marks.made["ward of 实名上交"]) in person.text
        for label in ("已收到", "办结", "已充入住院押金"):
            await person.presses(label)
        await person.says(marks.make("receipt number"))
        await person.presses("暂无凭证")
        await person.says(marks.make("note of a hand-in"))
        await person.presses("确认办结")
        assert "已办结" in person.text
        await _keeps_record(person, marks)


async def _gives(person: WebPerson, marks: Marks, way: str) -> None:
    await person.says("上交")
    await person.presses(way)
    await person.says(f"{marks.make(f'what of {way}')}现金2000元")
    await person.presses("今天")
    await person.says(marks.make(f"ward of {way}"))
    await person.says(marks.make(f"patient of {way}"))
    await person.says(marks.make(f"hand of {way}"))
    await _photo(person, marks, way)
    await person.presses("好了")
    await person.presses("确认上交")
    assert "登记好了" in person.text


async def _photo(person: WebPerson, marks: Marks, way: str) -> None:
    form = aiohttp.FormData()
    form.add_field("id", marks.latin(f"photo-{len(marks.made)}"))
    name = f"{marks.latin(f'photo-of-hand-in-{len(marks.made)}')}.jpg"
    form.add_field("file", samples.talkative_jpeg(), filename=name, content_type="image/jpeg")
    headers = {"Authorization": f"Bearer {person.session}"}
    async with person.client.post(f"{person.url}/api/chat/messages", data=form, headers=headers) as answer:
        assert answer.status == 200, way
    await person.looks()


async def _keeps_record(person: WebPerson, marks: Marks) -> None:
    name = str(marks.made["staff"])
    await person.says(f"医德档案 {name}")
    await person.presses("记拒收红包")
    await person.says(marks.make("note of a record"))
    await person.presses("确认记入")
    assert "已记入" in person.text
