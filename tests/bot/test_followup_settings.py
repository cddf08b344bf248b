"""[followup] in hospital.toml: the sample is what the program does anyway, and each mistake is explained."""

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from bot.config_text import wording
from bot.hospital_file import load_hospital, problems
from storage.hospital import Hospital
from storage.hospital_followup import Columns, Followup, Question, SurveyPlan, Ward
from storage.hospital_types import Section

GOOD = """\
name = "示例医院"
discipline_office = "纪检办"
service_desk = "纪检办"
praise_office = "纪检办"

[[offices]]
name = "纪检办"

[routing]
red_envelope = { lead = "纪检办" }

[followup]
late = 4

[[followup.plans]]
key = "day3"
kind = "satisfaction"
after_days = 3
questions = ["overall", "say"]

[[followup.plans]]
key = "day30"
kind = "integrity"
after_days = 30
departments = ["骨科"]
questions = ["money"]

[[followup.questions]]
key = "meals"
scale = "rating"
text = "饭菜满意吗？"

[[followup.wards]]
department = "骨科"
nurse_line = "8000"
"""
_LAST = 'nurse_line = "8000"'
_ANOTHER = """
[[followup.plans]]
key = "more"
kind = "integrity"
after_days = 60
departments = ["内科", "骨科"]
questions = ["money"]"""


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "message", "example"),
    [
        ("late = 4", "lates = 4", 13, "lates", "did you mean `late`?", "late = 4"),
        ("late = 4", "late = -1", 13, "late", "0 or more", "late = 4"),
        ("late = 4", 'enabled = "yes"', 13, "enabled", "true or false", "enabled = true"),
        ("late = 4", 'quiet_from = "8点"', 13, "quiet_from", "time of day", '"20:00"'),
        ("late = 4", "least_answers = 3", 13, "least_answers", "10 or more", "least_answers = 10"),
        ("late = 4", 'columns = { contakt = ["x"] }', 13, "columns.contakt", "`contact`?", "联系手机"),
        ("late = 4", 'columns = { contact = "x" }', 13, "columns.contact", "list", "联系手机"),
        ('kind = "satisfaction"', 'kind = "rating"', 17, "plans.0.kind", "'satisfaction'", "kind ="),
        ('"day3"', '"Tag 3"', 16, "plans.0.key", "small English letters", 'key = "day3"'),
        ("after_days = 3\n", "", 15, "plans.0", "either after_days or after_hours", "[[followup.plans]]"),
        ("after_days = 3\n", "after_days = 3\nafter_hours = 9\n", 15, "plans.0", "either", "[[followup"),
        ("after_days = 3\n", "after_days = 999\n", 18, "plans.0.after_days", "365 or less", "after_days = 3"),
        ('["overall", "say"]', "[]", 19, "plans.0.questions", "at least one", '["overall"'),
        ('["overall", "say"]', str(["overall"] * 6), 19, "plans.0.questions", "more than 5", '["overall"'),
        ('scale = "rating"', 'scale = "stars"', 30, "questions.0.scale", "'often'", "scale ="),
        ('text = "饭菜满意吗？"\n', "", 28, "questions.0.text", "missing", "饭菜"),
        ('department = "骨科"\n', "", 33, "wards.0.department", "missing", "骨科"),
        # what does not fit together
        ('"day30"', '"day3"', 22, "plans.1.key", "`day3` stands here a second time", 'key = "day3"'),
        ('"overall", "say"', '"overall", "overal"', 19, "plans.0.questions.1", "mean `overall`?", "overall"),
        ('"overall", "say"', '"overall", "wxyz"', 19, "plans.0.questions.1", "no question `wxyz`", "over"),
        ('"overall", "say"', '"overall", "overall"', 19, "plans.0.questions.1", "second time", "overall"),
        ('"overall", "say"', '"doctor", "say"', 19, "plans.0.questions", "needs the question over", "over"),
        ('"overall", "say"', '"overall", "money"', 19, "plans.0.questions.1", "asked apart", "overall"),
        ('["money"]', '["money", "say"]', 26, "plans.1.questions.1", "question of satisfaction", "over"),
        ('"meals"', '"overall"', 30, "questions.0.scale", "has the scale rating", "scale ="),
        (_LAST, _LAST + _ANOTHER, 40, "plans.2.departments.1", "`骨科` stands in two plans", "日间手术"),
        (
            _LAST,
            _LAST + '\n[[followup.wards]]\ndepartment = "骨科"',
            37,
            "wards.1.department",
            "second",
            "骨科",
        ),
        ("late = 4", 'care_office = "护理部"', 13, "care_office", "no office `护理部`", "care_office ="),
        ("late = 4", 'recovery_office = "纪检"', 13, "recovery_office", "mean `纪检办`?", "recovery_office"),
        ("late = 4", 'quiet_until = "20:00"', 13, "quiet_until", "less than an hour", '"09:00"'),
        ("late = 4", 'quiet_until = "19:30"', 13, "quiet_until", "less than an hour", '"09:00"'),
        ("late = 4", "remind_after = 14", 13, "remind_after", "less than expire_after", "remind_after = 2"),
    ],
)
def test_each_mistake_is_explained_where_it_stands(
    tmp_path: Path, old: str, new: str, line: int, key: str, message: str, example: str
) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    if message.startswith("has the scale"):
        text = text.replace('scale = "rating"', 'scale = "often"')
    (tmp_path / "hospital.toml").write_text(text, encoding="utf-8")
    found = [one for one in problems(tmp_path) if one.key == f"followup.{key}"]
    assert len(found) == 1, problems(tmp_path)
    assert found[0].line == line
    assert message in found[0].message
    assert example in found[0].example


