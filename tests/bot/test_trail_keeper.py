"""The house tells the trail when it opens and closes, and leaves a head a day in a file."""

import stat

import pytest
from sqlmodel import Session, col, select

from bot.trail_keeper import FILE, TrailKeeper
from storage.database import Database
from storage.events import Event
from storage.members import Role
from storage.tallies import Tally
from storage.trail_check import check_trail
from storage.trail_heads import read_heads
from tests.stage import Stage


class Doors:
    """How many sessions were refused so far."""

    refused = 0


@pytest.fixture
def doors() -> Doors:
    return Doors()


@pytest.fixture
def keeper(stage: Stage, doors: Doors) -> TrailKeeper:
    return TrailKeeper(
        database=stage.database, house=stage.house, folder=stage.folder, clock=stage.clock,
        refused=lambda: doors.refused, wake=lambda: None,
    )  # fmt: skip


def actions(session: Session) -> list[str]:
    return list(session.exec(select(Event.action).order_by(col(Event.id))))


async def test_opening_and_closing_are_events(stage: Stage, keeper: TrailKeeper) -> None:
    await keeper.opened()
    await keeper.closed()
    assert await stage.database.run(actions) == ["started", "stopped"]


async def test_a_head_a_day_is_noted_and_fits_the_trail(stage: Stage, keeper: TrailKeeper) -> None:
    for _ in range(3):
        for _ in range(2):
            await keeper.opened()
            await keeper.tend()
        stage.clock.advance(days=1)
    lines = (stage.folder / FILE).read_text("utf-8").splitlines()
    assert [line[:10] for line in lines] == ["2026-11-23", "2026-11-24", "2026-11-25"]
    heads = list(read_heads(lines))
    assert [head.count for head in heads] == [1, 3, 5]
    check_trail(stage.database.run_now, heads)
    assert stat.S_IMODE((stage.folder / FILE).stat().st_mode) == 0o600


async def test_refused_sessions_are_counted_once(stage: Stage, keeper: TrailKeeper, doors: Doors) -> None:
    for so_far in (3, 3, 10):
        doors.refused = so_far
        await keeper.tend()
    counted = await stage.database.run(lambda session: session.get_one(Tally, "bad_sessions").count)
    assert counted == 10


async def test_trouble_ends_nothing(
    stage: Stage, keeper: TrailKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_self: Database, _work: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Database, "run", fails)
    await keeper.opened()
    await keeper.tend()
    await keeper.closed()


async def test_supervisor_reads_the_head_in_chat_once(stage: Stage, keeper: TrailKeeper) -> None:
    supervisor = await stage.officer("郑监督", role=Role.SUPERVISOR)
    officer = await stage.officer("王芳")
    stage.clock.advance(hours=1)
    await keeper.tend()
    await keeper.tend()
    await supervisor.looks()
    await officer.looks()
    [head] = read_heads([line for line in supervisor.text.splitlines() if line[:1].isdigit() and "-" in line])
    assert supervisor.text.count("操作记录的指纹") == 1
    assert head.count == 3
    assert "指纹" not in officer.text
    check_trail(stage.database.run_now, [head])
