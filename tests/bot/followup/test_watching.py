"""The watched folder: good tables vanish, bad ones are laid aside, nothing put there does harm."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.followup.watching import WatchedFolder
from storage.database import Database
from storage.event_names import EventName
from storage.events import Event
from storage.followup.discharges import Discharge
from storage.followup.importing import put_discharges
from tests.bot.followup.tables import GOOD, HEADINGS, csv_of, row_with, xlsx_of
from tests.factories import make_database, make_house

DAY = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"
ROW = row_with(day=DAY)


class Place:
    """A data folder that is watched; `later` is how far its clock is ahead of the disk's."""

    def __init__(self, data: Path, database: Database) -> None:
        self.data, self.inbox, self.aside = data, data / "discharges-in", data / "discharges-in/problems"
        self.database, self.later = database, timedelta(minutes=1)
        self.watched = self.restart()

    def restart(self) -> WatchedFolder:
        self.watched = WatchedFolder(
            self.data,
            database=self.database,
            house=make_house(),
            clock=lambda: datetime.now(UTC) + self.later,
        )
        return self.watched

    def put(self, name: str, content: bytes) -> Path:
        self.inbox.mkdir(mode=0o700, exist_ok=True)
        path = self.inbox / name
        path.write_bytes(content)
        return path

    def lying(self) -> list[str]:
        return sorted(path.name for path in self.inbox.iterdir() if path.is_file() or path.is_symlink())

    def laid_aside(self) -> list[str]:
        """Names without the time before them."""
        if not self.aside.is_dir():
            return []
        return sorted(path.name.split("-", 2)[2] for path in self.aside.iterdir())

    async def numbers(self) -> int:
        return len(await self.database.run(lambda session: session.exec(select(Discharge.id)).all()))

    async def imports(self) -> int:
        events = select(Event.id).where(Event.action == EventName.DISCHARGES_IN)
        return len(await self.database.run(lambda session: session.exec(events).all()))


def open_handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    database = make_database(tmp_path / "l.db")
    database.start()
    yield Place(tmp_path, database)
    await asyncio.to_thread(database.stop)


async def test_the_folder_is_made_for_its_owner_alone(place: Place) -> None:
    await place.watched.look()
    assert stat.S_IMODE(place.inbox.stat().st_mode) == 0o700
    assert place.lying() == []


async def test_good_tables_are_imported_and_deleted(place: Place) -> None:
    place.put("一.csv", csv_of(ROW))
    place.put("二.XLSX", xlsx_of([HEADINGS, row_with(number="Z2", day=DAY)]))
    place.put("说明.txt", b"x")
    await place.watched.look()
    assert (await place.numbers(), place.lying(), place.laid_aside()) == (2, ["说明.txt"], [])


