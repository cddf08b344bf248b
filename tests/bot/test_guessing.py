"""While codes are guessed every answer to a code comes later, and nobody is turned away."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import Session

import bot.guessing
from bot.guessing import CALM, MOST_LEVEL, STEP, Guessing, is_guess
from storage.receipts import WINDOW, note_wrong_guess
from tests.stage import Stage


class Pause:
    """Records how long was waited, and waits until let go."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self.third, self.go = asyncio.Event(), asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.waited.append(seconds)
        if len(self.waited) == 3:
            self.third.set()
        await self.go.wait()


async def wrong(stage: Stage, times: int, channel: str = "web") -> None:
    def note(session: Session) -> None:
        for number in range(times):
            note_wrong_guess(session, f"s{number}", channel=channel, now=stage.clock())

    await stage.database.run(note)


def guessing(stage: Stage, pause: Pause | None = None) -> Guessing:
    return Guessing(stage.database, clock=stage.clock, pause=pause or Pause())


@pytest.mark.parametrize(
    "text",
    [
        "1234567890123456",
        "我的查询码是 1234 5678 9012 3456",
        "１２３４５６７８９０１２３４５６",
        "①②③④⑤⑥⑦⑧①②③④⑤⑥⑦⑧",
        "⑪⑫⑬⑭⑮⑯⑰⑱",
        "/join ABCD",
        " /BIND x",
        "/start 123456789012",
        "1234 5678 9012",
        "⑪⑫⑬⑭⑮⑯",
        "ticket:123456789012",
        "ticket.stop:1",
    ],
)
def test_whatever_may_be_a_code_is_a_guess(text: str) -> None:
    assert is_guess(text)


@pytest.mark.parametrize(
    "text", ["", "医生收了我两千块", "13800138000", "二〇二五年十一月三日", "/joinus", "9" * 5000]
)
def test_stories_and_other_numbers_are_none(text: str) -> None:
    assert not is_guess(text)


async def test_slips_of_the_pen_slow_nobody_down(stage: Stage) -> None:
    await wrong(stage, CALM - 1)
    pause = Pause()
    assert not await guessing(stage, pause).hold_back("web")
    assert pause.waited == []


async def test_each_doubling_adds_a_level_here_and_for_other_channels_later(stage: Stage) -> None:
    levels = []
    for _ in range(3):
        await wrong(stage, CALM)
        one = guessing(stage)
        levels.append((await one.level("web"), await one.level("messenger")))
    assert levels == [(1, 0), (2, 1), (2, 1)]
    await wrong(stage, 50 * CALM)
    assert await guessing(stage).level("web") == MOST_LEVEL
    assert await guessing(stage).delay("web") == MOST_LEVEL * STEP == timedelta(seconds=4.2)


async def test_it_is_calm_again_after_the_window(stage: Stage) -> None:
    await wrong(stage, 10 * CALM)
    one = guessing(stage)
    assert await one.level("web") > 0
    stage.clock.now += WINDOW
    assert await one.level("web") == 0


async def test_the_tables_are_counted_now_and_then_only(stage: Stage) -> None:
    one = guessing(stage)
    assert await one.level("web") == 0
    await wrong(stage, CALM)
    assert await one.level("web") == 0
    stage.clock.advance(seconds=5)
    assert await one.level("web") == 1


async def test_so_many_wait_and_no_more_and_the_others_are_answered(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.guessing, "MOST_WAITING", 3)
    await wrong(stage, CALM)
    pause = Pause()
    one = guessing(stage, pause)
    assert await one.level("web") == 1
    waiting = [asyncio.create_task(one.hold_back("web")) for _ in range(3)]
    await pause.third.wait()
    assert not await one.hold_back("web")
    assert await one.level("web") == MOST_LEVEL  # the web asks for most work now
    pause.go.set()
    assert await asyncio.gather(*waiting) == [True] * 3
    assert await one.level("web") == 1
