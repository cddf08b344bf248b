"""Updates of every shape: taken or passed over, never in the way of the next one, never in the log."""

import asyncio
import copy
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import count
from typing import Any
from unittest.mock import Mock

import pytest
from aiohttp import StreamReader
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from telegram.error import BadRequest

from bot.channels.base import Answer
from bot.channels.telegram.api import Api
from bot.channels.telegram.intake import BringAgain, Intake
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.webhook import SECRET_HEADER, Webhook, WebhookIntake
from storage.messages import Inbound, Upload
from tests.stage import Stage
from tests.strategies import ANYTHING, CHOICES, TEXTS, bounded

MARK = "记号翡翠琉璃"
ANA = {"id": 7001, "is_bot": False, "first_name": MARK, "language_code": "zh-hans", "username": "yihao"}
PRIVATE = {"id": 7001, "type": "private", "first_name": MARK}
GROUP = {"id": -100200, "type": "supergroup", "title": MARK}
BASE = {"message_id": 5, "date": 1_700_000_000, "chat": PRIVATE, "from": ANA}
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "file_size": 100}]
FILE = {"file_id": "f", "file_unique_id": "u", "duration": 3, "file_name": MARK, "file_size": 10}
IN_GROUP = BASE | {"chat": GROUP}
ADMIN = {"user": ANA, "status": "kicked", "until_date": 0}
SHAPES: tuple[dict[str, Any], ...] = (
    {"message": BASE | {"text": f"骨科王医生收了我两千块红包，{MARK}"}},
    {"message": BASE | {"text": "/start"}},
    {"message": BASE | {"photo": PHOTO, "caption": MARK, "media_group_id": "77"}},
    {"message": BASE | {"voice": FILE}},
    {"message": BASE | {"document": FILE, "caption": MARK}},
    {"message": BASE | {"video": FILE | {"width": 1, "height": 1}, "animation": FILE | {"width": 1,
    "height": 1}}},
    {"message": BASE | {"video_note": FILE | {"length": 9}}},
    {"message": BASE | {"audio": FILE}},
    {"message": BASE | {"contact": {"phone_number": "13812345678", "first_name": MARK}}},
    {"message": BASE | {"location": {"latitude": 1.5, "longitude": 2.5}}},
    {"message": BASE | {"location": {"latitude": 1.5, "longitude": 2.5},
                        "venue": {"location": {"latitude": 1, "longitude": 2}, "title": MARK,
                        "address": MARK}}},
    {"message": BASE | {"sticker": {"file_id": "f", "file_unique_id": "u", "type": "regular", "width": 1,
                                    "height": 1, "is_animated": False, "is_video": False}}},
    {"message": BASE | {"text": MARK, "reply_to_message": BASE | {"text": MARK, "reply_to_message": BASE}}},
    {"message": IN_GROUP | {"text": f"/bind@lianxin_bot {MARK}"}},
    {"message": IN_GROUP | {"text": MARK}},
    {"message": IN_GROUP | {"migrate_to_chat_id": -100300}},
    {"message": IN_GROUP | {"from": ANA | {"id": 1087968824}, "sender_chat": GROUP, "text": "/bind X"}},
    {"edited_message": BASE | {"edit_date": 1_700_000_001, "text": MARK}},
    {"edited_message": {"message": {"edited_message": BASE}}},
    {"callback_query": {"id": "9", "from": ANA, "chat_instance": "1", "data": "report",
                        "message": BASE | {"text": MARK}}},
    {"callback_query": {"id": "9", "from": ANA, "chat_instance": "1", "data": "report",
                        "message": {"chat": PRIVATE, "message_id": 5, "date": 0}}},
    {"callback_query": {"id": "9", "from": ANA, "chat_instance": "1", "data": "open:1",
                        "inline_message_id": "abc"}},
    {"my_chat_member": {"chat": PRIVATE, "from": ANA, "date": 0, "old_chat_member": ADMIN,
                        "new_chat_member": ADMIN}},
    {"channel_post": {"message_id": 5, "date": 0, "chat": GROUP | {"type": "channel"}, "text": MARK}},
    {"poll": {"id": "1"}, "message_reaction": {}, "from_the_future": {"message": BASE}},
    {},
)  # fmt: skip


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place below a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, below in inner for place in [(*here, key), *places(below, (*here, key))]]


@st.composite
def updates(draw: st.DrawFn) -> dict[str, Any]:
    """One of Telegram's, with some of it missing or of another kind."""
    raw: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(SHAPES)))
    for _ in range(draw(st.integers(0, 3))):
        if not (known := places(raw)):
            break
        *way, last = draw(st.sampled_from(known))
        holder: Any = raw
        for step in way:
            holder = holder[step]
        if draw(st.booleans()):
            holder[last] = draw(ANYTHING | TEXTS | CHOICES | st.integers(-(2**63), 2**70))
        else:
            del holder[last]
    return raw


class Wire(Api):
    """The client without a network: every file is gone, `brings` says what is polled."""

    def brings(self, *batches: Any) -> "Wire":
        self._batches, self._polls = list(batches), 0
        return self

    @property
    def username(self) -> str:
        return "lianxin_bot"

    async def get_file(self, *_: Any, **__: Any) -> Any:
        raise BadRequest("wrong file_id")

    async def get_me(self, *_: Any, **__: Any) -> Any:
        return None

    async def answer_callback_query(self, *_: Any, **__: Any) -> bool:
        return True

    async def send_message(self, *_: Any, **__: Any) -> Any:
        return None

    async def set_webhook(self, *_: Any, **__: Any) -> bool:
        return True

    async def delete_webhook(self, *_: Any, **__: Any) -> bool:
        return True

    async def _post(self, endpoint: str, data: Any = None, **_: Any) -> Any:
        assert endpoint == "getUpdates"
        self._polls += 1
        assert self._polls < 200, "the loop must wait for what cannot be read"
        if not self._batches:
            await asyncio.Event().wait()
        return self._batches.pop(0)


