"""hospital.toml: the sample is right, and each kind of mistake is explained where it stands."""

from pathlib import Path

import pytest

from bot.hospital_file import load_holidays, load_hospital, problems, write_samples
from nlp.taxonomy import Category
from storage.errors import ConfigError

GOOD = """\
name = "示例医院"
discipline_office = "纪检办"
service_desk = "投诉办"
praise_office = "投诉办"

[[offices]]
name = "纪检办"

[[offices]]
name = "投诉办"
aliases = ["客服"]

[routing]
red_envelope = { lead = "纪检办" }

[clocks]
decide = 3
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a small correct hospital.toml."""
    (tmp_path / "hospital.toml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def write(folder: Path, old: str, new: str) -> None:
    assert old in GOOD
    (folder / "hospital.toml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")


def test_sample_has_no_mistake_and_all_offices_of_the_default_table(tmp_path: Path) -> None:
    assert [path.name for path in write_samples(tmp_path)] == [
        "hospital.toml",
        "holidays.toml",
        "words.csv",
        "duties.toml",
        "questions.toml",
    ]
    assert problems(tmp_path) == []
    hospital = load_hospital(tmp_path)
    for category in Category:
        route = hospital.routing[category]
        assert (route.lead, route.supporting) == (category.facts.lead, category.facts.supporting)
    assert len(hospital.departments) >= 12
    assert len(hospital.faq) >= 8
    assert load_holidays(tmp_path) == {}


def test_samples_never_overwrite(folder: Path) -> None:
    assert [path.name for path in write_samples(folder)] == [
        "holidays.toml",
        "words.csv",
        "duties.toml",
        "questions.toml",
    ]
    assert (folder / "hospital.toml").read_text("utf-8") == GOOD


def test_a_correct_file_is_read(folder: Path) -> None:
    assert problems(folder) == []
    assert load_hospital(folder).offices[1].aliases == ("客服",)


@pytest.mark.parametrize(
    "raw", [b"\xef\xbb\xbf" + GOOD.encode(), GOOD.replace("\n", "\r\n").encode()], ids=["bom", "windows"]
)
def test_byte_order_mark_and_windows_line_ends_are_fine(folder: Path, raw: bytes) -> None:
    (folder / "hospital.toml").write_bytes(raw)
    assert load_hospital(folder).name == "示例医院"


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "message", "example"),
    [
        # not TOML
        ('name = "示例医院"', 'name = "示例医院', 1, "", "not TOML", "name ="),
        ('name = "示例医院"', "name = “示例医院”", 1, "", "Chinese quotation marks", "name ="),
        ("decide = 3", "decide = ", 17, "", "not TOML", "name ="),
        ("decide = 3", "decide = 3\ndecide = 4", 18, "", "not TOML", "name ="),
        ("[clocks]", "[clocks", 16, "", "not TOML", "name ="),
        # keys
        ('name = "示例医院"', 'nam = "示例医院"', 1, "nam", "did you mean `name`?", "name = "),
        ('service_desk = "投诉办"\n', "", 1, "service_desk", "missing", "service_desk = "),
        ("decide = 3", "decied = 3", 17, "clocks.decied", "did you mean `decide`?", "decide = 3"),
        ("decide = 3", "zzz = 3", 17, "clocks.zzz", "unknown key", "[clocks]"),
        ("decide = 3", 'timezone = "UTC"', 17, "clocks.timezone", "at the top of the file", "Asia/Shanghai"),
        ('name = "投诉办"\n', "", 9, "offices.1.name", "missing", 'name = "药剂科"'),
        ("aliases =", "alias =", 11, "offices.1.alias", "did you mean `aliases`?", "aliases ="),
        ("{ lead =", "{ led =", 14, "routing.red_envelope.led", "did you mean `lead`?", "lead ="),
        # types
        ('name = "示例医院"', "name = 7", 1, "name", "text in quotation marks", "name ="),
        ('name = "示例医院"', 'name = ""', 1, "name", "not be empty", "name ="),
        ('name = "示例医院"', f'name = "{"医" * 31}"', 1, "name", "at most 30", "name ="),
        ('name = "示例医院"', 'name = "x"\nexit_url = "www.x.cn"', 2, "exit_url", "web address", "https://"),
        ('name = "示例医院"', 'name = "x"\nexit_url = "javascript:1"', 2, "exit_url", "web address", "https"),
        ('name = "示例医院"', 'name = "x"\nexit_url = "http://x\\r\\ny: z"', 2, "exit_url", "web", "https"),
        ('name = "示例医院"', 'name = "x"\nexit_url = 7', 2, "exit_url", "web address", "https://"),
        ("decide = 3", 'decide = "3"', 17, "clocks.decide", "whole number", "decide = 3"),
        ("decide = 3", "decide = true", 17, "clocks.decide", "whole number", "decide = 3"),
        ("decide = 3", "decide = -3", 17, "clocks.decide", "1 or more", "decide = 3"),
        ("decide = 3", "decide = 999", 17, "clocks.decide", "250 or less", "decide = 3"),
        ("decide = 3", "reminders = [50, 101]", 17, "clocks.reminders.1", "100 or less", "reminders ="),
        ("decide = 3", 'day_starts = "9点"', 17, "clocks.day_starts", "time of day", '"09:00"'),
        ("decide = 3", "day_starts = 9", 17, "clocks.day_starts", "time of day", '"09:00"'),
        ("decide = 3", 'day_ends = "24:30"', 17, "clocks.day_ends", "23:59", '"17:00"'),
        ('aliases = ["客服"]', 'aliases = "客服"', 11, "offices.1.aliases", "list", "aliases = ["),
        (
            "[clocks]\ndecide = 3",
            "[files]\nkeep_uncleaned = 1",
            17,
            "files.keep_uncleaned",
            "true or false",
            "true",
        ),
        ('{ lead = "纪检办" }', '"纪检办"', 14, "routing.red_envelope", "keys of its own", "kickback = {"),
        # what does not fit together
        (
            'service_desk = "投诉办"',
            'service_desk = "投诉科"',
            3,
            "service_desk",
            "mean `投诉办`?",
            "service_desk =",
        ),
        (
            '{ lead = "纪检办" }',
            '{ lead = "药剂科" }',
            14,
            "routing.red_envelope.lead",
            "no office `药剂科`",
            "lead =",
        ),
        ("red_envelope =", "red_envelop =", 14, "routing.red_envelop", "mean `red_envelope`?", "kickback ="),
        ('["客服"]', '["纪检办"]', 11, "offices.1.aliases.0", "a second time", "aliases ="),
        ('["客服"]', '["全院"]', 11, "offices.1.aliases.0", "the whole house", "aliases ="),
        ('["客服"]', '["客"]', 11, "offices.1.aliases.0", "at least two", "aliases ="),
        (
            'name = "示例医院"',
            'name = "a"\ntimezone = "北京"',
            2,
            "timezone",
            "no time zone `北京`",
            "Asia/Shanghai",
        ),
        ("decide = 3", 'day_ends = "08:00"', 17, "clocks.day_ends", "open before it closes", '"17:00"'),
    ],
)
def test_each_mistake_is_explained_where_it_stands(
    folder: Path, old: str, new: str, line: int, key: str, message: str, example: str
) -> None:
    write(folder, old, new)
    found = [one for one in problems(folder) if one.key == key]
    assert len(found) == 1
    assert (found[0].file, found[0].line) == ("hospital.toml", line)
    assert message in found[0].message
    assert example in found[0].example
    with pytest.raises(ConfigError) as caught:
        load_hospital(folder)
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_one_line_tells_file_line_key_message_and_example(folder: Path) -> None:
    write(folder, "decide = 3", "decide = 0")
    with pytest.raises(ConfigError) as caught:
        load_hospital(folder)
    assert str(caught.value) == (
        "hospital.toml, line 17, clocks.decide: must be 1 or more. Example: decide = 3"
    )


