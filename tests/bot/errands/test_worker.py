"""Errands: a picture comes to whoever asked, once; a stop loses nothing, a failure is told."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.errands.worker import TRADES, XLSX, Errands
from bot.pictures.studio import PictureFailed
from storage.errands import MOST_TRIES, ErrandKind, ask_for, count_errands
from storage.errors import NoSuchCase
from storage.events import Event
from storage.files import known_files
from storage.followup.surveys import Survey
from storage.hand_outs import HandOut
from storage.members import Member, Role
from tests.stage import Person, Stage
from tests.surveys import add_surveys

PNG = b"\x89PNG\r\n\x1a\n-drawn"
MONTH = "2026-10"


class Studio:
    """Draws nothing; remembers what it was asked, and fails where a test says so."""

    def __init__(self) -> None:
        self.sheets: list[dict[str, Any]] = []
        self.failures: list[BaseException] = []

    async def draw(self, sheet: dict[str, Any]) -> bytes:
        self.sheets.append(sheet)
        if self.failures:
            raise self.failures.pop(0)
        return PNG


@pytest.fixture
def studio() -> Studio:
    return Studio()


def worker(stage: Stage, studio: Studio, *, sent: Callable[[], None] = lambda: None) -> Errands:
    return Errands(
        database=stage.database, house=stage.house, files=stage.files, clock=stage.clock, draw=studio.draw,
        sent=sent,
    )  # fmt: skip


@pytest.fixture
async def head(stage: Stage) -> Person:
    """The head of an office on the web, where 骨科 had a good October."""
    await stage.database.run(fill)
    return await stage.officer("何主任", "投诉办", Role.HEAD)


def fill(session: Session) -> None:
    for month, good in (("2026-09", 20), (MONTH, 45)):
        add_surveys(session, month, "骨科", scores=[5] * good + [2] * (50 - good))


def ask(stage: Stage, kind: ErrandKind, department: str = "骨科") -> None:
    def work(session: Session) -> None:
        member = session.exec(select(Member)).one()
        ask_for(session, kind, member.id or 0, now=stage.clock(), department=department, month=MONTH)

    stage.database.run_now(work)


def waiting(stage: Stage) -> int:
    return stage.database.run_now(count_errands)


async def test_what_was_asked_for_in_chat_comes_as_a_picture(
    stage: Stage, head: Person, studio: Studio
) -> None:
    [said] = await head.says("满意度 骨科 上月")
    assert "图马上发来" in said.text
    assert await worker(stage, studio).do_one()
    [reply] = await head.looks()
    [file] = reply.files
    assert (file.name, file.media_type, file.ours) == ("满意度-骨科-2026-10.png", "image/png", True)
    assert (await stage.room.open_file(head.name, file.uid))[1] == PNG
    assert studio.sheets[0]["title"] == "骨科 · 2026年10月"
    assert not await worker(stage, studio).do_one()


async def test_nobody_else_opens_it_and_who_left_neither(stage: Stage, head: Person, studio: Studio) -> None:
    ask(stage, ErrandKind.PICTURE)
    await worker(stage, studio).do_one()
    [reply] = await head.looks()
    uid = reply.files[0].uid
    other = await stage.officer("钱书记", "纪检办", Role.SUPERVISOR)
    for sender in (other.name, "nobody"):
        with pytest.raises(NoSuchCase):
            await stage.room.open_file(sender, uid)
    await stage.database.run(lambda session: setattr(session.get(Member, 1), "active", False))
    with pytest.raises(NoSuchCase):
        await stage.room.open_file(head.name, uid)


async def test_a_picture_goes_out_once_however_often_the_worker_looks(
    stage: Stage, head: Person, studio: Studio
) -> None:
    ask(stage, ErrandKind.PICTURE)
    both = worker(stage, studio), worker(stage, studio)
    await both[0].do_one()
    stage.clock.advance(minutes=5)
    await both[1].do_one()
    assert len([reply for reply in await head.looks() if reply.files]) == 1


async def test_two_workers_at_the_same_errand_post_one_message(
    stage: Stage, head: Person, studio: Studio
) -> None:
    """The first is slow, its time runs out, and a second does it, too."""
    ask(stage, ErrandKind.PICTURE)
    slow, begun, goes_on = Studio(), asyncio.Event(), asyncio.Event()

    async def wait(sheet: dict[str, Any]) -> bytes:
        begun.set()
        await goes_on.wait()
        return PNG

    slow.draw = wait  # type: ignore[method-assign]
    first = asyncio.create_task(worker(stage, slow).do_one())
    await begun.wait()
    stage.clock.advance(minutes=1)
    await worker(stage, studio).do_one()
    goes_on.set()
    await first
    assert len([reply for reply in await head.looks() if reply.files]) == 1
    assert len(await stage.database.run(known_files)) == 1
    assert len(on_disk(stage)) == 1, "what the slower one drew is gone"


def on_disk(stage: Stage) -> list[Path]:
    return [path for path in (stage.folder / "files").rglob("*") if path.is_file()]


async def test_killed_in_the_middle_it_is_done_again(stage: Stage, head: Person, studio: Studio) -> None:
    ask(stage, ErrandKind.PICTURE)
    studio.failures = [asyncio.CancelledError()]
    with pytest.raises(asyncio.CancelledError):
        await worker(stage, studio).do_one()
    assert waiting(stage) == 1
    assert await head.looks() == []
    sent = asyncio.Event()
    running = asyncio.create_task(worker(stage, studio, sent=sent.set).run())  # the next start
    await sent.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    [reply] = await head.looks()
    assert reply.files


async def test_killed_after_sealing_the_file_belongs_to_nobody(
    stage: Stage, head: Person, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(stage, ErrandKind.PICTURE)
    broken = worker(stage, studio)

    def killed(*_: object) -> bool:
        raise asyncio.CancelledError

    monkeypatch.setattr(broken, "_post", killed)
    with pytest.raises(asyncio.CancelledError):
        await broken.do_one()
    assert len(on_disk(stage)) == 1
    assert await stage.database.run(known_files) == set(), "the sweep for files without a row takes it"
    assert waiting(stage) == 1


async def test_a_picture_that_cannot_be_drawn_is_tried_again_and_then_told_kindly(
    stage: Stage, head: Person, studio: Studio
) -> None:
    ask(stage, ErrandKind.PICTURE)
    studio.failures = [PictureFailed("no") for _ in range(MOST_TRIES)]
    for _ in range(MOST_TRIES):
        assert await head.looks() == []
        assert await worker(stage, studio).do_one()
        stage.clock.advance(minutes=1)
    [reply] = await head.looks()
    assert "没有做成" in reply.text
    assert not reply.files
    assert waiting(stage) == 0


async def test_an_errand_that_stops_the_house_each_time_is_given_up(
    stage: Stage, head: Person, studio: Studio
) -> None:
    ask(stage, ErrandKind.PICTURE)
    studio.failures = [asyncio.CancelledError() for _ in range(MOST_TRIES)]
    for _ in range(MOST_TRIES):
        with pytest.raises(asyncio.CancelledError):
            await worker(stage, studio).do_one()
        stage.clock.advance(minutes=1)
    await worker(stage, studio).do_one()
    [reply] = await head.looks()
    assert "没有做成" in reply.text
    assert len(studio.sheets) == MOST_TRIES


async def test_a_table_comes_as_a_file(stage: Stage, head: Person, studio: Studio) -> None:
    ask(stage, ErrandKind.TABLE, "")
    await worker(stage, studio).do_one()
    [reply] = await head.looks()
    assert (reply.files[0].name, reply.files[0].media_type) == ("满意度-全院-2026-10.xlsx", XLSX)
    assert (await stage.room.open_file(head.name, reply.files[0].uid))[1].startswith(b"PK")


async def test_the_monthly_message_has_changes_buttons_and_the_picture(
    stage: Stage, head: Person, studio: Studio
) -> None:
    ask(stage, ErrandKind.MONTHLY, "")
    await worker(stage, studio).do_one()
    [reply] = await head.looks()
    assert "2026年10月满意度月报 · 全院" in reply.text
    assert "1. 骨科：90%，比上个月高 50 个百分点，变化明显" in reply.text
    assert len(reply.files) == 1
    [shown] = await head.presses("细看")
    assert "全院 · 2026年10月" in shown.text


async def test_the_monthly_message_comes_without_a_picture_where_none_can_be_drawn(
    stage: Stage, head: Person, studio: Studio
) -> None:
    studio.failures = [PictureFailed("no")]
    ask(stage, ErrandKind.MONTHLY, "")
    await worker(stage, studio).do_one()
    [reply] = await head.looks()
    assert "月报" in reply.text
    assert not reply.files


async def test_who_lost_the_right_meanwhile_gets_nothing(stage: Stage, head: Person, studio: Studio) -> None:
    ask(stage, ErrandKind.PICTURE)
    await stage.database.run(lambda session: setattr(session.get(Member, 1), "role", Role.OFFICER))
    await worker(stage, studio).do_one()
    assert studio.sheets == []
    assert await head.looks() == []
    assert waiting(stage) == 0


async def test_what_may_not_be_shown_by_now_is_not_drawn(stage: Stage, head: Person, studio: Studio) -> None:
    ask(stage, ErrandKind.PICTURE)

    def forget(session: Session) -> None:
        for survey in session.exec(select(Survey)):
            session.delete(survey)

    await stage.database.run(forget)
    await worker(stage, studio).do_one()
    assert (studio.sheets, waiting(stage)) == ([], 0)


async def test_the_trail_tells_who_got_figures_and_the_file_goes_after_days(
    stage: Stage, head: Person, studio: Studio
) -> None:
    ask(stage, ErrandKind.PICTURE)
    await worker(stage, studio).do_one()
    events = await stage.database.run(
        lambda session: [(e.action, e.detail) for e in session.exec(select(Event))]
    )
    assert events[-1] == ("figures_exported", '{"to": 1, "what": "picture"}')
    stage.clock.advance(days=4)
    assert (await stage.tidy_up())["hand-outs"] == 1
    assert await stage.database.run(lambda session: list(session.exec(select(HandOut)))) == []


async def test_on_another_messenger_delivery_brings_the_file(stage: Stage, studio: Studio) -> None:
    await stage.database.run(fill)
    head = await stage.officer("何主任", "投诉办", Role.HEAD, channel="messenger")
    ask(stage, ErrandKind.PICTURE)
    await worker(stage, studio).do_one()
    await stage.deliver()
    [file] = stage.messenger.shown_in(head.name)[-1].files
    assert file.ours
    assert await stage.room.read_file(file.uid) == PNG


def test_every_kind_of_errand_is_done_by_one_trade() -> None:
    kinds = [kind for trade in TRADES for kind in trade.kinds]
    assert sorted(kinds) == sorted(ErrandKind)
