"""A row that was damaged or exchanged by whoever has the database: a sentence, and everybody else goes on."""

import asyncio
import shutil
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from structlog.testing import capture_logs

from storage.members import Role
from storage.sealed_columns import SEALED
from storage.tables import METADATA
from tests.stage import Person, Stage
from tests.strategies import TEXTS, bounded

MARK = "记号翡翠琉璃"
STORY = f"骨科王医生上周收了我两千块红包，{MARK}"
UNTOUCHED = {"events", "sqlite_sequence", "marks"}
"""Guarded by triggers and checked at the start; their own tests look at both."""
SEALED_PLACES = [(sealed.table.name, sealed.name) for sealed in SEALED]
PLACES = [
    (table.name, column.name)
    for table in METADATA.sorted_tables
    for column in table.columns
    if table.name not in UNTOUCHED
]


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hospital in which something stands in most tables."""
    folder = tmp_path_factory.mktemp("lived")

    async def live() -> None:
        async with Stage(folder) as stage:
            officer = await stage.officer("何平", role=Role.SUPERVISOR)
            await stage.officer("王芳", role=Role.HEAD)
            await stage.group("纪检群", "纪检办")
            reporter, other = stage.person("甲"), stage.person("乙", "messenger")
            await reporter.says(STORY)
            await reporter.presses("有答复就发到这里")
            await other.says("药剂科的人拿了药商的回扣五千块，就在昨天下午")
            await officer.says("1号")
            await officer.presses("受理")
            await officer.presses("问反映人")
            await officer.says("是哪一天的事？")
            await officer.says("1号")
            await officer.presses("内部备注")
            third = stage.person("丙")
            await third.chooses("rating")
            await third.says("护士态度很好，就是等得久")
            await stage.deliver()

    asyncio.run(live())
    return folder


CHANGES = st.one_of(
    st.none(), st.binary(max_size=60), TEXTS.map(lambda text: text.encode("utf-8", "replace").decode()),
    st.integers(-1, 9), st.integers(-(2**62), 2**62), st.sampled_from(["cut", "flip", "swap"]),
)  # fmt: skip


@bounded(25)
@given(places=st.lists(st.sampled_from(SEALED_PLACES) | st.sampled_from(PLACES), min_size=1, max_size=2),
       change=CHANGES, row=st.integers(0, 5))  # fmt: skip
def test_nobody_else_is_kept_from_anything(
    lived_in: Path, places: list[tuple[str, str]], change: Any, row: int
) -> None:
    with TemporaryDirectory() as folder, capture_logs() as lines:
        copy = Path(folder) / "var"
        shutil.copytree(lived_in, copy)
        asyncio.run(_go_on(copy, places, change, row))
    assert MARK not in str(lines)


async def _go_on(folder: Path, places: list[tuple[str, str]], change: Any, row: int) -> None:
    async with Stage(folder) as stage:
        for place in places:
            await stage.database.run(partial(_damage, place=place, change=change, row=row))
        people = [Person(stage, name, _events=100) for name in ("officer 何平", "甲", "officer 王芳")]
        for person, said in zip(people, ("本科室", "我想再补充一点：当时还有别人在", "2号"), strict=True):
            assert await person.says(said)
        for value in ("open:1", "thread:1", "desk", "list:mine:0"):
            assert await people[0].chooses(value)
        before = await stage.database.run(_count)
        fresh = stage.person("从没来过的人")
        assert "收到" in (await fresh.says("心内科李医生今天收了我三千块红包，就在办公室里"))[0].text
        assert await stage.database.run(_count) == before + 1
        assert fresh.code
        await stage.deliver()
        for person in people:
            await person.looks()


def _damage(session: Session, *, place: tuple[str, str], change: Any, row: int) -> None:
    table_name, name = place
    table: Table = METADATA.tables[table_name]
    keys = list(table.primary_key.columns)
    found = session.connection().exec_driver_sql(
        f'SELECT {", ".join(key.name for key in keys)}, "{name}" FROM {table_name}'  # noqa: S608
    ).all()  # fmt: skip
    if not found:
        return
    here, there = found[row % len(found)], found[(row + 1) % len(found)]
    match change:
        case "swap":
            change = there[-1]
        case "cut":
            change = _cut(here[-1])
        case "flip":
            change = _flip(here[-1])
    which = " AND ".join(f'"{key.name}" = ?' for key in keys)
    statement = f'UPDATE {table_name} SET "{name}" = ? WHERE {which}'  # noqa: S608 (names of our own tables)
    try:
        with session.begin_nested():
            session.connection().exec_driver_sql(statement, (change, *here[:-1]))
    except SQLAlchemyError:
        return  # what the table itself refuses


def _cut(value: Any) -> Any:
    return value[: len(value) // 2] if isinstance(value, str | bytes) else value


def _flip(value: Any) -> Any:
    return bytes([value[0] ^ 1, *value[1:]]) if isinstance(value, bytes) and value else value


def _count(session: Session) -> int:
    return int(session.connection().exec_driver_sql("SELECT count(*) FROM cases").scalar_one())
