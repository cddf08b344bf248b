"""holidays.toml: days, ranges, and each kind of mistake."""

from datetime import date
from pathlib import Path

import pytest

from bot.holiday_file import holiday_problems, load_holidays
from storage.errors import ConfigError


def test_days_and_ranges_are_read(tmp_path: Path) -> None:
    (tmp_path / "holidays.toml").write_bytes(
        "\ufeff[2027]\r\noff = [2027-01-01, '2027-02-05 .. 2027-02-07']\r\nwork = ['2027-02-14']\r\n".encode()
    )
    assert load_holidays(tmp_path) == {
        date(2027, 1, 1): True,
        date(2027, 2, 5): True,
        date(2027, 2, 6): True,
        date(2027, 2, 7): True,
        date(2027, 2, 14): False,
    }


@pytest.mark.parametrize("text", [None, "", "# nothing yet\n"])
def test_no_file_or_an_empty_one_is_fine(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "holidays.toml").write_text(text, encoding="utf-8")
    assert load_holidays(tmp_path) == {}
    assert holiday_problems(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "line", "key", "message"),
    [
        ("off = ['2027-01-01']", 1, "off", "not a year"),
        ("2027 = 1", 1, "2027", "must be a section"),
        ("[27]\noff = []", 1, "27", "not a year"),
        ("[2027]\noff = '2027-01-01'", 2, "2027.off", "list"),
        ("[2027]\nfree = []", 2, "2027.free", "unknown key"),
        ("[2027]\noff = ['1.1.2027']", 2, "2027.off", "not a date"),
        ("[2027]\noff = ['2027-02-30']", 2, "2027.off", "not a date"),
        ("[2027]\noff = [7]", 2, "2027.off", "not a date"),
        ("[2027]\noff = [2027-01-01T00:00:00]", 2, "2027.off", "not a date"),
        ("[2027]\noff = ['2027-01-01..2027-01-02..2027-01-03']", 2, "2027.off", "not a date"),
        ("[2027]\n\noff = ['2026-01-01']", 3, "2027.off", "not lie in this year"),
        ("[2027]\noff = ['2027-02-07..2027-02-05']", 2, "2027.off", "ends before"),
        ("[2027]\noff = ['2027-02-05..2027-12-07']", 2, "2027.off", "longer than a month"),
        ("[2027]\noff = ['2027-02-05']\nwork = ['2027-02-05']", 1, "2027", "in off and in work"),
        ("[2027\n", 1, "", "not TOML"),
    ],
)
def test_each_mistake_is_explained(tmp_path: Path, text: str, line: int, key: str, message: str) -> None:
    (tmp_path / "holidays.toml").write_text(text, encoding="utf-8")
    (found,) = holiday_problems(tmp_path)
    assert (found.file, found.line, found.key) == ("holidays.toml", line, key)
    assert message in found.message
    assert "2027-10-01..2027-10-07" in found.example
    with pytest.raises(ConfigError) as caught:
        load_holidays(tmp_path)
    assert str(caught.value) == str(found)
