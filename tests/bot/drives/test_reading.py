"""drives/*.toml: samples are right, real dates are working days, mistakes are explained where they are."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drives.reading import drive_problems, load_drives
from bot.drives.samples import SHAPES, end_drive_file, sample, sample_text, write_drive
from storage.drives.checks import mistakes_of
from storage.drives.plan import Drive
from storage.errors import ConfigError
from tests.duties import make_book
from tests.factories import make_hospital, make_house
from tests.stage import sample_hospital

HOSPITAL = make_hospital()
DECEMBER = date(2026, 12, 1)
DAYS = ("2026-01-26", "2026-09-19", "2026-12-01", "2028-02-29")
GOOD = """\
key = "clean"
title = "红包专项整治"
start = 2025-11-24
lead = "纪检办"

[takes_part]
offices = ["药剂科"]

[[phases]]
key = "selfcheck"
title = "自查自纠"
from = 1
to = 2025-12-05

[[phases.deliverables]]
key = "report"
title = "自查报告"
due = 2025-12-03

[[phases]]
key = "rectify"
title = "整改"
from = 2025-12-08
to = 2025-12-19

[[phases.recurring]]
key = "weekly"
title = "周报"
every = "week"
proof = "text"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "drives").mkdir()
    return tmp_path


def write(folder: Path, text: str = GOOD, name: str = "clean") -> None:
    (folder / "drives" / f"{name}.toml").write_text(text, "utf-8")


def test_a_correct_file_is_read_and_no_folder_is_no_drive(folder: Path, tmp_path: Path) -> None:
    write(folder)
    assert drive_problems(folder, HOSPITAL, make_book()) == []
    assert [drive.key for drive in load_drives(folder, HOSPITAL)] == ["clean"]
    assert load_drives(tmp_path / "nowhere", HOSPITAL) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "message"),
    [
        ('lead = "纪检办"', 'lead = "纪检科"', 4, "lead", "did you mean `纪检办`"),
        ('offices = ["药剂科"]', 'offices = ["药材科"]', 7, "takes_part.offices", "no office or department"),
        ('offices = ["药剂科"]', "everyone = false", 6, "takes_part", "nobody takes part"),
        ('offices = ["药剂科"]', 'groups = ["采购"]', 7, "takes_part.groups", "no group `采购`"),
        ("from = 1", "from = 2025-11-20", 12, "phases.0.from", "before the drive begins"),
        ("from = 1", "from = 0", 12, "phases.0.from", "must be a date"),
        ("from = 1", 'from = "bald"', 12, "phases.0.from", "must be a date"),
        ("from = 1", "from = true", 12, "phases.0.from", "must be a date"),
        ("from = 1", "from = 2025-12-06", 13, "phases.0.to", "before it begins"),
        ("to = 2025-12-05", "to = 2031-12-05", 13, "phases.0.to", "four years"),
        ("from = 2025-12-08", "from = 2025-11-23", 23, "phases.1.from", "before the one above"),
        ("due = 2025-12-03", "due = 2025-12-06", 18, "phases.0.deliverables.0.due", "not lie in the phase"),
        ("due = 2025-12-03", 'proof = "figure"', 15, "phases.0.deliverables.0.unit", "write unit"),
        ("due = 2025-12-03", 'proof = "quiz"', 15, "phases.0.deliverables.0.owed_by", "answered by persons"),
        ("due = 2025-12-03", 'proof = "form"\nowed_by = "heads"', 15, "phases.0.deliverables.0.form", "form"),
        ('key = "rectify"', 'key = "selfcheck"', 10, "phases.0.key", "second time"),
        ('key = "weekly"', 'key = "report"', 16, "phases.0.deliverables.0.key", "second time"),
        ('key = "weekly"', 'key = "summary"', 27, "phases.1.recurring.0.key", "summary is taken"),
        ('key = "clean"', 'key = "Clean!"', 1, "key", "small English letters"),
        ('every = "week"', 'every = "year"', 29, "phases.1.recurring.0.every", "must be one of"),
        ('every = "week"', 'every = "quarter"', 29, "phases.1.recurring.0.every", "so short"),
        ('title = "周报"', 'titel = "周报"', 28, "phases.1.recurring.0.titel", "did you mean `title`"),
        ("start = 2025-11-24", 'start = "morgen"', 3, "start", "must be a date"),
    ],
)
def test_every_mistake_is_explained_where_it_stands(
    folder: Path, old: str, new: str, line: int, key: str, message: str
) -> None:
    assert old in GOOD
    write(folder, GOOD.replace(old, new, 1))
    found = drive_problems(folder, HOSPITAL, make_book())
    lines = [(one.file, one.line, one.key, one.message) for one in found]
    matching = [one for one in found if one.key == key and message in one.message]
    assert matching, lines
    assert matching[0].file == "drives/clean.toml"
    assert matching[0].line == line
    assert matching[0].example