def test_a_correct_section_is_read(tmp_path: Path) -> None:
    (tmp_path / "hospital.toml").write_text(GOOD, encoding="utf-8")
    assert problems(tmp_path) == []
    rules = load_hospital(tmp_path).followup
    assert [plan.key for plan in rules.plans] == ["day3", "day30"]
    assert rules.bank["meals"].text == "饭菜满意吗？"


def test_sample_says_what_is_done_without_it_and_has_a_plan_for_day_surgery() -> None:
    sample = tomllib.loads(files("bot").joinpath("data/hospital.toml").read_text("utf-8"))
    rules = Hospital.model_validate(sample).followup
    usual = Followup()
    assert rules.plans[:2] == usual.plans
    assert rules.plans[2].after_hours == 24
    same = set(Followup.model_fields) - {"plans", "care_office", "recovery_office"}
    assert {name: getattr(rules, name) for name in same} == {name: getattr(usual, name) for name in same}
    assert (rules.care_office, rules.recovery_office) == ("护理部", "投诉办")
    assert set(Followup.model_fields) - set(sample["followup"]) == {"questions", "columns", "wards"}


def test_lines_of_the_sample_that_are_commented_out_are_right() -> None:
    text = files("bot").joinpath("data/hospital.toml").read_text("utf-8")
    begin, end = text.index("[followup]"), text.index("# ── 常见问题")
    told = [line.removeprefix("# ") for line in text[begin:end].splitlines() if line.startswith("# ")]
    lines = [line for line in told if line.startswith("[") or " = " in line]
    data = tomllib.loads("\n".join(lines))["followup"]
    rules = Followup.model_validate(data)
    assert rules.columns.contact == ("联系手机",)
    assert rules.nurse_line("骨科", "骨科二病区")
    assert rules.questions[0].key == "meals"


@pytest.mark.parametrize(
    ("section", "model"),
    [
        ("followup", Followup), ("followup.plans", SurveyPlan), ("followup.questions", Question),
        ("followup.wards", Ward), ("followup.columns", Columns),
    ],
)  # fmt: skip
def test_every_key_has_an_example(section: str, model: type[Section]) -> None:
    examples = wording()["examples"]
    assert {f"{section}.{name}" for name in model.model_fields} <= set(examples)
