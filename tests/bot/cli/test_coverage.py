"""lianxin coverage shows figures on the screen, and writes names into a table for its owner alone."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.data_folder import DataFolder
from storage.duties.completing import complete
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.events import Event
from tests.bot.cli.conftest import Command
from tests.bot.test_satisfaction_file import opened
from tests.duties import make_employee
from tests.factories import MONDAY

MONTH = ("--month", "2025-11")


@pytest.fixture
def owed(folder: DataFolder) -> None:
    """Two of 药剂科 and one of 医务科 owe a study that is no duty of the book (any more)."""
    from storage.duties.assignments import Assignment

    def fill(session: Session) -> None:
        occurrence = Occurrence(
            duty="study_of_old", period="2025-11", title="专题学习", proof="reading",  # type: ignore[arg-type]
            stage=OccurrenceStage.CLOSED, opens_at=MONDAY, due_at=MONDAY + timedelta(days=2),
            changed_at=MONDAY,
        )  # fmt: skip
        session.add(occurrence)
        session.flush()
        for name, office in (("赵敏", "药剂科"), ("钱进", "药剂科"), ("吴外", "医务科")):
            person, _ = make_employee(session, folder.house, name, office, joined=False)
            mine = Assignment(occurrence_id=occurrence.id or 0, employee_id=person.id, office=office)
            session.add(mine)
            session.flush()
            if name == "赵敏":
                complete(session, mine, by=person, now=MONDAY)

    folder.database.run_now(fill)


def test_the_screen_shows_figures_and_no_name(lianxin: Command, data: Path, owed: None) -> None:
    ended = lianxin("coverage", *MONTH, "--data", data)
    assert (ended.code, ended.err) == (0, "")
    rows = [line.split() for line in ended.out.splitlines()]
    assert ["2025-11-26", "专题学习", "药剂科", "1/2", "50%", "0", "0", "1"] in rows
    assert ["all", "1/3", "33%", "0", "0", "2"] in rows
    assert "赵敏" not in ended.out


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (("--office", "医务科"), {"医务科"}),
        (("--month", "2025-Q4"), {"药剂科", "医务科"}),
        (("--month", "2025"), {"药剂科", "医务科"}),
        (("--duty", "study_of_old"), {"药剂科", "医务科"}),
        (("--from", "2025-11-26", "--to", "2025-11-26"), {"药剂科", "医务科"}),
        (("--from", "2025-01-01", "--to", "2025-11-25"), set()),
    ],
)
def test_what_is_shown_can_be_limited(
    lianxin: Command, data: Path, owed: None, options: tuple[str, ...], shown: set[str]
) -> None:
    month = () if {"--month", "--from"} & set(options) else MONTH
    ended = lianxin("coverage", *month, *options, "--data", data)
    assert ended.code == 0, ended.err
    assert {one for one in ("药剂科", "医务科") if one in ended.out} == shown


def test_the_table_has_names_and_the_trail_tells_of_it(
    lianxin: Command, data: Path, folder: DataFolder, owed: None, tmp_path: Path
) -> None:
    out = tmp_path / "coverage.xlsx"
    ended = lianxin("coverage", *MONTH, "--office", "药剂科", "--out", out, "--data", data)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith(f"Coverage is in {out}.\n")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    sheets = opened(out.read_bytes())
    assert [row[0] for row in sheets["人员明细"][1:]] == ["赵敏", "钱进"]
    last = folder.database.run_now(lambda session: session.exec(select(Event)).all()[-1].action)
    assert last == "coverage_exported"
    again = lianxin("coverage", *MONTH, "--out", out, "--data", data)
    assert again.code == 1
    assert lianxin("coverage", *MONTH, "--out", out, "--force", "--data", data).code == 0


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--month", "2025-13"), 1, "--month: 2025-13 is no month"),
        (("--month", "2025-W99"), 1, "is no month"),
        (("--from", "2025-11-02", "--to", "2025-11-01"), 1, "the first day must come first"),
        (("--from", "1999-11-02", "--to", "2025-11-01"), 1, "days are the most"),
        (("--from", "2025-11-02"), 2, "--from and --to together"),
        (("--month", "2025-11", "--from", "2025-11-02", "--to", "2025-11-03"), 2, "--month"),
        (("--month", "2025-11", "--office", "火箭科"), 1, "there is no 火箭科"),
        (("--month", "2025-11", "--duty", "rockets"), 1, "has no duty rockets"),
    ],
)
def test_a_mistake_is_one_line(
    lianxin: Command, data: Path, options: tuple[str, ...], code: int, words: str
) -> None:
    ended = lianxin("coverage", *options, "--data", data)
    assert ended.code == code
    assert words in ended.err
    assert ended.err.count("\n") == 1


def test_nothing_due_is_said(lianxin: Command, data: Path) -> None:
    assert "Nothing that was given out" in lianxin("coverage", "--month", "2024-02", "--data", data).out
