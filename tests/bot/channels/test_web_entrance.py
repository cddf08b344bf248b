"""What a message has to pass while very many come or codes are guessed; urgent words always pass."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.gate
from bot.channels.web import Rates
from bot.channels.web.entrance import Entrance, Signals
from bot.channels.web.errors import Refusal
from bot.channels.web.limits import Budgets
from bot.gate import Allowed, Gate
from tests.bot.channels.conftest import Served, form, serve
from tests.bot.solving import proof_of
from tests.bot.web.fake import FakeDesk, fake_channel

CODE, TOLD, DANGER = "1234 5678 9012 3456", "医生收了我两千块", "我不想活了"


@dataclass
class Sky:
    """How things stand outside."""

    level: int = 0
    strained: bool = False
    now: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    counted: list[str] = field(default_factory=list)

    async def guess_level(self) -> int:
        return self.level

    @property
    def signals(self) -> Signals:
        return Signals(
            guess_level=self.guess_level,
            urgent=lambda _sender, text: text == DANGER,
            strained=lambda: self.strained,
            count=self.counted.append,
        )


@pytest.fixture
def sky(monkeypatch: pytest.MonkeyPatch) -> Sky:
    monkeypatch.setattr(bot.gate, "FIRST_BITS", 3)
    return Sky()


def entrance(sky: Sky, **rates: int) -> Entrance:
    budgets = Budgets(Rates(**rates), timer=lambda: sky.now.timestamp())
    return Entrance(Gate(b"k" * 32, Allowed()), budgets, sky.signals, now=lambda: sky.now)


def bits_of(refusal: Refusal) -> int:
    assert refusal.code == "work"
    assert refusal.work is not None
    return int(str(refusal.work["bits"]))


def work_of(refusal: Refusal) -> str:
    bits = bits_of(refusal)
    assert refusal.work is not None
    return proof_of(str(refusal.work["challenge"]), bits)


async def refused(one: Entrance, text: str | None, proof: str | None = None, sender: str = "a") -> Refusal:
    with pytest.raises(Refusal) as refusal:
        await one.work(sender, text, proof)
    return refusal.value


async def test_in_calm_times_nothing_is_asked(sky: Sky) -> None:
    one = entrance(sky)
    for text in (CODE, TOLD, DANGER, None):
        await one.work("a", text, None)
    assert sky.counted == []


async def test_while_codes_are_guessed_a_code_takes_work_and_a_story_none(sky: Sky) -> None:
    one = entrance(sky)
    sky.level = 3
    await one.work("a", TOLD, None)
    refusal = await refused(one, CODE)
    assert bits_of(refusal) == 3 + 2
    await refused(one, CODE, work_of(refusal), sender="b")
    await one.work("a", CODE, work_of(refusal))
    await refused(one, CODE, work_of(refusal))
    await refused(one, f"{CODE} {DANGER}")
    await refused(one, "\n" * 5000 + CODE)
    assert set(sky.counted) == {"work"}


async def test_above_so_many_messages_each_takes_work_and_urgent_words_none(sky: Sky) -> None:
    one = entrance(sky, busy=2)
    bits = []
    for _ in range(20):
        one.taken()
        if await one.level(TOLD):
            refusal = await refused(one, TOLD)
            bits.append(bits_of(refusal))
            await one.work("a", TOLD, work_of(refusal))
    assert bits[0] == 3
    assert bits == sorted(bits)
    assert max(bits) == 3 + 3
    await one.work("a", DANGER, None)
    assert "urgent" in sky.counted
    sky.now += timedelta(minutes=1)
    await one.work("a", TOLD, None)


async def test_over_the_budget_only_urgent_words_pass(sky: Sky) -> None:
    one = entrance(sky, messages=1)
    assert one.message("a") == 0
    wait = one.message("a")
    assert 1 <= wait <= 60
    with pytest.raises(Refusal) as refusal:
        one.let_through("a", TOLD, wait)
    assert (refusal.value.code, refusal.value.retry_after) == ("too_fast", wait)
    one.let_through("a", DANGER, wait)
    one.let_through("b", TOLD, one.message("b"))


async def test_while_the_database_is_busy_who_wrote_most_waits(sky: Sky) -> None:
    one = entrance(sky)
    for _ in range(10):
        assert one.message("loud") == 0
    sky.strained = True
    assert one.message("loud") == 5
    assert one.message("quiet") == 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 90), st.booleans()), max_size=60))
async def test_who_works_and_writes_little_is_always_taken(steps: list[tuple[str, int, bool]]) -> None:
    sky = Sky()
    one = entrance(sky, messages=4, busy=1)
    for who, seconds, strained in steps:
        sky.now += timedelta(seconds=seconds)
        sky.strained = strained
        one.message(who)
        one.taken()
    sky.now += timedelta(seconds=61)
    assert one.message("patient") == 0
    try:
        await one.work("patient", CODE, None)
    except Refusal as refusal:
        await one.work("patient", CODE, work_of(refusal))


@pytest.fixture
async def rushed(sky: Sky) -> AsyncIterator[Served]:
    desk = FakeDesk()
    channel = fake_channel(desk, rates=Rates(busy=1), signals=sky.signals, now=lambda: sky.now)
    async for running in serve(desk, channel):
        yield running


async def test_over_http_files_are_not_read_before_the_work_is_asked_for(rushed: Served) -> None:
    session = await rushed.session()
    assert (await rushed.post(session, json={"id": "1", "text": TOLD}))[0] == 200
    for body in ({"json": {"id": "2", "text": TOLD}}, {"data": form("3", ("a.jpg", b"x" * 100_000))}):
        status, answer = await rushed.post(session, **body)
        assert (status, answer["error"]["code"]) == (429, "work")
        body = body if "json" in body else {"data": form("3", ("a.jpg", b"x" * 100_000))}
        proof = {"Lianxin-Work": proof_of(**answer["work"])}
        assert (await rushed.post(session, headers=proof, **body))[0] == 200
    assert len(rushed.desk.inbounds) == 3


async def test_a_ticket_behind_a_button_takes_work_while_codes_are_guessed(rushed: Served, sky: Sky) -> None:
    session = await rushed.session()
    sky.now += timedelta(minutes=2)
    sky.level = 3
    choice = {"id": "1", "choice": "ticket:123456789012"}
    status, answer = await rushed.post(session, json=choice)
    assert (status, answer["error"]["code"]) == (429, "work")
    proof = {"Lianxin-Work": proof_of(**answer["work"])}
    assert (await rushed.post(session, headers=proof, json=choice))[0] == 200
    assert [inbound.choice for inbound in rushed.desk.inbounds] == ["ticket:123456789012"]
