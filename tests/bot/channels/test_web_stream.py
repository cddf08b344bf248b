"""Server-sent events: what is pushed arrives at once, is resumed, and ends when it should."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import ClientResponse

from bot.channels.web.errors import Refusal
from bot.channels.web.stream import Streams
from storage.messages import Reply
from tests.bot.channels.conftest import Served

SSE = {"Accept": "text/event-stream"}


async def next_event(response: ClientResponse) -> dict[str, Any]:
    """The next event's fields, comments left out; `data` is read as JSON."""
    fields: dict[str, Any] = {}
    async for raw in response.content:
        line = raw.decode().rstrip("\n")
        if not line and fields:
            return fields
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = json.loads(value) if name == "data" else value
    raise EOFError


async def opened(served: Served) -> tuple[str, str]:
    """A session that was welcomed (as message 1), and its chat."""
    session = await served.session()
    await served.post(session, json={"id": "1", "choice": "start"})
    return session, served.desk.inbounds[-1].chat


async def test_a_push_arrives_without_asking_again(served: Served) -> None:
    session, chat = await opened(served)
    stream = await served.get("/api/chat/messages?after=1", session, **SSE)
    assert stream.headers["Content-Type"].startswith("text/event-stream")
    assert stream.headers["Cache-Control"] == "no-store"
    sent = await served.desk.push(served.channel, chat, Reply("第一行\n第二行"))
    event = await next_event(stream)
    assert event["id"] == str(sent.id)
    assert event["data"]["text"] == "第一行\n第二行"
    stream.close()


async def test_a_stream_resumes_from_the_last_event(served: Served) -> None:
    session, chat = await opened(served)
    for number in range(3):
        await served.desk.push(served.channel, chat, Reply(str(number)))
    stream = await served.get("/api/chat/messages?after=0", session, **SSE, **{"Last-Event-ID": "3"})
    assert (await next_event(stream))["data"]["text"] == "2"
    stream.close()


async def test_a_stream_gives_everything_where_the_reader_gives_a_few_at_a_time(served: Served) -> None:
    session, chat = await opened(served)
    for number in range(7):
        served.desk.keep(chat, Reply(str(number)))

    async def two(chat: str, after: int) -> Any:
        return (await served.desk.read_after(chat, after))[:2]

    served.channel.read_after = two
    served.channel.heartbeat = 60
    stream = await served.get("/api/chat/messages?after=1", session, **SSE)
    assert [(await next_event(stream))["data"]["text"] for _ in range(7)] == list("0123456")
    stream.close()


async def test_a_heartbeat_finds_what_another_process_sent(served: Served) -> None:
    session, chat = await opened(served)
    stream = await served.get("/api/chat/messages?after=1", session, **SSE)
    served.desk.keep(chat, Reply("隔壁发的"))
    assert (await next_event(stream))["data"]["text"] == "隔壁发的"
    stream.close()


async def test_a_push_wakes_nobody_else(served: Served) -> None:
    session, chat = await opened(served)
    _, other = await opened(served)
    stream = await served.get("/api/chat/messages?after=99", session, **SSE)
    await served.desk.push(served.channel, other, Reply("别人的"))
    last = served.desk.keep(chat, Reply("自己的"))
    while last.id < 100:
        last = served.desk.keep(chat, Reply("自己的"))
    assert (await next_event(stream))["data"]["text"] == "自己的"
    stream.close()


async def test_streams_end_when_the_channel_stops(served: Served) -> None:
    session, _ = await opened(served)
    stream = await served.get("/api/chat/messages?after=1", session, **SSE)
    await served.channel.stop()
    with pytest.raises(EOFError):
        await next_event(stream)


async def test_a_failing_read_ends_the_stream_quietly(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    session, _ = await opened(served)

    async def broken(chat: str, after: int) -> Any:
        raise RuntimeError(f"secret {chat}")

    served.channel.read_after = broken
    stream = await served.get("/api/chat/messages?after=1", session, **SSE)
    with pytest.raises(EOFError):
        await next_event(stream)
    assert "stream ended: RuntimeError" in caplog.text
    assert "secret" not in caplog.text


async def test_a_fifth_page_of_one_session_is_asked_to_wait(served: Served) -> None:
    session, _ = await opened(served)
    streams = [await served.get("/api/chat/messages?after=1", session, **SSE) for _ in range(4)]
    refused = await served.get("/api/chat/messages?after=1", session, **SSE)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "30")
    for stream in streams:
        stream.close()


def test_a_page_that_is_gone_does_not_count() -> None:
    streams = Streams(per_chat=1)
    with (
        streams.opened("a", alive=lambda: False),
        streams.opened("a", alive=lambda: True),
        pytest.raises(Refusal),
        streams.opened("a", alive=lambda: True),
    ):
        pass
    with streams.opened("a", alive=lambda: True):
        pass


def test_there_is_an_end_to_streams_overall() -> None:
    streams = Streams(overall=2)
    with streams.opened("a", alive=lambda: True), streams.opened("b", alive=lambda: True):
        with pytest.raises(Refusal) as refused, streams.opened("c", alive=lambda: True):
            pass
        assert refused.value.code == "crowded"


def test_waking_sets_the_events_of_that_chat_only() -> None:
    streams = Streams()
    with streams.opened("a", alive=lambda: True) as a, streams.opened("b", alive=lambda: True) as b:
        streams.wake("a")
        assert (a.is_set(), b.is_set()) == (True, False)
    assert isinstance(a, asyncio.Event)
