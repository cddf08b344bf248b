"""The sweeps: what fell due goes out, what had its time is forgotten, a failed sweep is tried again."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.figures import Figures
from bot.ticker import Ticker
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.errands import count_errands
from storage.errors import NoSuchFile
from storage.hand_outs import hand_out
from storage.members import Role
from storage.messages import Upload
from tests.duties import make_book
from tests.stage import Stage
from tests.storage.samples import picture
from tests.surveys import add_surveys

TOLD = "医生收了我两千块"


@pytest.fixture
def woken() -> list[bool]:
    return []


@pytest.fixture
def ticker(stage: Stage, woken: list[bool]) -> Ticker:
    return Ticker(
        database=stage.database,
        house=stage.house,
        files=stage.files,
        figures=Figures(),
        clock=stage.clock,
        wake=lambda: woken.append(True),
    )


async def test_reminding_wakes_delivery_only_where_something_was_due(
    stage: Stage, ticker: Ticker, woken: list[bool]
) -> None:
    await stage.person("p").says(TOLD)
    await ticker.remind()
    assert woken == []
    stage.clock.advance(days=2)
    await ticker.remind()
    assert woken == [True]


async def test_heads_are_told_of_last_month_once(stage: Stage, ticker: Ticker) -> None:
    await stage.officer("何主任", "投诉办", Role.HEAD)
    await stage.database.run(lambda session: add_surveys(session, "2026-10", "骨科", scores=[5] * 20))
    for _ in range(2):
        await ticker.tell_of_month()
    assert await stage.database.run(count_errands) == 1


async def test_the_file_of_a_hand_out_goes_when_its_days_are_over(stage: Stage, ticker: Ticker) -> None:
    await stage.officer("何主任", "投诉办", Role.HEAD)
    stage.clock.now = datetime.now(UTC) + timedelta(hours=2)  # files are as old as the system says
    file = stage.files.keep_own(b"figures", "x.png", "image/png")
    await stage.database.run(
        lambda session: hand_out(session, file, 1, vault=stage.house.vault, now=stage.clock())
    )
    await ticker.tidy_up()
    assert stage.files.read(file.uid) == b"figures"
    stage.clock.advance(days=4)
    await ticker.tidy_up()
    with pytest.raises(NoSuchFile):
        stage.files.read(file.uid)


async def test_files_of_a_message_that_was_never_committed_are_deleted_and_others_stay(
    stage: Stage, ticker: Ticker
) -> None:
    await stage.person("p").says(TOLD, Upload("a.png", picture("PNG")))
    lost = stage.files.keep(Upload("b.png", picture("PNG")))
    kept = {path.name for path in (stage.folder / "files").rglob("*") if path.is_file()}
    stage.clock.now += timedelta(days=3650)  # the age of a file is told by the disk
    await ticker.tidy_up()
    left = {path.name for path in (stage.folder / "files").rglob("*") if path.is_file()}
    assert len(kept - left) == 1
    assert not any(lost.uid in name for name in left)
    (photo,) = [path for path in (stage.folder / "files").rglob("*") if path.is_file()]
    assert photo.stat().st_mtime_ns % (86_400 * 10**9) == 0  # the day, never the minute


async def test_a_sweep_that_fails_is_logged_and_tried_again(
    stage: Stage, ticker: Ticker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> int:
        raise RuntimeError(TOLD)

    await stage.person("p").says(TOLD)
    stage.clock.advance(days=2)
    with monkeypatch.context() as broken:
        broken.setattr("bot.ticker.remind_of_limits", fail)
        await ticker.remind()
    printed = capsys.readouterr().out
    assert "RuntimeError" in printed
    assert "两千" not in printed
    await ticker.remind()
    await stage.deliver()


async def test_starts_with_a_sweep_of_each_kind_and_stops(stage: Stage, ticker: Ticker) -> None:
    ticker.start()
    jobs = ticker._scheduler.get_jobs()
    intervals = Counter(int(job.trigger.interval.total_seconds()) for job in jobs)
    assert intervals == {20: 1, 30: 5, 60: 3, 600: 3, 3600: 1}
    assert all(job.coalesce and job.misfire_grace_time is None for job in jobs)
    ticker.stop()


async def test_destroys_once_a_local_day_whatever_is_started_anew(
    stage: Stage, ticker: Ticker, monkeypatch: pytest.MonkeyPatch
) -> None:
    days: list[str] = []

    async def sweep(**_: object) -> tuple[int, int]:
        days.append(f"{stage.clock():%m-%d %H}")
        return 0, 0

    monkeypatch.setattr("bot.ticker.warn_and_destroy", sweep)
    for _ in range(3 * 48):  # MONDAY is 09:00 in Shanghai, when this hospital opens
        await ticker.destroy()
        stage.clock.advance(minutes=30)
    assert days == ["11-23 01", "11-24 01", "11-25 01"]


async def test_a_restart_on_the_same_day_warns_nobody_a_second_time(
    stage: Stage, ticker: Ticker, woken: list[bool]
) -> None:
    head = await stage.officer("赵", "纪检办", Role.HEAD)

    async def closes(number: int) -> None:
        await stage.person(f"p{number}").says(f"骨科{number}床的王医生收了我{number}千块红包")
        await head.says(f"{number}号")
        for label in ("受理", "办结", "查否", "跳过"):
            await head.presses(label)
        await head.says("查过了，没有发现。")
        await head.presses("确认发送")
        stage.clock.advance(hours=2)

    await closes(1)
    await closes(2)
    stage.clock.advance(days=75, hours=21)  # at 10:00 the first is due to be told of, not the second
    await ticker.destroy()
    assert len(woken) == 1
    stage.clock.advance(hours=2)
    await ticker.destroy()
    assert len(woken) == 1
    stage.clock.advance(days=1)
    await ticker.destroy()
    assert len(woken) == 2


async def test_a_year_of_duties_is_laid_out_and_what_is_due_soon_is_given_out(tmp_path: Path) -> None:
    book = make_book({"key": "study", "when": {"monthly": "last working day"}})
    async with Stage(tmp_path, duties=book) as stage:
        await stage.officer("何主任", "投诉办", Role.HEAD)
        ticker = Ticker(
            database=stage.database, house=stage.house, files=stage.files, figures=Figures(),
            clock=stage.clock, wake=lambda: None,
        )  # fmt: skip
        for _ in range(2):
            await ticker.plan_duties()
            await ticker.remind_of_duties()
        found = await stage.database.run(lambda session: [*session.exec(select(Occurrence.stage))])
        assert len(found) in (12, 13)
        assert set(found) <= {OccurrenceStage.PLANNED, OccurrenceStage.OPEN}
