"""lianxin duties: the list, the year as table and picture, starting, stopping and taking that back."""

import re
import stat
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import Session, select

from bot.data_folder import DataFolder
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.events import Event
from tests.bot.cli.conftest import Command

BOOK = """\
[[duties]]
key = "study"
title = "专题学习"
owed_by = { everyone = true }
when = { monthly = "last working day" }

[[duties]]
key = "ranking"
title = "药品双十排名"
owed_by = { offices = ["药剂科"] }
each = "office"
when = { monthly = 8 }
done = "file"

[[duties]]
key = "mend"
title = "整改报告"
owed_by = { offices = ["药剂科", "设备科"] }
each = "office"
when = { on_request = true, days = 7 }
done = "file"
"""
LATER = """
[[duties]]
key = "later"
title = "以后"
owed_by = { everyone = true }
when = { dates = [2099-06-30] }
"""


@pytest.fixture
def book(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with three duties, on a wide screen."""
    (data / "duties.toml").write_text(BOOK, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "140")
    return data


def stages(folder: DataFolder) -> dict[tuple[str, str], OccurrenceStage]:
    def read(session: Session) -> dict[tuple[str, str], OccurrenceStage]:
        return {(one.duty, one.scope): one.stage for one in session.exec(select(Occurrence))}

    return folder.database.run_now(read)


def test_the_list_shows_who_owes_what_and_when_next(lianxin: Command, book: Path) -> None:
    ended = lianxin("duties", "list", "--data", book)
    assert (ended.code, ended.err) == (0, "")
    assert re.search(r"study +专题学习 +全体 +已阅 +\d{4}-\d\d-\d\d", ended.out)
    assert re.search(r"mend +整改报告 +药剂科、设备科 +交文件 +on request", ended.out)
    assert "3 duties." in ended.out


def test_a_year_as_a_table(lianxin: Command, book: Path) -> None:
    ended = lianxin("duties", "preview", "--months", "12", "--data", book)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.count("专题学习") in (12, 13)
    assert ended.out.count("药品双十排名") in (11, 12, 13)
    assert re.search(r"周[一二三四五六日] +17:00 +药品双十排名 +药剂科 +交文件", ended.out)
    assert "On request: 整改报告 (mend)" in ended.out


def test_one_office_sees_what_it_owes(lianxin: Command, book: Path) -> None:
    ended = lianxin("duties", "preview", "--office", "设备科", "--data", book)
    assert "专题学习" in ended.out
    assert "药品双十排名" not in ended.out


def test_a_year_as_a_picture_for_its_owner_alone(lianxin: Command, book: Path, tmp_path: Path) -> None:
    picture = tmp_path / "year.png"
    ended = lianxin("duties", "preview", "--picture", picture, "--data", book)
    assert (ended.code, ended.err) == (0, "")
    with Image.open(BytesIO(picture.read_bytes())) as drawn:
        assert drawn.width == 1080
    assert stat.S_IMODE(picture.stat().st_mode) == 0o600
    again = lianxin("duties", "preview", "--picture", picture, "--data", book)
    assert (again.code, "exists already" in again.err) == (1, True)


def test_the_sample_year_is_drawn_whole(lianxin: Command, data: Path, tmp_path: Path) -> None:
    picture = tmp_path / "year.png"
    ended = lianxin("duties", "preview", "--months", "36", "--picture", picture, "--data", data)
    assert (ended.code, ended.err) == (0, "")
    assert picture.stat().st_size > 10_000


def test_starting_stopping_and_taking_that_back(lianxin: Command, book: Path, folder: DataFolder) -> None:
    started = lianxin("duties", "start", "mend", "--office", "药剂科", "--office", "设备科", "--data", book)
    assert started.code == 0
    assert started.out.count("Started: mend ") == 2
    assert "for 药剂科, 整改报告, due " in started.out
    stopped = lianxin("duties", "stop", "mend", "--office", "药剂科", "--data", book)
    assert "Stopped: mend" in stopped.out
    assert stages(folder) == {
        ("mend", "药剂科"): OccurrenceStage.STOPPED, ("mend", "设备科"): OccurrenceStage.PLANNED,
    }  # fmt: skip
    undone = lianxin("duties", "undo", "mend", "--data", book)
    assert "Goes on: mend" in undone.out
    assert set(stages(folder).values()) == {OccurrenceStage.PLANNED}
    actions = folder.database.run_now(
        lambda session: [(one.actor, one.action) for one in session.exec(select(Event))][-3:]
    )
    assert actions == [("console", f"duty_{what}") for what in ("started", "stopped", "resumed")]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("preview", "--office", "火箭科"), "no office or department 火箭科"),
        (("list", "--office", "火箭科"), "no office or department 火箭科"),
        (("start", "study"), "on request: mend"),
        (("start", "mend", "--office", "火箭科"), "no office or department 火箭科"),
        (("stop", "study"), "nothing of study is open"),
        (("undo", "study"), "nothing of study was stopped"),
    ],
)
def test_a_mistake_is_one_line(lianxin: Command, book: Path, arguments: tuple[str, ...], words: str) -> None:
    ended = lianxin("duties", *arguments, "--data", book)
    assert ended.code == 1
    assert words in ended.err
    assert ended.err.count("\n") == 1


def test_check_tells_what_may_surprise(lianxin: Command, book: Path) -> None:
    (book / "duties.toml").write_text(BOOK + LATER, encoding="utf-8")
    ended = lianxin("check", "--data", book)
    assert ended.code == 0
    assert "holidays are not known: 2099-06-30" in ended.out
    assert "nobody stands on the roster yet" in ended.out


def test_check_names_file_line_and_key(lianxin: Command, book: Path) -> None:
    (book / "duties.toml").write_text(BOOK.replace("monthly = 8", "monthly = 31"), encoding="utf-8")
    ended = lianxin("check", "--data", book)
    assert ended.code == 1
    assert ended.err.startswith(
        "duties.toml, line 12, duties.1.when.monthly: `31` is a day that does not come"
    )
    served = lianxin("duties", "list", "--data", book)
    assert (served.code, "duties.toml, line 12" in served.err) == (1, True)


def test_alone_it_tells_what_it_can(lianxin: Command) -> None:
    ended = lianxin("duties")
    assert ended.code == 0
    assert all(word in ended.out for word in ("list", "preview", "start", "stop", "undo"))