@cache
def wire() -> Wire:
    """One for all: to make one takes a while."""
    return Wire("1:abc")


async def at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Stage]]:
    """One hospital for all that comes; what was said before may not matter."""
    with asyncio.Runner() as runner:
        stage = Stage(tmp_path_factory.mktemp("updates"))
        runner.run(stage.__aenter__())
        yield runner, stage
        runner.run(stage.__aexit__())


async def take_patiently(intake: Intake, raw: dict[str, Any]) -> None:
    """Brings an update again as Telegram does; a file that is gone is asked for three times."""
    for _ in range(3):
        with suppress(BringAgain):
            return await intake.take(raw)
    raise AssertionError("it would come for ever")


@bounded(250)
@given(shape=updates(), number=st.integers(1, 10**9))
def test_any_update_is_taken_once_or_passed_over(
    houses: tuple[asyncio.Runner, Stage], caplog: pytest.LogCaptureFixture, shape: dict[str, Any], number: int
) -> None:
    runner, stage = houses
    intake = Intake(wire(), stage.dispatcher.receive, on_moved=_nothing, on_gone=_nothing, pause=at_once)
    caplog.clear()

    async def take() -> int:
        await take_patiently(intake, shape | {"update_id": number})
        before = await stage.cases()
        await take_patiently(intake, shape | {"update_id": number})
        await intake.settle()
        return len(before)

    with capture_logs() as lines, caplog.at_level(logging.DEBUG):
        before = runner.run(take())
    assert len(runner.run(stage.cases())) == before, "the same update again opens nothing"
    assert stage.dispatcher._figures.failures._value.get() == 0
    assert MARK not in caplog.text + str(lines)
    assert "13812345678" not in caplog.text + str(lines)


RESULTS = st.lists(updates() | ANYTHING, max_size=5) | ANYTHING


@bounded(60)
@given(results=st.lists(RESULTS, max_size=4), good=st.integers(0, 3))
def test_no_result_of_polling_keeps_the_next_updates_away(results: list[Any], good: int) -> None:
    said: list[str] = []
    stop = asyncio.Event()

    async def receive(inbound: Inbound, _uploads: Sequence[Upload]) -> Answer:
        said.append(inbound.text)
        if inbound.text == "结束":
            stop.set()
        return Answer(())

    ids = count(10_001)
    batches = [_numbered(result, ids) for result in results]
    texts = [f"第{place}句" for place in range(good)]
    last = [
        {"update_id": 10**6 + place, "message": BASE | {"text": text}} for place, text in enumerate(texts)
    ]
    end = [{"update_id": 10**7, "message": BASE | {"text": "结束"}}]

    async def poll() -> None:
        api = wire().brings(*batches, last, end)
        intake = Intake(api, receive, pause=at_once)
        await asyncio.wait_for(Polling(api, intake, timeout=1, pause=at_once).run(stop), 20)
        await intake.settle()

    asyncio.run(poll())
    assert [text for text in said if text in texts] == texts
    assert said[-1] == "结束"


def _numbered(result: Any, ids: Iterator[int]) -> Any:
    """Updates with a number as Telegram gives them: one after the other."""
    if not isinstance(result, list):
        return result
    return [one | {"update_id": next(ids)} if isinstance(one, dict) and one else one for one in result]


HEADERS = st.dictionaries(
    st.sampled_from(["Content-Type", "Content-Encoding", SECRET_HEADER, "Transfer-Encoding", "X-Any"]),
    st.sampled_from(["application/json", "application/json; charset=utf-16", "text/plain", "gzip", "chunked"])
    | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
)
SECRET = "a-secret-of-the-webhook_0123456789"
BODIES = st.one_of(
    st.binary(max_size=100),
    (updates() | ANYTHING).map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")),
    st.tuples(updates(), st.integers()).map(lambda one: json.dumps({**one[0], "update_id": one[1]}).encode()),
)


@bounded(120)
@given(body=BODIES, headers=HEADERS, knows=st.booleans())
def test_any_call_of_the_webhook_is_answered(body: bytes, headers: dict[str, str], knows: bool) -> None:
    taken: list[Inbound] = []

    async def receive(inbound: Inbound, _uploads: Sequence[Upload]) -> Answer:
        taken.append(inbound)
        return Answer(())

    async def call() -> int:
        hook = WebhookIntake(wire(), Webhook("https://a.example/hook", SECRET), pause=at_once)
        intake = Intake(wire(), receive, pause=at_once)
        await hook.run(intake, asyncio.Event())
        shown = headers | ({SECRET_HEADER: SECRET, "Content-Type": "application/json"} if knows else {})
        payload = StreamReader(Mock(_reading_paused=False), 2**16)
        payload.feed_data(body)
        payload.feed_eof()
        request = make_mocked_request("POST", "/hook", headers=shown, payload=payload)
        response = await hook.handle(request)
        await intake.settle()
        return response.status

    status = asyncio.run(call())
    assert status in ({200, 400, 503, 415} if knows else {403})
    assert knows or not taken


async def _nothing(*_: str) -> None:
    """A group moved, or a chat is gone."""
