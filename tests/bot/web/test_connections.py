"""Slow and many connections, on a clock that the test turns."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.web.app import make_app
from bot.web.connections import (
    FAIR_SECONDS,
    GRACE_SECONDS,
    HEAD_SECONDS,
    LEAST_BYTES_PER_SECOND,
    STALLED_SECONDS,
)
from bot.web.door import Door, room
from bot.web.guards import bare_answer
from tests.bot.web.fake import FakeDesk, fake_channel
from tests.bot.web.site import Site, site

GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"


class Timer:
    """Seconds, as the test says."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Line:
    """One connection to the site."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def says(self, data: bytes, door: Door, until: Callable[[], bool]) -> None:
        self._writer.write(data)
        await arrives(until)

    async def asks(self) -> bytes:
        self._writer.write(GET)
        return await self._reader.readuntil(b'"ok"}')

    async def ended(self) -> bool:
        try:
            async with asyncio.timeout(5):
                while await self._reader.read(65536):
                    pass
        except ConnectionError:
            pass
        return True

    def hang_up(self) -> None:
        self._writer.close()


async def arrives(until: Callable[[], bool]) -> None:
    """Lets the loop turn until what was sent is there."""
    async with asyncio.timeout(5):
        while not until():  # noqa: ASYNC110 - the loop itself is what is waited for
            await asyncio.sleep(0)


class Front:
    """A site with a door whose clock stands."""

    def __init__(self, served: Site, door: Door, timer: Timer) -> None:
        self.served, self.door, self.timer = served, door, timer
        self._lines: list[Line] = []

    async def line(self) -> Line:
        before = set(self.door.inside)
        line = Line(*await asyncio.open_connection("127.0.0.1", self.served.port))
        self._lines.append(line)
        await arrives(lambda: set(self.door.inside) != before)
        return line

    @property
    def received(self) -> int:
        return sum(one.received for one in self.door.inside)

    def after(self, seconds: float) -> int:
        """Connections cut, so much later."""
        self.timer.now += seconds
        return self.door.sweep(self.timer.now)

    def hang_up(self) -> None:
        for line in self._lines:
            line.hang_up()


@asynccontextmanager
async def opened(most: int = 50) -> AsyncIterator[Front]:
    timer = Timer()
    door = Door(bare_answer, most=most, timer=timer)
    async with site(door=door) as served:
        front = Front(served, door, timer)
        yield front
        front.hang_up()


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    async with opened() as running:
        yield running


async def test_a_connection_that_says_nothing_is_cut(front: Front) -> None:
    line = await front.line()
    assert front.after(HEAD_SECONDS) == 0
    assert front.after(1) == 1
    assert await line.ended()


async def test_a_head_that_drips_is_cut_however_it_drips(front: Front) -> None:
    line = await front.line()
    for number, sign in enumerate(b"GET / HTT", 1):
        await line.says(bytes([sign]), front.door, lambda number=number: front.received == number)  # type: ignore[misc]
        if front.after(HEAD_SECONDS / 8):
            break
    else:
        pytest.fail("the head went on and on")
    assert await line.ended()


async def test_a_connection_may_rest_between_requests(front: Front) -> None:
    line = await front.line()
    assert b"200 OK" in await line.asks()
    assert front.after(60) == 0
    assert b"200 OK" in await line.asks()
    await line.says(b"G", front.door, lambda: front.received == 2 * len(GET) + 1)
    assert front.after(HEAD_SECONDS + 1) == 1


async def uploading(front: Front, body: bytes) -> Line:
    token = front.served.channel.sessions.issue(now=front.served.channel.now())
    head = (
        "POST /api/chat/messages HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: 9000000\r\n\r\n--b\r\n"
        'Content-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    ).encode()
    before = front.received
    line = await front.line()
    await line.says(head + body, front.door, lambda: front.received == before + len(head + body))
    await arrives(lambda: all(one.handling for one in front.door.inside))
    return line


async def test_a_body_that_drips_is_cut(front: Front) -> None:
    line = await uploading(front, b"x" * 100)
    assert front.after(GRACE_SECONDS) == 0
    assert front.after(10) == 1
    assert await line.ended()
    assert front.served.desk.inbounds == []


async def test_a_body_on_a_bad_line_has_time(front: Front) -> None:
    size = int(60 * LEAST_BYTES_PER_SECOND)
    await uploading(front, b"x" * size)
    assert front.after(GRACE_SECONDS + 59) == 0


async def test_a_stream_that_waits_is_left_alone(front: Front) -> None:
    token = front.served.channel.sessions.issue(now=front.served.channel.now())
    request = (
        f"GET /api/chat/messages HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
        "Accept: text/event-stream\r\n\r\n"
    ).encode()
    line = await front.line()
    await line.says(request, front.door, lambda: any(one.handling for one in front.door.inside))
    assert front.after(3000) == 0


async def test_who_takes_nothing_of_the_answer_is_cut(front: Front) -> None:
    await front.line()
    (connection,) = front.door.inside
    connection.begin(connection.body or asyncio.StreamReader())  # type: ignore[arg-type]
    connection.body = None
    assert connection.transport is not None
    connection.transport.write(b"x" * 50_000_000)
    assert front.after(1) == 0
    unsent = connection.transport.get_write_buffer_size()
    assert unsent > 0
    connection.unsent = unsent
    assert front.after(STALLED_SECONDS + 1) == 1


async def test_where_all_places_are_taken_the_longest_waiting_goes() -> None:
    async with opened(most=3) as front:
        first = await front.line()
        for _ in range(2):
            front.timer.now += 1
            await front.line()
        front.timer.now += 1
        assert b"200 OK" in await (await front.line()).asks()
        assert len(front.door.inside) == 3
        assert await first.ended()


async def test_who_is_being_served_keeps_the_place() -> None:
    async with opened(most=1) as front:
        await uploading(front, b"x")
        refused = Line(*await asyncio.open_connection("127.0.0.1", front.served.port))
        assert await refused.ended()
        refused.hang_up()
        assert [one.handling for one in front.door.inside] == [True]


async def test_places_are_given_back(front: Front) -> None:
    for _ in range(3):
        line = await front.line()
        line.hang_up()
    await arrives(lambda: not front.door.inside)


async def test_bodies_that_drip_on_every_place_keep_nobody_out() -> None:
    async with opened(most=2) as front:
        quick, slow = await uploading(front, b"x" * 9000), await uploading(front, b"x" * 1000)
        front.timer.now += FAIR_SECONDS + 1
        assert b"200 OK" in await (await front.line()).asks()
        assert await slow.ended()
        assert len(front.door.inside) == 2
        quick.hang_up()
        await arrives(lambda: len(front.door.inside) == 1)


async def nothing_wrong() -> list[str]:
    return []


def test_streams_leave_room_at_the_port_for_those_who_write() -> None:
    channel = fake_channel(FakeDesk())
    make_app(channel, hospital_name="医院", health=nothing_wrong, metrics=lambda: b"")
    assert channel.streams.overall <= room() // 2