def test_all_mistakes_are_told_in_the_order_of_lines_and_counted(folder: Path) -> None:
    (folder / "hospital.toml").write_text(
        GOOD.replace("decide = 3", "decide = 0").replace('"示例医院"', "1"), encoding="utf-8"
    )
    assert [one.key for one in problems(folder)] == ["name", "clocks.decide"]
    with pytest.raises(ConfigError, match=r"\(1 more: see `lianxin check`\)$"):
        load_hospital(folder)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (GOOD.encode("gbk"), "not UTF-8"),
        (GOOD.encode("utf-16"), "not UTF-8"),
        (b"a = " + b"[" * 20_000, "not TOML"),
        (b"a = " + b"9" * 20_000, "not TOML"),
        (b"\x00", "not TOML"),
    ],
    ids=["empty", "blank", "gbk", "utf-16", "deep", "huge", "nul"],
)
def test_a_file_that_is_no_toml_at_all_is_explained(folder: Path, raw: bytes, message: str) -> None:
    (folder / "hospital.toml").write_bytes(raw)
    (found,) = problems(folder)
    assert message in found.message
    assert len(str(found)) < 250


def test_missing_and_unreadable_files_are_explained(tmp_path: Path) -> None:
    assert "no such file" in problems(tmp_path)[0].message
    (tmp_path / "hospital.toml").mkdir()
    assert "cannot be read" in problems(tmp_path)[0].message
    with pytest.raises(ConfigError, match="cannot be read"):
        load_hospital(tmp_path)


def test_mistakes_in_both_files_are_told(folder: Path) -> None:
    write(folder, "decide = 3", "decide = 0")
    (folder / "holidays.toml").write_text("[2027]\noff = 1\n", encoding="utf-8")
    assert [one.file for one in problems(folder)] == ["hospital.toml", "holidays.toml"]
