"""A member of staff reports in the chat they joined with: no table tells by itself who it was."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from storage.members import Role
from tests.duties import make_book
from tests.stage import Person, Stage

Tables = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage(tmp_path, duties=make_book()) as stage:
        yield stage


def dumped(stage: Stage) -> Tables:
    """Every row of every table, as somebody without the keys reads them."""
    with sqlite3.connect(stage.folder / "lianxin.db") as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: database.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names}  # noqa: S608


def added(before: Tables, after: Tables) -> Tables:
    """The rows of a moment, without the outbox: it says for a day which chat was answered when."""
    return {
        name: new
        for name, rows in after.items()
        if name != "outbox" and (new := [row for row in rows if row not in before.get(name, [])])
    }


async def nurse(stage: Stage) -> Person:
    await stage.officer("钱进", "纪检办", Role.HEAD)
    nurse = await stage.officer("赵敏", "骨科", Role.STAFF)
    await nurse.chooses("due:list:0")
    stage.clock.advance(minutes=13)
    return nurse


@pytest.mark.parametrize("words", ["骨科主任收回扣两万块", "医德档案造假", "覆盖率造假"])
async def test_no_row_of_the_report_holds_what_stands_beside_the_member(stage: Stage, words: str) -> None:
    person = await nurse(stage)
    before = dumped(stage)
    await person.says(words)
    assert len(await stage.cases()) == 1
    known = {
        value
        for table in ("members", "employees")
        for row in before[table]
        for value in row
        if isinstance(value, str | bytes) and len(value) >= 16
    }
    told = {value for rows in added(before, dumped(stage)).values() for row in rows for value in row}
    assert known
    assert not known & told
    assert not any(isinstance(value, str) and value.startswith("member:") for value in told)


async def test_after_the_day_of_the_outbox_no_hash_of_the_chat_is_left(stage: Stage) -> None:
    person = await nurse(stage)
    await person.says("骨科主任收回扣两万块")
    stage.clock.advance(hours=25)
    await stage.tidy_up()
    rows = dumped(stage)
    assert rows["dialogues"] == []
    chat = stage.house.vault.keyed_hash("chat", f"web\x00{person.name}")
    assert not any(chat in row for name, table in rows.items() for row in table)
