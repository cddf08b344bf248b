"""A patient with nothing but a telephone: asked, answers with digits, reports, wants no more."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlmodel import Session, col, select

import bot.channels.sms.channel as sms_channel
from storage.followup.importing import put_discharges
from storage.followup.opt_outs import OptOut
from storage.followup.rows import DischargeRow
from storage.followup.surveys import Stage, Survey, answers_of
from storage.letters import Letter, State
from tests.bot.channels.gateway import TOKEN, Gateway, gateway_running
from tests.e2e.place import Place, running
from tests.e2e.web_person import WebPerson

NUMBER = "13800138000"
TIP = "骨科王医生上周收了我两千块红包，不给就不安排手术"


@dataclass
class Phone:
    """A telephone whose texts the gateway brings, and the gateway."""

    place: Place
    gateway: Gateway
    client: aiohttp.ClientSession
    number: str = "+86 138 0013 8000"
    read: int = 0
    _events: Any = field(default_factory=lambda: itertools.count(1))

    async def says(self, text: str, *, replies: int = 1) -> list[str]:
        """Writes, and waits for so many answers."""
        assert await self.brings({"id": f"in-{next(self._events)}", "from": self.number, "text": text}) == 200
        return await self.reads(replies)

    async def reads(self, count: int = 1) -> list[str]:
        """The next texts."""
        found = (await self.gateway.texts(self.read + count))[self.read :]
        self.read += len(found)
        return found

    async def brings(self, body: Any, token: str = TOKEN) -> int:
        """What the gateway is answered when it brings this."""
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.place.url}api/sms/inbound"
        async with self.client.post(url, json=body, headers=headers) as answer:
            await answer.read()
            return answer.status

    async def is_discharged(self) -> None:
        """A stay ended today."""
        app, now = self.place.app, self.place.clock()
        row = DischargeRow(
            number="ZY1001", department="肿瘤科", discharged_at=now, contact_channel="sms", contact=NUMBER,
            consent=True,
        )  # fmt: skip
        await app.database.run(lambda session: put_discharges(session, [row], house=app.house, now=now))

    async def days_later(self, days: float) -> None:
        """Time passes, and whoever is due is asked."""
        self.place.clock.now += timedelta(days=days)
        await self.place.app.ticker.ask_patients()
        self.place.app.delivery.wake()

    async def surveys(self) -> list[Survey]:
        """All surveys, as they stand."""

        def look(session: Session) -> list[Survey]:
            found = list(session.exec(select(Survey).order_by(col(Survey.id))))
            session.expunge_all()
            return found

        return await self.place.app.database.run(look)


@pytest.fixture
async def phone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Phone]:
    """A running place with a gateway; only the wait between two texts to one number is left out."""
    monkeypatch.setattr(sms_channel, "_PER_NUMBER", 10_000)
    async with gateway_running() as gateway:
        monkeypatch.setenv("LIANXIN_SMS_URL", gateway.url)
        monkeypatch.setenv("LIANXIN_SMS_TOKEN", TOKEN)
        monkeypatch.setenv("LIANXIN_SMS_PER_SECOND", "1000")
        monkeypatch.setenv("LIANXIN_SMS_SIGNATURE", "示例医院")
        async with running(tmp_path / "data") as place, aiohttp.ClientSession() as client:
            yield Phone(place, gateway, client)


async def test_a_patient_is_asked_after_three_days_and_each_digit_is_the_line_it_stands_on(
    phone: Phone,
) -> None:
    await phone.is_discharged()
    await phone.days_later(3.2)
    [asked] = await phone.reads()
    assert asked.startswith("【示例医院】")
    assert asked.endswith("拒收请回复R")
    assert "5 " in asked
    assert "肿瘤" not in asked
    for typed in ("４", "3", "2。"):
        await phone.says(typed)
    [survey, later] = await phone.surveys()
    assert (survey.stage, survey.score, survey.reached) == (Stage.SENT, 4, True)
    assert later.stage is Stage.PLANNED
    assert answers_of(survey, vault=phone.place.app.house.vault) == {"overall": 4, "doctor": 3, "nurse": 2}


async def test_r_ends_it_at_once_and_for_good(phone: Phone) -> None:
    await phone.is_discharged()
    await phone.days_later(3.2)
    await phone.reads()
    await phone.says("R")
    [survey, later] = await phone.surveys()
    assert {survey.stage, later.stage} == {Stage.STOPPED}
    opted_out = await phone.place.app.database.run(lambda session: len(session.exec(select(OptOut)).all()))
    assert opted_out == 1
    sent = len(phone.gateway.taken)
    await phone.days_later(30)
    await phone.place.app.delivery.landed()
    assert len(phone.gateway.taken) == sent


async def test_a_text_that_never_arrived_is_told_and_the_patient_counts_as_out_of_reach(phone: Phone) -> None:
    await phone.is_discharged()
    await phone.days_later(3.2)
    await phone.reads()
    await phone.place.app.delivery.landed()
    text_id = phone.gateway.taken[0]["id"]
    assert await phone.brings({"id": text_id, "status": "delivered"}) == 200
    assert (await phone.surveys())[0].stage is Stage.SENT
    for other in ("1-0000000000000000", "999-" + text_id.partition("-")[2], "1", "x" * 100):
        assert await phone.brings({"id": other, "status": "failed"}) == 200
    assert (await phone.surveys())[0].stage is Stage.SENT
    assert await phone.brings({"id": text_id, "status": "FAILED"}) == 200
    assert (await phone.surveys())[0].stage is Stage.UNREACHABLE


async def test_a_report_can_be_made_by_text_and_the_same_event_counts_once(phone: Phone) -> None:
    body = {"id": "in-7", "from": NUMBER, "text": TIP}
    assert await phone.brings(body) == 200
    assert await phone.brings(body) == 200
    [first] = await phone.reads()
    assert "查询码" in first
    assert "【" not in first
    assert await phone.place.cases() == 1


async def test_news_of_a_report_comes_without_its_content_and_the_number_opens_it(phone: Phone) -> None:
    async with WebPerson.visiting(phone.place.url.rstrip("/")) as officer:
        await officer.says(f"/join {await phone.place.invite(name='王芳')}")
        await phone.says(TIP)
        await phone.says("1")  # 有答复就发到这里
        await officer.sees("红包礼金")
        await officer.presses("打开")
        await officer.presses("受理")
    phone.place.app.delivery.wake()
    [news] = await phone.reads()
    assert news.startswith("【示例医院】您反映的问题有新进展")
    assert "受理" not in news
    [opened] = await phone.says("1")
    assert "受理" in opened


async def test_nothing_of_number_and_words_is_left_once_it_was_sent(
    phone: Phone, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    await phone.says(TIP)
    await phone.place.app.delivery.landed()
    letters = await phone.place.app.database.run(
        lambda session: [(one.payload, one.address) for one in session.exec(select(Letter))]
    )
    assert set(letters) == {(None, None)}
    said = caplog.text + "".join(capfd.readouterr())
    assert NUMBER not in said
    assert "红包" not in said
    data = phone.place.app.folder.path
    found = [one for one in data.rglob("*") if one.is_file() and one.stat().st_size < 50_000_000]
    assert all(NUMBER.encode() not in one.read_bytes() for one in found)


async def test_staff_cannot_join_by_text_and_no_code_is_tried_out(phone: Phone) -> None:
    code = await phone.place.invite()
    assert (await phone.says(f"/join {code}")) == (await phone.says("/join nonsense"))
    assert "工作人员" in phone.gateway.taken[-1]["text"]


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", "ü"])
async def test_who_has_not_the_token_finds_nothing_there(phone: Phone, token: str) -> None:
    assert await phone.brings({"id": "1", "from": NUMBER, "text": TIP}, token.encode().hex() or " ") == 404
    assert await phone.brings({"id": "1-ab", "status": "failed"}, "") == 404
    assert await phone.place.cases() == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], 400), ("x", 400), ({}, 400), ({"id": "1"}, 400), ({"id": 1, "from": NUMBER, "text": "x"}, 400),
        ({"id": "", "from": NUMBER, "text": "x"}, 400), ({"id": "1\n", "from": NUMBER, "text": "x"}, 400),
        ({"id": "1", "from": "10086", "text": "x"}, 400), ({"id": "1", "from": NUMBER, "text": None}, 400),
        ({"id": "1", "from": [NUMBER], "text": "x"}, 400), ({"id": "x" * 129, "status": "failed"}, 400),
        ({"id": "1", "from": NUMBER, "text": "x" * 4001}, 413), ({"id": "1", "x": "x" * 20000}, 413),
    ],
)  # fmt: skip
async def test_what_is_not_as_documented_is_refused(phone: Phone, body: Any, status: int) -> None:
    assert await phone.brings(body) == status


async def test_a_flood_of_one_number_is_brought_again_later_and_danger_never(phone: Phone) -> None:
    for count in range(20):
        assert await phone.brings({"id": f"a{count}", "from": NUMBER, "text": "在吗"}) == 200
    assert await phone.brings({"id": "b", "from": NUMBER, "text": "在吗"}) == 429
    assert await phone.brings({"id": "c", "from": NUMBER, "text": "我不想活了，今晚就跳下去"}) == 200
    assert await phone.brings({"id": "d", "from": "13900139000", "text": "在吗"}) == 200


async def test_without_a_gateway_texts_are_files_that_go_after_a_week(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as place, aiohttp.ClientSession() as client:
        phone = Phone(place, Gateway(), client)
        await phone.is_discharged()
        await phone.days_later(3.2)
        folder = tmp_path / "data" / "sms" / "2026-11-26"
        waiting = select(Letter.id).where(col(Letter.state).in_((State.PENDING, State.CLAIMED)))
        async with asyncio.timeout(5):
            while await place.app.database.run(lambda session: session.exec(waiting).all()):
                await place.app.delivery.landed()
                await asyncio.sleep(0)
        [written] = await asyncio.to_thread(lambda: list(folder.glob("*.txt")))
        assert written.read_text("utf-8").startswith(f"{NUMBER}\n【")
        place.clock.now += timedelta(days=9)
        await place.app.ticker.tidy_up()
        assert not folder.exists()


async def test_without_a_token_there_is_no_such_address(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as place, aiohttp.ClientSession() as client:
        url = f"{place.url}api/sms/inbound"
        async with client.post(url, json={"id": "1", "from": NUMBER, "text": "x"}) as answer:
            assert answer.status == 404
