"""What takes texts to people: files for their reader alone, and a gateway of which nothing is believed."""

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.channels.sms.file_provider import FileProvider
from bot.channels.sms.http_provider import HttpProvider
from storage.errors import DeliveryError
from tests.bot.channels.gateway import Gateway, gateway_running
from tests.stage import PlayedClock

NUMBER, TEXT, TOKEN = "13800138000", "您好，请问您满意吗？", "a-token-of-the-gateway"


@pytest.fixture
def clock() -> PlayedClock:
    """09:00 in Shanghai."""
    return PlayedClock()


@pytest.fixture
def files(tmp_path: Path, clock: PlayedClock) -> FileProvider:
    """Texts as files."""
    return FileProvider(tmp_path / "sms", clock=clock, timezone="Asia/Shanghai")


async def test_a_text_is_a_file_of_its_local_day_that_nobody_else_can_read(
    files: FileProvider, tmp_path: Path, clock: PlayedClock
) -> None:
    clock.advance(hours=15.5)  # half past midnight in Shanghai
    assert await files.send("7-ab", NUMBER, TEXT) is None
    (written,) = (tmp_path / "sms").rglob("*.txt")
    assert written.relative_to(tmp_path) == Path("sms/2026-11-24/7-ab.txt")
    assert written.read_text("utf-8") == f"{NUMBER}\n{TEXT}\n"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in written.parents[:2]} == {0o700}


async def test_the_same_text_again_is_one_file_also_on_the_next_day(
    files: FileProvider, tmp_path: Path, clock: PlayedClock
) -> None:
    await files.send("7-ab", NUMBER, TEXT)
    clock.advance(days=1)
    await files.send("7-ab", NUMBER, "etwas anderes")
    (written,) = (tmp_path / "sms").rglob("*.txt")
    assert TEXT in written.read_text("utf-8")


async def test_what_a_stop_left_unfinished_is_no_message_and_no_hindrance(
    files: FileProvider, tmp_path: Path
) -> None:
    day = tmp_path / "sms" / "2026-11-23"
    day.mkdir(parents=True)
    (day / ".7-ab.part").write_text("138")
    await files.send("7-ab", NUMBER, TEXT)
    assert [one.name for one in day.iterdir()] == ["7-ab.txt"]


@pytest.mark.parametrize("text_id", ["../../keys", "a/b", "", "x" * 81, "..", "*"])
async def test_nothing_is_written_anywhere_else(files: FileProvider, tmp_path: Path, text_id: str) -> None:
    with pytest.raises(DeliveryError):
        await files.send(text_id, NUMBER, TEXT)
    assert not await asyncio.to_thread(lambda: list(tmp_path.rglob("*")))


async def test_a_link_laid_in_the_way_is_not_followed(files: FileProvider, tmp_path: Path) -> None:
    day = tmp_path / "sms" / "2026-11-23"
    day.mkdir(parents=True)
    (tmp_path / "victim").write_text("untouched")
    (day / ".7-ab.part").symlink_to(tmp_path / "victim")
    await files.send("7-ab", NUMBER, TEXT)
    assert (tmp_path / "victim").read_text() == "untouched"


async def test_files_are_gone_after_a_week_and_nothing_else_is(
    files: FileProvider, tmp_path: Path, clock: PlayedClock
) -> None:
    await files.forget_old()
    await files.send("1-a", NUMBER, TEXT)
    (tmp_path / "sms" / "notes").mkdir()
    clock.advance(days=7)
    await files.send("2-b", NUMBER, TEXT)
    await files.forget_old()
    assert len(list((tmp_path / "sms").rglob("*.txt"))) == 2
    clock.advance(days=1)
    await files.forget_old()
    assert sorted(one.name for one in (tmp_path / "sms").iterdir()) == ["2026-11-30", "notes"]


async def test_a_disk_that_takes_nothing_holds_the_channel_and_gives_up_no_number(
    files: FileProvider, tmp_path: Path
) -> None:
    (tmp_path / "sms").write_text("a file in its place")
    with pytest.raises(DeliveryError) as caught:
        await files.send("7-ab", NUMBER, TEXT)
    assert (caught.value.permanent, caught.value.whole) == (False, True)
    assert NUMBER not in str(caught.value)


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    """A gateway on the loopback."""
    async with gateway_running() as gateway:
        yield gateway


