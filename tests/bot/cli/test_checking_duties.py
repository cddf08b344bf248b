"""lianxin check: duties that reach nobody on the roster."""

from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from bot.cli.checking_duties import about_duties
from bot.data_folder import DataFolder
from storage.staff.employees import add_employee

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
BOOK = """\
[[groups]]
name = "院领导"

[[duties]]
key = "round"
title = "查房"
owed_by = { groups = ["院领导"] }
when = { monthly = 25 }

[[duties]]
key = "study"
title = "学习"
owed_by = { offices = ["药剂科"] }
when = { monthly = 25 }
"""


def test_a_group_without_people_is_told_until_somebody_is_in_it(data: Path, folder: DataFolder) -> None:
    (data / "duties.toml").write_text(BOOK, encoding="utf-8")
    vault = folder.vault

    def join(session: Session, groups: tuple[str, ...] = ()) -> None:
        add_employee(session, "赵敏", "药剂科", groups=groups, vault=vault, now=NOW)

    folder.database.run_now(join)
    (told,) = [line for line in about_duties(folder, now=NOW) if "roster" in line]
    assert "owes round: name offices" in told
    folder.database.run_now(lambda session: join(session, ("院领导",)))
    assert not [line for line in about_duties(folder, now=NOW) if "roster" in line]


def test_messages_before_holidays_that_nobody_knows_yet_are_told(data: Path, folder: DataFolder) -> None:
    gala = '[[duties]]\nkey = "gala"\ntitle = "节前提醒"\nowed_by = { everyone = true }\n'
    (data / "duties.toml").write_text(gala + "when = { before_holidays = 2 }\n", encoding="utf-8")
    (told,) = [line for line in about_duties(folder, now=NOW) if "节前提醒" in line]
    assert "in 2027" in told
    assert not [line for line in about_duties(folder, now=NOW.replace(year=2025)) if "节前提醒" in line]
