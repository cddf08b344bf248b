"""The roster comes in from a file, codes go out on paper; people move, leave and return by hand."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, col, select

from bot.data_folder import DataFolder
from storage.event_names import EventName
from storage.events import Event
from storage.invites import Invite, check_invite
from storage.members import Member, Role, add_member
from storage.staff.employees import Employee, Employment, find_employee, open_sealed
from storage.staff.linking import employee_for
from storage.trail_check import check_trail
from tests.bot.cli.conftest import Command
from tests.bot.staff.tables import csv_of, row_with
from tests.factories import MONDAY

NAMES = ("赵敏", "钱进", "孙莉", "李强", "周洁")
PEOPLE = [row_with(工号=str(1000 + place), 姓名=name) for place, name in enumerate(NAMES)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_bytes(csv_of(*PEOPLE))
    return path


def person(folder: DataFolder, number: str) -> Employee:
    def find(session: Session) -> Employee:
        found = find_employee(session, number, vault=folder.vault)
        assert found is not None
        return found

    return folder.database.run_now(find)


def events(folder: DataFolder, name: EventName) -> list[str]:
    found = select(Event.detail).where(col(Event.action) == name).order_by(col(Event.id))
    return folder.database.run_now(lambda session: list(session.exec(found)))


def counts(out: str) -> list[int]:
    rows = [line for line in out.splitlines() if line.startswith("│")]
    return [int(cell) for cell in re.findall(r"\d+", rows[-1])]


def test_the_same_file_twice_changes_nothing(
    lianxin: Command, data: Path, folder: DataFolder, file: Path
) -> None:
    first = lianxin("roster", "import", file, "--data", data)
    assert (first.code, counts(first.out)) == (0, [5, 0, 0, 0, 0, 0])
    assert person(folder, "1000").number != b"1000"
    again = lianxin("roster", "import", file, "--whole", "--data", data)
    assert counts(again.out) == [0, 0, 5, 0, 0, 0]
    check_trail(folder.database.run_now)
    assert all(
        "赵敏" not in detail and "1000" not in detail for detail in events(folder, EventName.ROSTER_IN)
    )


def test_bad_rows_are_listed_and_the_good_ones_go_in(
    lianxin: Command, data: Path, folder: DataFolder, file: Path, tmp_path: Path
) -> None:
    file.write_bytes(csv_of(*PEOPLE[:2], row_with(工号="9", 科室="宇航部"), row_with(工号="8", 姓名="=1+1")))
    problems = tmp_path / "problems.csv"
    ended = lianxin("roster", "import", file, "--problems-to", problems, "--data", data)
    assert (ended.code, counts(ended.out)) == (1, [2, 0, 0, 0, 0, 2])
    table = problems.read_text("utf-8-sig")
    assert "4,科室" in table
    assert "5,姓名" in table
    assert "宇航部" not in table + ended.out
    assert "1+1" not in table + ended.out


def test_a_dry_run_keeps_nothing(lianxin: Command, data: Path, folder: DataFolder, file: Path) -> None:
    ended = lianxin("roster", "import", file, "--dry-run", "--data", data)
    assert "nothing was kept" in ended.out
    assert folder.database.run_now(lambda session: session.exec(select(Employee)).all()) == []


def test_who_is_not_in_a_whole_roster_has_left_after_a_preview(
    lianxin: Command, data: Path, folder: DataFolder, file: Path
) -> None:
    lianxin("roster", "import", file, "--data", data)
    file.write_bytes(csv_of(*PEOPLE[:4]))
    ended = lianxin("roster", "import", file, "--whole", "--data", data)
    assert "1 of 5 people who work here are not in the table." in ended.out
    assert counts(ended.out) == [0, 0, 4, 1, 0, 0]
    assert person(folder, "1004").standing is Employment.LEFT
    back = csv_of(*PEOPLE)
    file.write_bytes(back)
    assert counts(lianxin("roster", "import", file, "--data", data).out) == [0, 0, 4, 0, 1, 0]
    assert person(folder, "1004").standing is Employment.ACTIVE


def test_half_a_table_lets_nobody_go_without_a_yes(
    lianxin: Command, data: Path, folder: DataFolder, file: Path
) -> None:
    lianxin("roster", "import", file, "--data", data)
    file.write_bytes(csv_of(*PEOPLE[:3]))
    refused = lianxin("roster", "import", file, "--whole", "--data", data)
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "2 of 5 people would be let go" in refused.err
    assert person(folder, "1004").standing is Employment.ACTIVE
    done = lianxin("roster", "import", file, "--whole", "--yes", "--data", data)
    assert counts(done.out) == [0, 0, 3, 2, 0, 0]


def test_a_number_that_cannot_be_read_lets_nobody_go(
    lianxin: Command, data: Path, folder: DataFolder, file: Path
) -> None:
    lianxin("roster", "import", file, "--data", data)
    file.write_bytes(csv_of(*PEOPLE[:4], row_with(工号="1.0E+03", 姓名="周洁")))
    refused = lianxin("roster", "import", file, "--whole", "--yes", "--data", data)
    assert "mend them first" in refused.err
    assert person(folder, "1004").standing is Employment.ACTIVE


def test_changed_names_offices_roles_and_leavers_are_taken_over(
    lianxin: Command, data: Path, folder: DataFolder, file: Path
) -> None:
    lianxin("roster", "import", file, "--data", data)
    file.write_bytes(
        csv_of(
            row_with(工号="1000", 姓名="赵敏敏"), row_with(工号="1001", 姓名="钱进", 科室="骨科"),
            row_with(工号="1002", 姓名="孙莉", 岗位="护士长"),
            row_with(工号="1003", 姓名="李强", 状态="离职"),
            row_with(工号="1004", 姓名="周洁"),
        )
    )  # fmt: skip
    assert counts(lianxin("roster", "import", file, "--data", data).out) == [0, 3, 1, 1, 0, 0]
    assert open_sealed(person(folder, "1000"), "name", vault=folder.vault) == "赵敏敏"
    assert person(folder, "1001").office == "骨科"
    assert person(folder, "1002").role is Role.HEAD
    assert person(folder, "1003").left_on is not None


def test_a_file_that_is_no_table_is_one_line(lianxin: Command, data: Path, file: Path) -> None:
    file.write_bytes(b"PK\x03\x04 no book")
    ended = lianxin("roster", "import", file, "--data", data)
    assert (ended.code, ended.err.count("\n")) == (2, 1)


def test_counts_are_shown_and_names_only_with_an_event(
    lianxin: Command, data: Path, folder: DataFolder, file: Path
) -> None:
    assert "The roster is empty" in lianxin("roster", "list", "--data", data).out
    lianxin("roster", "import", file, "--data", data)
    told = lianxin("roster", "list", "--data", data).out
    assert "药剂科" in told
    assert "赵敏" not in told
    assert events(folder, EventName.ROSTER_LISTED) == []
    named = lianxin("roster", "list", "--names", "--office", "药剂科", "--data", data).out
    assert "赵敏" in named
    assert "1000" in named
    assert len(events(folder, EventName.ROSTER_LISTED)) == 1


def test_people_leave_return_and_move_by_hand(
    lianxin: Command, data: Path, folder: DataFolder, file: Path
) -> None:
    lianxin("roster", "import", file, "--data", data)
    assert lianxin("roster", "off", "1000", "--data", data).out == "1000 has left.\n"
    assert person(folder, "1000").standing is Employment.LEFT
    assert "works here again" in lianxin("roster", "on", "1000", "--data", data).out
    assert "works here already" in lianxin("roster", "on", "1000", "--data", data).err
    moved = lianxin("roster", "move", "1000", "骨科", "--role", "head", "--data", data)
    assert moved.out == "1000 is at 骨科 now.\n"
    assert (person(folder, "1000").office, person(folder, "1000").role) == ("骨科", Role.HEAD)
    for wrong in (("off", "77"), ("move", "1000", "骨"), ("move", "1000", "骨科", "--role", "supervisor")):
        ended = lianxin("roster", *wrong, "--data", data)
        assert (ended.code, ended.err.count("\n")) == (1, 1)
    assert "77" not in lianxin("roster", "off", "77", "--data", data).err


def test_codes_are_in_a_table_for_the_owner_alone_and_let_in_once(
    lianxin: Command, data: Path, folder: DataFolder, file: Path, tmp_path: Path
) -> None:
    lianxin("roster", "import", file, "--data", data)
    out = tmp_path / "codes.xlsx"
    ended = lianxin("roster", "codes", "--office", "药剂科", "--out", out, "--data", data)
    assert ended.out.startswith("5 join codes are in")
    assert out.stat().st_mode & 0o777 == 0o600
    head, *rows = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()
    assert head[:4] == ["科室", "姓名", "工号", "加入码"]
    assert [row[1] for row in rows] == ["赵敏", "钱进", "孙莉", "李强", "周洁"]
    code = str(rows[0][3])
    assert code not in ended.out + "".join(events(folder, EventName.ROSTER_CODES))
    now = datetime.now(UTC)
    made = folder.database.run_now(
        lambda session: check_invite(session, code, for_group=False, vault=folder.vault, now=now)
    )
    assert made[1] == "赵敏"
    assert timedelta(days=29) < made[0].expires_at - now <= timedelta(days=30)
    taken = lianxin("roster", "codes", "--out", out, "--data", data)
    assert (taken.code, taken.err.count("\n")) == (1, 1)
    assert "exists already" in taken.err


def test_slips_are_a_pdf_and_older_codes_work_no_more(
    lianxin: Command, data: Path, folder: DataFolder, file: Path, tmp_path: Path
) -> None:
    lianxin("roster", "import", file, "--data", data)
    first = lianxin("roster", "codes", "--out", tmp_path / "a.pdf", "--data", data)
    assert "before" not in first.out
    assert "No address is on the slips" in first.out
    again = lianxin("roster", "codes", "--out", tmp_path / "b.pdf", "--data", data)
    assert "5 codes that were made for them before work no more" in again.out
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    waiting = folder.database.run_now(lambda session: len(session.exec(select(Invite)).all()))
    assert waiting == 5


def test_no_code_lies_about_where_no_file_came_of_it(
    lianxin: Command, data: Path, folder: DataFolder, file: Path, tmp_path: Path
) -> None:
    lianxin("roster", "import", file, "--data", data)
    ended = lianxin("roster", "codes", "--out", tmp_path / "no folder" / "a.pdf", "--data", data)
    assert (ended.code, ended.err.count("\n")) == (1, 1)
    assert folder.database.run_now(lambda session: session.exec(select(Invite)).all()) == []
    assert "ends in .pdf" in lianxin("roster", "codes", "--out", tmp_path / "a.txt", "--data", data).err


def test_who_joined_before_the_roster_came_is_linked_by_hand(
    lianxin: Command, data: Path, folder: DataFolder, file: Path
) -> None:
    def join(session: Session) -> int:
        member = add_member(
            session, sender="s", channel="web", address="a", name="赵敏", office="药剂科", role=Role.OFFICER,
            vault=folder.vault, now=MONDAY,
        )  # fmt: skip
        employee_for(session, member, house=folder.house, now=MONDAY)
        return member.id or 0

    number = folder.database.run_now(join)
    lianxin("roster", "import", file, "--data", data)
    assert lianxin("roster", "link", "1000", number, "--data", data).code == 0
    assert person(folder, "1000").member_id == number
    active = select(Employee).where(Employee.standing == Employment.ACTIVE)
    assert len(folder.database.run_now(lambda session: session.exec(active).all())) == 5
    assert folder.database.run_now(lambda session: session.get_one(Member, number).role) is Role.OFFICER
    assert "somebody else of the roster" in lianxin("roster", "link", "1001", number, "--data", data).err