def test_two_drives_of_one_key_and_a_key_of_duties_toml_are_told(folder: Path) -> None:
    write(folder)
    write(folder, name="other")
    (told,) = drive_problems(folder, HOSPITAL, make_book())
    assert "also the key of drives/clean.toml" in str(told)
    (folder / "drives" / "other.toml").unlink()
    (told,) = drive_problems(folder, HOSPITAL, make_book({"key": "clean_report"}))
    assert "duties.toml has a duty `clean_report`" in str(told)


def test_a_wrong_drive_stops_with_one_line(folder: Path) -> None:
    write(folder, GOOD.replace('"纪检办"', '"无"'))
    with pytest.raises(ConfigError, match=r"drives/clean\.toml, line 4"):
        load_drives(folder, HOSPITAL)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("start", [date.fromisoformat(day) for day in DAYS])
def test_each_sample_becomes_a_drive_on_working_days(folder: Path, shape: str, start: date) -> None:
    """Over 春节 and 国庆 with their make-up days, the end of the year, and a leap day."""
    house, hospital = make_house(), sample_hospital()
    assert mistakes_of(sample(shape), hospital) == []
    path, drive = write_drive(folder, shape, start=start, title="", key="", lead="", house=house)
    assert drive_problems(folder, house.hospital, make_book()) == []
    assert drive.start == start
    for phase in drive.phases:
        assert house.calendar.is_working_day(drive.first(phase))
        assert house.calendar.is_working_day(drive.last(phase))
    remarks = [line for line in sample_text(shape).splitlines() if line.startswith("#")]
    assert [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")] == remarks
    assert path.stat().st_mode & 0o077 == 0


def test_a_drive_of_ones_own_overwrites_nothing_and_takes_any_title(folder: Path) -> None:
    house = make_house()
    write_drive(folder, "single", start=DECEMBER, title='"x" \\ = [y]', key="mine", lead="", house=house)
    assert load_drives(folder, house.hospital)[0].title == '"x" \\ = [y]'
    with pytest.raises(ConfigError, match="already"):
        write_drive(folder, "single", start=DECEMBER, title="", key="mine", lead="", house=house)


@pytest.mark.parametrize(
    ("key", "title", "lead", "shape", "told"),
    [("../x", "", "", "single", "--key"), ("a" * 11, "", "", "single", "--key"),
     ("", "x\ny = 1", "", "single", "--title"), ("", "长" * 41, "", "single", "--title"),
     ("", "", "没有", "single", "--lead"), ("", "", "", "round", "no shape")],
)  # fmt: skip
def test_wrong_wishes_write_nothing(
    folder: Path, key: str, title: str, lead: str, shape: str, told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        write_drive(folder, shape, start=DECEMBER, title=title, key=key, lead=lead, house=make_house())
    assert list((folder / "drives").iterdir()) == []


def test_an_end_is_written_beside_the_start_and_all_else_stays(folder: Path) -> None:
    write(folder, GOOD.replace("start =", "# 开始\nstart ="))
    path = folder / "drives" / "clean.toml"
    for day in (date(2025, 12, 1), date(2025, 12, 2)):
        end_drive_file(path, day)
        assert load_drives(folder, HOSPITAL)[0].ended == day
    assert "# 开始" in path.read_text("utf-8")


_KEYS = st.sampled_from(["key", "title", "from", "to", "due", "start", "phases", "lead", "every", "x"])
_VALUES = st.one_of(
    st.integers(), st.text(max_size=5), st.dates(), st.booleans(), st.floats(allow_nan=False), st.none(),
    st.lists(st.integers(), max_size=2),
)  # fmt: skip


@given(st.lists(st.tuples(_KEYS, _VALUES), max_size=4))
def test_any_values_are_a_drive_or_explained(pairs: list[tuple[str, object]]) -> None:
    """Whatever stands in a file, it is read or refused, and what is read can be looked through."""
    from pydantic import ValidationError

    data = tomllib.loads(GOOD)
    phase = data["phases"][0]
    for key, value in pairs:
        (phase if key in ("from", "to") else data)[key] = value
    try:
        drive = Drive.model_validate(data)
    except ValidationError:
        return
    mistakes_of(drive, HOSPITAL, make_book())
