"""Whatever is sent to the real application over HTTP: a kind answer, nothing lost, nothing twice."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from storage.invites import INVITE_LASTS
from tests.e2e.place import Place, photo, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

TIP = "医生收了我两千块红包"
MEGABYTE = 2**20


@dataclass
class Answer:
    """What came back; `text` is everything a person would read."""

    status: int
    body: dict[str, Any]

    @property
    def text(self) -> str:
        error = str(self.body.get("error", {}).get("message", ""))
        return error + "\n".join(reply["text"] for reply in self.body.get("replies", ()))

    @property
    def values(self) -> dict[str, str]:
        """What the buttons send, by label."""
        return {c["label"]: c["value"] for reply in self.body["replies"] for c in reply["choices"]}


@dataclass
class Caller:
    """Somebody with a session and no page, who may send anything."""

    place: Place
    http: aiohttp.ClientSession
    session: str

    async def posts(self, **request: Any) -> Answer:
        """Sends a request as it is; every answer must be one that people can read."""
        headers = {"Authorization": f"Bearer {self.session}"} | request.pop("headers", {})
        url = self.place.url + "api/chat/messages"
        async with self.http.post(url, headers=headers, **request) as response:
            raw = await response.text()
            answer = Answer(response.status, json.loads(raw))
        assert answer.status < 500
        assert "Traceback" not in raw
        assert any("一" <= sign <= "鿿" for sign in answer.text)
        return answer

    async def says(self, text: str, **fields: str) -> Answer:
        return await self.posts(json={"id": secrets.token_hex(8), "text": text} | fields)

    async def presses(self, choice: str, **fields: str) -> Answer:
        return await self.posts(json={"id": secrets.token_hex(8), "choice": choice} | fields)

    async def sends(self, name: str, content: bytes, text: str = "") -> Answer:
        form = aiohttp.FormData()
        form.add_field("id", secrets.token_hex(8))
        if text:
            form.add_field("text", text)
        form.add_field("file", BytesIO(content), filename=name, content_type="application/octet-stream")
        return await self.posts(data=form)


Comes = Callable[[], Awaitable[Caller]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    folder: Path = tmp_path_factory.mktemp("bad-input") / "var"
    async with running(folder) as place:
        yield place


@pytest_asyncio.fixture(loop_scope="session")
async def comes(place: Place) -> AsyncIterator[Comes]:
    async with aiohttp.ClientSession() as http:

        async def come() -> Caller:
            async with http.post(place.url + "api/chat/sessions") as response:
                return Caller(place, http, (await response.json())["session"])

        yield come


@pytest_asyncio.fixture(loop_scope="session")
async def caller(comes: Comes) -> Caller:
    return await comes()


def receipt_in(answer: Answer) -> str:
    """The code as it stands on a line of its own."""
    lines = [line.replace(" ", "") for line in answer.text.splitlines()]
    codes = [line for line in lines if len(line) == 16 and line.isdigit()]
    assert len(codes) == 1
    return codes[0]


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t\r\n", "\x00\x01\x1b", "\u200b\u200b", "？？？", "😀👍", "，。！"]
)
async def test_words_without_content_open_no_case(caller: Caller, text: str) -> None:
    before = await caller.place.cases()
    assert (await caller.says(text)).status == 200
    assert await caller.place.cases() == before


@pytest.mark.parametrize(
    "text",
    [
        TIP * 10_000,
        "长" * 99_990 + TIP,
        f"\x00{TIP}\x07",
        TIP.replace("红", "\x00红\u200b"),
        f"{TIP}\ud83d",
        f"\udc00{TIP}",
        f"{TIP}<script>alert(1)</script>' OR 1=1;--",
        f"{{number}} %s {TIP}",
        f"\u202e{TIP}",
    ],
    ids=lambda text: ascii(text[:12]),
)
async def test_a_report_in_strange_clothes_is_kept_once(caller: Caller, text: str) -> None:
    before = await caller.place.cases()
    answer = await caller.posts(
        data=json.dumps({"id": "1", "text": text[:100_000]}), headers={"Content-Type": "application/json"}
    )
    assert answer.status == 200
    code = receipt_in(answer)
    assert await caller.place.cases() == before + 1
    assert "编号" in (await caller.says(code)).text


async def test_a_text_that_is_too_long_is_refused_before_it_is_kept(caller: Caller) -> None:
    before = await caller.place.cases()
    answer = await caller.says("长" * 100_001)
    assert (answer.status, answer.body["error"]["code"]) == (413, "text_too_long")
    assert await caller.place.cases() == before


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"id":"1"}', b'{"id":1,"text":"x"}', b"[" * 100_000]
)
async def test_a_malformed_body_is_answered_in_words(caller: Caller, body: bytes) -> None:
    before = await caller.place.cases()
    answer = await caller.posts(data=body, headers={"Content-Type": "application/json"})
    assert answer.status == 400
    assert await caller.place.cases() == before


@pytest.mark.parametrize(
    "choice",
    ["", "nothing", "do:accept:1:1", "open:1", "open:", "open:99999999999999999999", "form:send:abcdef",
     "form:pick:x:999", "list:mine:-1", "list:nowhere:0", "text:1:x", "faq:99", "faq:²", "score:9", "mine:1",
     "push.on:1", "withdraw.yes:1", "restore:½", "skip:x", "report.this", "duty:off", "\x00", "按钮", "::"],
)  # fmt: skip
async def test_an_unknown_button_changes_nothing(caller: Caller, choice: str) -> None:
    before = await caller.place.cases()
    assert (await caller.presses(choice)).status == 200
    assert (await caller.presses(choice, pressed="99999999999999999999")).status == 200
    assert await caller.place.cases() == before


async def test_an_officer_presses_what_does_not_exist(caller: Caller) -> None:
    await caller.says(f"/join {await caller.place.invite(name='李敏')}")
    for choice in (
        "do:fly:1:1",
        "do:accept:x:y",
        "do:accept",
        "open:½",
        "text:1",
        "form:pick",
        "list",
        "duty",
    ):
        assert (await caller.presses(choice)).status == 200


async def test_an_old_card_does_nothing_twice(comes: Comes) -> None:
    officer, patient = await comes(), await comes()
    await officer.says(f"/join {await officer.place.invite(name='李敏')}")
    code = receipt_in(await patient.says(TIP))
    number = (await patient.says(code)).text.split("编号 ")[1][:10]
    opened = await officer.says(number)
    accept, refuse = opened.values["受理"], opened.values["不予受理"]
    assert "已受理，反映人会知道" in (await officer.presses(accept)).text
    assert "没有重复办理" in (await officer.presses(accept)).text
    assert "不予受理" not in (await officer.presses(refuse)).values
    assert (await patient.says(code)).text.count("已经受理，有专人负责。谢谢") == 1


async def test_a_join_code_works_once_and_not_for_ever(comes: Comes) -> None:
    first, second, third, late = [await comes() for _ in range(4)]
    code = await first.place.invite(name="王芳")
    assert "您已加入" in (await first.says(f"/join {code}")).text
    assert "用不了" in (await second.says(f"/join {code}")).text
    assert "用不了" in (await third.says("/join ABCDE-99999")).text
    assert "/join ABCDE-23456" in (await third.says("/join")).text
    expired = await late.place.invite(name="陈静")
    late.place.clock.advance(seconds=(INVITE_LASTS + timedelta(seconds=1)).total_seconds())
    assert "用不了" in (await (await comes()).says(f"/join {expired}")).text


async def test_wrong_receipt_codes_tell_nothing_and_are_slowed_down(comes: Comes) -> None:
    patient, guesser = await comes(), await comes()
    code = receipt_in(await patient.says(TIP))
    await guesser.presses("progress")
    assert "16 位数字" in (await guesser.says("1234")).text
    for _ in range(20):
        answer = await guesser.says("0000 1111 2222 3333")
        assert TIP not in answer.text
    assert "15 分钟" in answer.text
    assert TIP not in (await guesser.says(code)).text
    assert TIP in (await (await comes()).says(code)).text


async def test_the_same_message_ten_times_at_once_is_one_case(caller: Caller) -> None:
    before = await caller.place.cases()
    answers = await asyncio.gather(*(caller.posts(json={"id": "same", "text": TIP}) for _ in range(10)))
    assert {answer.status for answer in answers} == {200}
    assert len({receipt_in(answer) for answer in answers}) == 1
    assert await caller.place.cases() == before + 1


async def test_an_empty_file_is_told_and_the_words_beside_it_are_kept(caller: Caller) -> None:
    cases, files = await caller.place.cases(), await caller.place.kept_files()
    assert "空的" in (await caller.sends("空.jpg", b"")).text
    assert await caller.place.cases() == cases
    answer = await caller.sends("空.jpg", b"", TIP)
    assert "空的" in answer.text
    assert receipt_in(answer)
    assert (await caller.place.cases(), await caller.place.kept_files()) == (cases + 1, files)


async def test_a_file_of_sixty_megabytes_is_refused_in_words(caller: Caller) -> None:
    cases, files = await caller.place.cases(), await caller.place.kept_files()
    answer = await caller.sends("film.mp4", b"\0" * (60 * MEGABYTE))
    assert (answer.status, answer.body["error"]["code"]) == (413, "too_large")
    assert (await caller.place.cases(), await caller.place.kept_files()) == (cases, files)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.jpg", b"MZ\x90\0" + b"\0" * 400),
        ("letter.pdf", b"<html><script>alert(1)</script></html>"),
        ("photo.jpg", photo()[:900]),
        ("a" * 300 + ".exe", b"\x7fELF" + b"\0" * 400),
    ],
    ids=["program", "page", "cut", "elf"],
)
async def test_a_file_that_is_not_what_it_says_is_refused_and_the_words_are_kept(
    caller: Caller, name: str, content: bytes
) -> None:
    files = await caller.place.kept_files()
    answer = await caller.sends(name, content, TIP)
    assert receipt_in(answer)
    assert "文件" in answer.text
    assert await caller.place.kept_files() == files


async def test_a_photo_with_another_name_is_kept_as_the_photo_it_is(comes: Comes) -> None:
    patient, officer = await comes(), await comes()
    await officer.says(f"/join {await officer.place.invite(name='李敏')}")
    files = await patient.place.kept_files()
    code = receipt_in(await patient.sends("../../etc/passwd.txt", photo(), TIP))
    assert await patient.place.kept_files() == files + 1
    number = (await patient.says(code)).text.split("编号 ")[1][:10]
    opened = await officer.says(number)
    shown = await officer.presses(opened.values["附件 1"])
    (file,) = shown.body["replies"][0]["files"]
    assert (file["name"], file["media_type"]) == ("照片.jpg", "image/jpeg")