@pytest.fixture
async def provider(gateway: Gateway) -> AsyncIterator[HttpProvider]:
    """Our side of it."""
    provider = HttpProvider(gateway.url, TOKEN, timeout=aiohttp.ClientTimeout(total=0.5))
    await provider.start()
    yield provider
    await provider.stop()


async def refused(provider: HttpProvider) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await provider.send("7-ab", NUMBER, TEXT)
    assert NUMBER not in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert "满意" not in str(caught.value)
    return caught.value


async def test_a_text_goes_as_documented(gateway: Gateway, provider: HttpProvider) -> None:
    assert await provider.send("7-ab", NUMBER, TEXT) == "ref-1"
    assert gateway.taken == [{"id": "7-ab", "to": NUMBER, "text": TEXT}]
    assert gateway.headers[0]["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    "body", ["", "OK", "[]", '{"reference": 7}', "{", "[" * 9000, "null", '{"reference": null}']
)
async def test_a_taken_text_is_taken_whatever_the_answer_says(
    gateway: Gateway, provider: HttpProvider, body: str
) -> None:
    gateway.says(200, body)
    assert await provider.send("7-ab", NUMBER, TEXT) is None


async def test_what_was_taken_before_is_sent(gateway: Gateway, provider: HttpProvider) -> None:
    gateway.says(409)
    assert await provider.send("7-ab", NUMBER, TEXT) is None


@pytest.mark.parametrize("status", [400, 404, 422])
async def test_a_number_that_takes_nothing_is_given_up(
    gateway: Gateway, provider: HttpProvider, status: int
) -> None:
    await provider.send("6-aa", NUMBER, TEXT)
    gateway.says(status)
    assert (await refused(provider)).permanent


@pytest.mark.parametrize("status", [301, 302, 307, 401, 403, 404, 405])
async def test_a_mistake_in_the_settings_gives_up_nobody_and_tries_again_later(
    gateway: Gateway, provider: HttpProvider, status: int
) -> None:
    gateway.says(status, Location=f"{gateway.url}/elsewhere")
    error = await refused(provider)
    assert (error.permanent, error.whole) == (False, True)
    assert len(gateway.taken) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("0", 1), ("999999999999999999", 3600), ("", 10), ("soon", 10), ("-5", 10),
     ("Mon, 01 Jan 2001 00:00:00 GMT", 1), ("Fri, 31 Dec 9999 23:59:59 GMT", 3600)],
)  # fmt: skip
@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_gateway_holds_the_whole_channel_for_as_long_as_it_says(
    gateway: Gateway, provider: HttpProvider, status: int, header: str, seconds: float
) -> None:
    gateway.says(status, **({"Retry-After": header} if header else {}))
    error = await refused(provider)
    assert (error.permanent, error.whole, error.retry_after) == (False, True, seconds)


@pytest.mark.parametrize("status", [402, 408, 413, 418, 500, 502])
async def test_anything_else_is_tried_again(gateway: Gateway, provider: HttpProvider, status: int) -> None:
    gateway.says(status)
    error = await refused(provider)
    assert (error.permanent, error.retry_after) == (False, None)


async def test_a_gateway_that_does_not_answer_is_tried_again(
    gateway: Gateway, provider: HttpProvider
) -> None:
    gone = asyncio.Event()

    async def silent(request: web.Request) -> web.StreamResponse:
        await gone.wait()
        return web.Response()

    gateway.answer = silent
    error = await refused(provider)
    assert (error.permanent, error.retry_after) == (False, None)
    gone.set()


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/send", "https://127.0.0.1:9/send"])
async def test_a_gateway_out_of_reach_holds_the_channel_and_uses_up_no_attempts(url: str) -> None:
    provider = HttpProvider(url, TOKEN)
    error = await refused(provider)
    assert (error.permanent, error.whole) == (False, True)
    await provider.stop()


async def test_a_certificate_nobody_vouches_for_is_refused(gateway: Gateway) -> None:
    provider = HttpProvider(gateway.url.replace("http://", "https://"), TOKEN)
    assert (await refused(provider)).whole
    assert gateway.taken == []
    await provider.stop()