async def test_a_table_with_problems_lies_beside_them_and_its_good_rows_are_in(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.put("张三.csv", csv_of(ROW, row_with(number="Z2", mobile="1380013", day=DAY)))
    await place.watched.look()
    assert (await place.numbers(), place.lying()) == (1, [])
    assert place.laid_aside() == ["张三.csv", "张三.csv.problems.csv"]
    (report,) = place.aside.glob("*.problems.csv")
    told = report.read_text("utf-8-sig")
    assert ",3,手机号,不像手机号" in told
    assert "1380013" not in told
    assert stat.S_IMODE(place.aside.stat().st_mode) == 0o700
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    printed = capsys.readouterr().out
    assert "bad=1" in printed
    assert "张三" not in printed


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04nothing", b"\xff\xff"])
async def test_what_is_no_table_is_laid_aside_with_the_reason(place: Place, content: bytes) -> None:
    place.put("x.xlsx", content)
    await place.watched.look()
    assert place.lying() == []
    assert place.laid_aside() == ["x.xlsx", "x.xlsx.problems.csv"]
    assert await place.imports() == 0


async def test_a_huge_file_is_laid_aside_unread(place: Place) -> None:
    with place.put("x.csv", b"").open("wb") as file:
        file.truncate((50 << 20) + 1)
    await place.watched.look()
    assert "文件太大" in next(place.aside.glob("*.problems.csv")).read_text("utf-8-sig")


async def test_what_may_still_be_written_waits(place: Place) -> None:
    path = place.put("x.csv", csv_of(ROW))
    os.utime(path, (0, 0))  # a copy that kept its day
    place.later = timedelta(seconds=5)
    await place.watched.look()
    assert (await place.numbers(), place.lying()) == (0, ["x.csv"])
    place.later = timedelta(seconds=30)
    await place.watched.look()
    assert (await place.numbers(), place.lying()) == (1, [])


async def test_half_copied_names_wait_for_their_own(place: Place) -> None:
    for name in (".x.csv", "~$x.xlsx", "x.csv.part", "x.csv.tmp"):
        place.put(name, csv_of(ROW))
    await place.watched.look()
    assert (await place.numbers(), len(place.lying())) == (0, 4)


async def test_links_and_pipes_are_never_opened_and_told_once(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(csv_of(ROW))
    place.inbox.mkdir()
    (place.inbox / "a.csv").symlink_to(secret)
    (place.inbox / "b.csv").symlink_to(tmp_path / "nowhere")
    (place.inbox / "c.csv").mkdir()
    os.mkfifo(place.inbox / "d.csv")
    place.put("e.csv", csv_of(ROW))
    assert await place.numbers() == 0  # from here on the database is open
    handles = open_handles()
    await place.watched.look()
    await place.watched.look()
    assert (await place.numbers(), secret.exists()) == (1, True)
    assert open_handles() == handles
    assert capsys.readouterr().out.count("discharges wait") == 2  # links, and what is no file


async def test_a_link_in_place_of_the_folder_aside_leads_nothing_elsewhere(
    place: Place, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place.put("bad.csv", csv_of(row_with(day="x")))
    place.put("good.csv", csv_of(ROW))
    place.aside.symlink_to(elsewhere)
    await place.watched.look()
    await place.watched.look()
    assert (await place.numbers(), place.lying()) == (1, ["bad.csv", "problems"])
    assert list(elsewhere.iterdir()) == []
    assert await place.imports() == 2  # once for each table, not once a minute


async def test_a_link_in_place_of_the_folder_is_not_followed(place: Place, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "x.csv").write_bytes(csv_of(ROW))
    place.inbox.symlink_to(elsewhere)
    await place.watched.look()
    assert (await place.numbers(), (elsewhere / "x.csv").exists()) == (0, True)


async def test_after_a_crash_before_deleting_the_same_table_changes_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise OSError

    place.put("x.csv", csv_of(ROW))
    with monkeypatch.context() as broken:
        broken.setattr("bot.followup.drop_folder.DropFolder.delete", crash)
        await place.watched.look()
        await place.watched.look()
        assert await place.imports() == 1
    assert place.lying() == ["x.csv"]
    place.restart()
    await place.watched.look()
    assert (await place.numbers(), place.lying()) == (1, [])


async def test_a_crash_while_laying_aside_leaves_no_table_of_problems_alone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise PermissionError

    place.put("x.csv", csv_of(row_with(day="x")))
    with monkeypatch.context() as broken:
        broken.setattr("bot.followup.drop_folder.os.rename", crash)
        await place.watched.look()
    assert (place.lying(), place.laid_aside()) == (["x.csv"], [])
    await place.watched.look()
    assert place.laid_aside() == ["x.csv", "x.csv.problems.csv"]


async def test_a_table_that_is_replaced_while_it_is_imported_is_not_deleted(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace_and_put(*arguments: object, **options: object) -> object:
        place.put("x.csv", csv_of(row_with(number="Z2", day=DAY)))
        return put_discharges(*arguments, **options)  # type: ignore[arg-type]

    place.put("x.csv", csv_of(ROW))
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("bot.followup.importing.put_discharges", replace_and_put)
        await place.watched.look()
    assert place.lying() == ["x.csv"]
    await place.watched.look()
    assert (await place.numbers(), place.lying()) == (2, [])


async def test_the_same_name_twice_in_a_second_keeps_both(place: Place) -> None:
    for day in ("x", "y"):
        place.put("x.csv", csv_of(row_with(day=day)))
        await place.watched.look()
    assert len(place.laid_aside()) == 4


async def test_a_very_long_name_is_laid_aside_too(place: Place) -> None:
    place.put("名" * 83 + ".csv", csv_of(row_with(day="x")))
    await place.watched.look()
    assert len(place.laid_aside()) == 2


async def test_what_was_laid_aside_goes_after_thirty_days(place: Place) -> None:
    place.put("x.csv", csv_of(row_with(day="x")))
    await place.watched.look()
    place.later = timedelta(days=29)
    await place.watched.look()
    assert len(place.laid_aside()) == 2
    place.later = timedelta(days=31)
    await place.watched.look()
    assert place.laid_aside() == []


async def test_one_table_that_fails_keeps_no_other_away(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = WatchedFolder._put

    async def fail_for_one(self: WatchedFolder, found: object) -> object:
        if getattr(found, "name", "") == "a.csv":
            raise RuntimeError("13800138000")
        return await real(self, found)  # type: ignore[arg-type]

    monkeypatch.setattr(WatchedFolder, "_put", fail_for_one)
    place.put("a.csv", csv_of(GOOD))
    place.put("b.csv", csv_of(ROW))
    await place.watched.look()
    assert (await place.numbers(), place.lying()) == (1, ["a.csv"])
    printed = capsys.readouterr().out
    assert "RuntimeError" in printed
    assert "13800138000" not in printed


async def test_a_closed_database_ends_the_look_in_peace(place: Place) -> None:
    place.put("a.csv", csv_of(ROW))
    await asyncio.to_thread(place.database.stop)
    await place.watched.look()
    assert place.lying() == ["a.csv"]
