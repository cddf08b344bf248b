"""duties.toml: the sample is right, and each kind of mistake is explained where it stands."""

from importlib.resources import files
from pathlib import Path

import pytest

from bot.config_text import Problem
from bot.duty_file import duty_problems, load_duties
from bot.hospital_file import load_hospital, problems, write_samples
from storage.duties.book import Answers, Proof
from storage.errors import ConfigError
from storage.hospital import Hospital
from tests.factories import make_hospital

GOOD = """\
[reminding]
at = "08:30"

[[groups]]
name = "重点岗位"
offices = ["药剂科"]

[[forms]]
key = "promise"
title = "承诺书"
text = "我承诺"

[[duties]]
key = "study"
title = "专题学习"
owed_by = { everyone = true }
when = { monthly = "last working day" }

[[duties]]
key = "report"
title = "月报"
owed_by = { offices = ["药剂科"], groups = ["重点岗位"] }
each = "office"
when = { after = "study", days = 3 }
done = "form"
form = "promise"
to_office = "纪检办"
"""
HOSPITAL = make_hospital()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a small correct duties.toml."""
    (tmp_path / "duties.toml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def write(folder: Path, old: str, new: str) -> None:
    assert old in GOOD
    (folder / "duties.toml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")


def only(found: list[Problem], key: str) -> Problem:
    (problem,) = [one for one in found if one.key == key]
    return problem


def test_the_sample_is_right_with_the_sample_hospital_and_has_the_whole_catalogue(tmp_path: Path) -> None:
    write_samples(tmp_path)
    assert problems(tmp_path) == []
    hospital = load_hospital(tmp_path)
    book = load_duties(tmp_path, hospital)
    assert {
        "study", "warning_class", "drug_top_ten", "material_top_ten", "monthly_report", "half_year_summary",
        "year_report", "statistics_table", "weekly_report", "price_training", "price_inspection",
        "volume_purchase", "red_envelope_drive", "insurance_publicity", "insurance_inspection", "ward_round",
        "reception_day", "self_check", "supplier_promise", "ethics_appraisal", "nine_rules", "party_check",
        "promise", "holiday_message", "positive_rate", "prescription_review", "rectification",
    } <= book.by_key.keys()  # fmt: skip
    weekly = book.by_key["weekly_report"]
    assert (weekly.when.weekly, f"{weekly.at:%H:%M}", weekly.each) == (5, "11:00", Answers.OFFICE)
    assert len(book.by_key["holiday_message"].texts) >= 3
    assert {duty.done for duty in book.duties} == set(Proof)
    assert {duty.when.way for duty in book.duties} >= {
        "monthly", "quarterly", "half_yearly", "yearly", "weekly", "every", "rrule", "after",
        "before_holidays", "on_request",
    }  # fmt: skip
    assert set(hospital.clinical) >= set(next(one for one in book.groups if one.name == "临床科室").offices)


def test_texts_of_the_sample_are_short_enough_to_read_on_a_phone() -> None:
    text = files("bot").joinpath("data/duties.toml").read_text("utf-8")
    assert "\t" not in text
    assert max(map(len, text.splitlines())) <= 120


def test_a_correct_file_is_read(folder: Path) -> None:
    assert duty_problems(folder, HOSPITAL) == []
    assert [duty.key for duty in load_duties(folder, HOSPITAL).duties] == ["study", "report"]


def test_without_the_file_nobody_owes_anything(tmp_path: Path) -> None:
    assert duty_problems(tmp_path, HOSPITAL) == []
    assert load_duties(tmp_path, HOSPITAL).duties == ()


def test_an_empty_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "duties.toml").write_bytes(b"")
    assert "empty" in duty_problems(tmp_path, HOSPITAL)[0].message


WHEN = 'when = { monthly = "last working day" }'


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "message"),
    [
        # not TOML, unknown keys
        (WHEN, "when = { monthly = “last” }", 17, "", "Chinese quotation marks"),
        (WHEN, 'whem = { monthly = "last day" }', 17, "duties.0.whem", "did you mean `when`?"),
        (WHEN, "when = { montly = 5 }", 17, "duties.0.when.montly", "did you mean `monthly`?"),
        (WHEN, "", 13, "duties.0.when", "missing"),
        ('at = "08:30"', 'nag = 3', 2, "reminding.nag", "unknown key"),
        ('key = "study"', 'key = "Study"', 14, "duties.0.key", "small English letters"),
        ('title = "专题学习"', 'title = "学"', 15, "duties.0.title", "at least 2"),
        # when
        (WHEN, "when = {}", 17, "duties.0.when", "does not say when"),
        (WHEN, "when = { monthly = 5, weekly = 1 }", 17, "duties.0.when", "several ways"),
        (WHEN, "when = { monthly = 5, days = 1 }", 17, "duties.0.when", "`days` belongs to after or"),
        (WHEN, 'when = { every = "2 weeks" }', 17, "duties.0.when", "write since"),
        (WHEN, 'when = { every = "weeks", since = 2026-01-09 }', 17, "duties.0.when.every", "days, weeks or"),
        (WHEN, "when = { quarterly = 5, month = 4 }", 17, "duties.0.when", "3 or less"),
        (WHEN, 'when = { yearly = "02-30" }', 17, "duties.0.when.yearly.0", "no year has"),
        (WHEN, "when = { monthly = 31 }", 17, "duties.0.when.monthly", "last day"),
        (WHEN, "when = { quarterly = 31 }", 17, "duties.0.when.quarterly", "last day"),
        (WHEN, "when = { quarterly = 29, month = 2 }", 17, "duties.0.when.quarterly", "last day"),
        (WHEN, "when = { half_yearly = 31 }", 17, "duties.0.when.half_yearly", "last day"),
        (WHEN, 'when = { monthly = "last wednesday" }', 17, "duties.0.when.monthly", "first working day"),
        (WHEN, 'when = { weekly = "星期八" }', 17, "duties.0.when.weekly", "weekday"),
        (WHEN, 'when = { dates = ["2026-02-30"] }', 17, "duties.0.when.dates.0", "a date that there is"),
        (WHEN, "when = { dates = [0206-06-30] }", 17, "duties.0.when.dates", "is the year wrong?"),
        (WHEN, 'when = { rrule = "FREQ=DAILY", since = 0001-01-01 }', 17, "duties.0.when.since",
         "is the year wrong?"),
        (WHEN, 'when = { rrule = "FREQ=HOURLY" }', 17, "duties.0.when.rrule", "RFC 5545"),
        (WHEN, 'when = { rrule = "FREQ=DAILY;COUNT=3" }', 17, "duties.0.when.rrule", "`COUNT` is not taken"),
        (WHEN, 'when = { rrule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" }', 17, "duties.0.when.rrule",
         "never comes true"),
        (WHEN, 'when = { rrule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR" }', 17, "duties.0.when.since",
         "counts from a day"),
        (WHEN, 'when = { cron = "0 17 30 2 *" }', 17, "duties.0.when.cron", "not a cron line"),
        (WHEN, 'when = { cron = "0 * 5 * *" }', 17, "duties.0.when.cron", "more than once a day"),
        (WHEN, 'when = { cron = "0 9 5 * *" }', 17, "duties.0.when.cron", "the line says 09:00"),
        (WHEN, "when = { before_holidays = 0 }", 17, "duties.0.when.before_holidays", "1 or more"),
        (WHEN, 'when = { after = "repor" }', 17, "duties.0.when.after", "did you mean `report`?"),
        (WHEN, 'when = { after = "report" }', 17, "duties.0.when.after", "study → report → study"),
        (WHEN, "when = { on_request = true }", 24, "duties.1.when.after", "has no day to count from"),
        # who, what, to whom
        ("{ everyone = true }", "{}", 16, "duties.0.owed_by", "nobody owes"),
        ('{ everyone = true }', '{ offices = ["药济科"] }', 16, "duties.0.owed_by.offices.0",
         "mean `药剂科`?"),
        ('groups = ["重点岗位"]', 'groups = ["重点"]', 22, "duties.1.owed_by.groups.0", "mean `重点岗位`?"),
        ('offices = ["药剂科"]', 'offices = ["火箭"]', 6, "groups.0.offices.0", "no office or department"),
        ('to_office = "纪检办"', 'to_office = "纪检"', 27, "duties.1.to_office", "mean `纪检办`?"),
        ('form = "promise"', 'form = "promises"', 26, "duties.1.form", "mean `promise`?"),
        ('form = "promise"\n', "", 25, "duties.1.done", "write form"),
        ('done = "form"', 'done = "text"', 26, "duties.1.form", "only where done"),
        ('done = "form"\nform = "promise"', 'done = "figure"', 25, "duties.1.done", "write figure"),
        ('done = "form"\nform = "promise"', 'done = "quiz"', 23, "duties.1.each", "each person"),
        (WHEN, f'{WHEN}\ndone = "quiz"\nquiz = {{ questions = 50, rules = [1] }}', 19,
         "duties.0.quiz.questions", "questions to draw from"),
        (WHEN, f'{WHEN}\ntimezone = "Asia/Shanghaj"', 18, "duties.0.timezone", "no time zone"),
        ('key = "report"', 'key = "study"', 20, "duties.1.key", "a second time"),
        (WHEN, f'{WHEN}\nfile = "准则.pdf"', 18, "duties.0.file", "no file `准则.pdf`"),
        (WHEN, f'{WHEN}\nfile = "../keys"', 18, "duties.0.file", "without any folder"),
        (WHEN, f'{WHEN}\nlink = "javascript:alert(1)"', 18, "duties.0.link", "https://"),
        # reminding, forms
        ('at = "08:30"', 'at = "23:00"', 2, "reminding.at", "quiet hours"),
        ('at = "08:30"', 'quiet_until = "19:30"', 2, "reminding.quiet_until", "less than an hour"),
        ('at = "08:30"', "head_after = 5", 1, "reminding.discipline_after", "must not hear before"),
        ('text = "我承诺"', "", 8, "forms.0", "neither a text nor questions"),
        ('text = "我承诺"', '[[forms.questions]]\nkey = "a"\nkind = "choice"\ntext = "是吗"', 11,
         "forms.0.questions.0", "at least two choices"),
    ],
)  # fmt: skip
def test_each_mistake_is_explained_where_it_stands(
    folder: Path, old: str, new: str, line: int, key: str, message: str
) -> None:
    write(folder, old, new)
    found = only(duty_problems(folder, HOSPITAL), key)
    assert (found.file, found.line) == ("duties.toml", line)
    assert message in found.message
    assert found.example
    with pytest.raises(ConfigError) as caught:
        load_duties(folder, HOSPITAL)
    assert "\n" not in str(caught.value)


def test_every_key_of_the_file_has_an_example_of_its_own() -> None:
    from bot.config_text import wording
    from bot.duty_file import _SECTIONS

    examples = wording()["duty_examples"]
    silent = {"duties.phase", "duties.drive"}  # set by drives
    for section, model in _SECTIONS.items():
        for name in model.model_fields:
            key = f"{section}.{name}".strip(".")
            assert key in examples or key in silent or section in examples, key


def test_offices_are_looked_up_only_where_the_hospitals_file_is_right(folder: Path) -> None:
    write(folder, 'offices = ["药剂科"]', 'offices = ["火箭"]')
    hospital: Hospital | None = None
    assert duty_problems(folder, hospital) == []


def test_mistakes_are_told_beside_those_of_the_other_files(folder: Path) -> None:
    write_samples(folder)
    write(folder, WHEN, "when = { monthly = 31 }")
    (folder / "holidays.toml").write_text("[2027]\noff = 1\n", encoding="utf-8")
    assert {one.file for one in problems(folder)} == {"holidays.toml", "duties.toml"}


def test_material_that_lies_in_its_folder_is_found(folder: Path) -> None:
    write(folder, WHEN, f'{WHEN}\nfile = "准则.pdf"')
    (folder / "materials").mkdir()
    (folder / "materials" / "准则.pdf").write_bytes(b"%PDF-")
    assert duty_problems(folder, HOSPITAL) == []
