"""The contract of the web chat: sessions, messages, what comes later, files."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession

from bot.channels.base import Outgoing
from bot.channels.web import Rates
from storage.messages import Choice, Reply, StoredFile
from tests.bot.channels.conftest import Served, form, serve
from tests.bot.web.fake import FakeDesk, fake_channel


async def test_start_brings_the_welcome_with_flat_choices(served: Served) -> None:
    status, body = await served.post(await served.session(), json={"id": "1", "choice": "start"})
    assert status == 200
    assert body["keep"] is False
    welcome = body["replies"][0]
    assert isinstance(welcome["id"], str)
    assert welcome["choices"][0] == {"label": "我要反映问题", "value": "report", "row": 0}
    assert [choice["row"] for choice in welcome["choices"]] == [0, 1, 1, 2]


async def test_a_message_reaches_the_desk_as_plain_values(served: Served) -> None:
    session = await served.session()
    await served.post(session, json={"id": "a-1", "text": "医生收了我两千块"})
    await served.post(session, json={"id": "a-2", "choice": "skip", "pressed": "7"})
    first, second = served.desk.inbounds
    assert first.channel == "web"
    assert first.sender == first.chat == second.sender
    assert first.event_id == f"{first.sender}:a-1"
    assert (first.text, first.choice) == ("医生收了我两千块", None)
    assert (second.text, second.choice, second.pressed) == ("", "skip", "7")
    assert session not in repr(first)


async def test_the_same_id_twice_gives_the_same_answer_and_is_done_once(served: Served) -> None:
    session = await served.session()
    message = {"id": "same", "text": "收红包"}
    answers = [await served.post(session, json=message) for _ in range(10)]
    assert all(answer == answers[0] for answer in answers)
    assert len(served.desk.inbounds) == 1


async def test_the_same_id_of_two_people_are_two_messages(served: Served) -> None:
    for _ in range(2):
        await served.post(await served.session(), json={"id": "1", "text": "你好"})
    assert len({inbound.event_id for inbound in served.desk.inbounds}) == 2


async def test_files_come_with_their_text_in_one_message(served: Served) -> None:
    data = form("f", ("转账.jpg", b"\xff\xd8\xff" + b"x" * 200_000), ("a", b"y"), text="这是证据")
    status, body = await served.post(await served.session(), data=data)
    assert status == 200
    assert body["replies"][0]["text"].startswith("文件收到了")
    uploads = served.desk.uploads[0]
    assert [(upload.name, len(upload.content)) for upload in uploads] == [("转账.jpg", 200_003), ("a", 1)]
    assert served.desk.inbounds[0].text == "这是证据"


async def test_an_empty_file_is_handed_on_to_be_answered(served: Served) -> None:
    status, _ = await served.post(await served.session(), data=form("f", ("leer.txt", b"")))
    assert status == 200
    assert served.desk.uploads[0][0].content == b""


async def test_a_form_may_carry_words_alone(served: Served) -> None:
    assert (await served.post(await served.session(), data=form("f", text="只有字")))[0] == 200


async def test_what_is_pushed_later_is_read_after_an_id(served: Served) -> None:
    session = await served.session()
    _, body = await served.post(session, json={"id": "1", "choice": "start"})
    chat = served.desk.inbounds[0].chat
    pushed = await served.desk.push(served.channel, chat, Reply("您的反映已受理。"))
    response = await served.get(f"/api/chat/messages?after={body['replies'][-1]['id']}", session)
    messages = (await response.json())["messages"]
    assert [(m["id"], m["text"]) for m in messages] == [(str(pushed.id), "您的反映已受理。")]


async def test_a_reply_can_take_the_place_of_an_earlier_one(served: Served) -> None:
    session = await served.session()
    await served.post(session, json={"id": "1", "choice": "start"})
    chat = served.desk.inbounds[0].chat
    await served.desk.push(served.channel, chat, Reply("已受理", edits="3", card="LX-1"))
    message = (await (await served.get("/api/chat/messages?after=1", session)).json())["messages"][0]
    assert (message["replaces"], message["card"]) == ("3", True)
    assert "LX-1" not in repr(message)


async def test_an_officer_is_asked_to_be_kept(served: Served) -> None:
    _, body = await served.post(await served.session(), json={"id": "1", "text": "/join 1234"})
    assert body["keep"] is True
    file = body["replies"][1]["files"][0]
    assert file["uid"] == "pic1"
    assert file["warning"] is True


async def test_sending_returns_the_id_as_reference(served: Served) -> None:
    outgoing = Outgoing(id=12, chat="nobody", reply=Reply("x", ((Choice("a", "b"),),)))
    assert await served.channel.send(outgoing) == "12"


async def test_a_session_is_renewed_for_its_own_sender_only(served: Served) -> None:
    session = await served.session()
    url = f"{served.url}/api/chat/sessions"
    async with served.client.post(url, headers={"Authorization": f"Bearer {session}"}) as response:
        renewed = (await response.json())["session"]
    now = datetime.now(UTC)
    assert served.channel.sessions.sender(renewed, now=now) == served.channel.sessions.sender(
        session, now=now
    )
    async with served.client.post(url, headers={"Authorization": "Bearer nonsense"}) as response:
        assert response.status == 401


async def test_a_file_is_handed_out_as_an_attachment_that_runs_nothing(served: Served) -> None:
    response = await served.get("/api/chat/files/pic1", await served.session())
    assert response.status == 200
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E7%85%A7")
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "application/pdf", "video/mp4"])
async def test_other_types_are_not_named_to_the_browser(served: Served, media_type: str) -> None:
    served.desk.files["u"] = StoredFile("u", 'a"\r\nX: y', media_type, 1)
    response = await served.get("/api/chat/files/u", await served.session())
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert "X" not in response.headers


async def test_a_file_of_others_reads_like_one_that_is_not_there(served: Served) -> None:
    response = await served.get("/api/chat/files/other", await served.session())
    assert response.status == 404
    assert (await response.json())["error"]["code"] == "not_found"


async def test_an_expired_session_is_told_so() -> None:
    desk = FakeDesk()
    clock = [datetime(2026, 1, 1, tzinfo=UTC)]
    async for served in serve(desk, fake_channel(desk, now=lambda: clock[0])):
        session = await served.session()
        clock[0] += timedelta(days=31)
        status, body = await served.post(session, json={"id": "1", "text": "x"})
        assert (status, body["error"]["code"]) == (401, "bad_session")


async def test_too_many_messages_are_asked_to_wait() -> None:
    desk = FakeDesk()
    channel = fake_channel(desk, rates=Rates(messages=2, sessions=1), timer=lambda: 5.0)
    async for served in serve(desk, channel):
        session = await served.session()
        for number in range(2):
            assert (await served.post(session, json={"id": str(number), "text": "x"}))[0] == 200
        url = f"{served.url}/api/chat/messages"
        headers = {"Authorization": f"Bearer {session}"}
        async with served.client.post(url, headers=headers, json={"id": "3", "text": "x"}) as response:
            assert (response.status, response.headers["Retry-After"]) == (429, "60")
        async with served.client.post(f"{served.url}/api/chat/sessions") as response:
            assert (response.status, response.headers["Retry-After"]) == (429, "30")
            asked = await response.json()
            assert asked["error"]["code"] == "work"
            assert asked["work"]["bits"] == 16


async def test_stopping_waits_for_what_is_in_hand_and_takes_nothing_new(served: Served) -> None:
    session = await served.session()
    served.desk.delay = asyncio.Event()
    posting = asyncio.create_task(served.post(session, json={"id": "1", "text": "在路上"}))
    await served.desk.entered.wait()
    stopping = asyncio.create_task(served.channel.stop())
    await asyncio.sleep(0)
    async with served.client.post(f"{served.url}/api/chat/sessions") as response:
        assert (response.status, response.headers["Retry-After"]) == (503, "20")
    assert not stopping.done()
    served.desk.delay.set()
    assert (await posting)[0] == 200
    await stopping
    assert (await served.post(session, json={"id": "2", "text": "x"}))[0] == 503


async def test_a_sender_who_hangs_up_is_still_heard(served: Served) -> None:
    session = await served.session()
    served.desk.delay = asyncio.Event()
    headers = {"Authorization": f"Bearer {session}"}
    async with ClientSession() as other:
        url = f"{served.url}/api/chat/messages"
        posting = asyncio.create_task(other.post(url, headers=headers, json={"id": "1", "text": "快没电了"}))
        await served.desk.entered.wait()
        posting.cancel()
    served.desk.delay.set()
    await served.channel.stop()
    assert [inbound.text for inbound in served.desk.inbounds] == ["快没电了"]
