"""The draft of a summary and the picture's sheet: every number from tables, gaps marked, nobody's name."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot.pictures.sheet import draw_sheet, prepare
from handlers.staff.drives.sheet import sheet_of
from handlers.staff.drives.summary import as_text, summary_of
from handlers.words import words_for
from storage.drives.ending import end_drive
from storage.drives.figures import figures_of
from storage.drives.items import ItemState
from storage.drives.reckoning import Cell, Reckoning, reckon
from storage.duties.completing import complete
from storage.duties.handing_in import submit
from storage.members import Role
from tests.drives import drive_house, make_drive, make_item
from tests.duties import give_out, make_employee, owed
from tests.factories import MONDAY, make_database

HOUSE, DRIVE, WORDS = drive_house(), make_drive(), words_for("zh")
LATER = MONDAY + timedelta(days=20)
"""14 December: the first phase is over, the second runs."""


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    database = make_database(tmp_path / "lianxin.db")
    with database.engine.connect() as connection, Session(bind=connection) as session:
        yield session
        session.rollback()
    database.stop()


def fill(session: Session) -> None:
    """Two who read (one late), figures of two offices, a report that one has not handed in, three items."""
    clerk, member = make_employee(session, HOUSE, "李强", "药剂科")
    other, _ = make_employee(session, HOUSE, "孙科", "设备科", Role.HEAD)
    assert member is not None
    of: dict[str, Any] = {"drive": "clean", "phase": "selfcheck"}
    read = give_out(session, HOUSE, "clean_read", people=[clerk, other], due_in=timedelta(days=4), **of)
    complete(session, owed(session, read, clerk), by=clerk, now=MONDAY)
    complete(session, owed(session, read, other), by=other, now=MONDAY + timedelta(days=5))
    count = give_out(session, HOUSE, "clean_count", offices=["药剂科", "设备科"], **of)
    submit(session, owed(session, count, clerk), by=clerk, words="3 条", house=HOUSE, now=MONDAY)
    submit(session, owed(session, count, other), by=other, words="1.5 条", house=HOUSE, now=MONDAY)
    report = give_out(session, HOUSE, "clean_report", offices=["药剂科", "设备科"], **of)
    complete(session, owed(session, report, clerk), by=clerk, now=MONDAY)
    make_item(session, HOUSE, member, state=ItemState.STRUCK)
    make_item(session, HOUSE, member, due_on=date(2025, 12, 1), returns=1)
    make_item(session, HOUSE, member, state=ItemState.WITHDRAWN)


def reckoned(session: Session) -> Reckoning:
    return reckon(session, DRIVE, house=HOUSE, now=LATER)


def draft(session: Session) -> str:
    return as_text(summary_of(session, reckoned(session), WORDS, house=HOUSE))


def test_every_number_of_the_draft_is_counted(session: Session) -> None:
    fill(session)
    text = draft(session)
    for sentence in (
        "共布置 3 项材料，应交 6 份，已交 5 份，其中过期交 1 份，还有 1 份没交。",
        "自查报告（12月1日）：设备科",
        "发现问题数\t4.5 条\t2",
        "学习要求：应完成 2 人，完成 2 人，覆盖率 100%，其中过期完成 1 人。",
        "共登记问题 2 条，已销号 1 条，销号率 50%；等销号 0 条，在改 1 条，其中超期 1 条。退回重改过 1 条。",
        "药剂科\t2\t1\t0\t1\t1",
        "学习要求\t11月28日\t2\t1\t1\t0",
    ):
        assert sentence in text, sentence
    assert "知晓率：没有测验数据【请填写】" in text
    assert "李强" not in text


def test_a_drive_in_which_nothing_happened_says_so(session: Session) -> None:
    text = draft(session)
    for sentence in ("还没有布置过材料", "没有登记问题。原因：【请填写】", "现在还没有结束"):
        assert sentence in text


def test_shares_are_not_added_up(session: Session) -> None:
    clerk, _ = make_employee(session, HOUSE, "李强", "药剂科")
    count = give_out(session, HOUSE, "clean_count", offices=["药剂科"], drive="clean", phase="selfcheck")
    submit(session, owed(session, count, clerk), by=clerk, words="45%", house=HOUSE, now=MONDAY)
    (figure,) = figures_of(session, reckoned(session), house=HOUSE)
    assert (figure.total, figure.answers) == (None, 1)
    assert "比率不能相加【请填写】" in draft(session)


def test_figures_that_cannot_be_read_are_told_and_not_guessed(session: Session) -> None:
    clerk, _ = make_employee(session, HOUSE, "李强", "药剂科")
    count = give_out(session, HOUSE, "clean_count", offices=["药剂科"], drive="clean", phase="selfcheck")
    submit(session, owed(session, count, clerk), by=clerk, words="不少", house=HOUSE, now=MONDAY)
    (figure,) = figures_of(session, reckoned(session), house=HOUSE)
    assert (figure.total, figure.unread) == (Decimal(0), 1)
    assert "另有 1 个数没有读懂" in draft(session)


def test_cells_tell_done_late_open_and_missing_apart(session: Session) -> None:
    fill(session)
    far = reckoned(session)
    cells = {
        line.title: [line.cell(one, far.now) for one in ("药剂科", "设备科", "纪检办")] for line in far.lines
    }
    assert cells == {
        "学习要求": [Cell.DONE, Cell.LATE, Cell.NONE],
        "发现问题数": [Cell.DONE, Cell.DONE, Cell.NONE],
        "自查报告": [Cell.DONE, Cell.MISSING, Cell.NONE],
    }
    assert far.handed_in() == (5, 6)
    assert far.handed_in("设备科") == (2, 3)


def test_what_was_answered_before_an_early_end_still_counts(session: Session) -> None:
    fill(session)
    assert end_drive(session, DRIVE, now=LATER) == 3
    far = reckoned(session)
    assert far.handed_in() == (5, 5)
    assert end_drive(session, DRIVE, now=LATER) == 0


def test_the_sheet_can_be_drawn_and_names_nobody(session: Session) -> None:
    prepare()
    assert draw_sheet(sheet_of(reckoned(session), WORDS, house=HOUSE)).startswith(b"\x89PNG")
    fill(session)
    sheet = sheet_of(reckoned(session), WORDS, house=HOUSE)
    assert draw_sheet(sheet).startswith(b"\x89PNG")
    assert "李强" not in str(sheet)
    assert [chart["kind"] for chart in sheet["charts"]] == ["phases", "stack", "grid"]
