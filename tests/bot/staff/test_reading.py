"""Tables of staff: headings in two languages, bad rows of every kind, what is not wanted."""

from contextlib import suppress
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bot.sheets_in.wording import TableError
from bot.staff.cells import WORDING
from bot.staff.reading import Reading, read_roster, read_rows
from storage.rights import Role
from tests.bot.staff.tables import GOOD, HEADINGS, csv_of, row_with
from tests.duties import duty_house

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
HOUSE = duty_house(
    sections={"groups": [{"name": "重点岗位"}]},
    offices=[{"name": "纪检办", "aliases": ["纪委办公室"]}, {"name": "药剂科"}, {"name": "投诉办"},
             {"name": "人事科"}],
    departments=["骨科"],
    routing={},
)  # fmt: skip


def read(*rows: list[str], headings: list[str] = HEADINGS, encoding: str = "utf-8") -> Reading:
    return read_roster(csv_of(*rows, headings=headings, encoding=encoding), house=HOUSE, now=NOW)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_good_row_is_read_in_any_encoding(encoding: str) -> None:
    reading = read(GOOD, encoding=encoding)
    [(line, person)] = reading.rows
    assert (line, person.number, person.name, person.office) == (2, "1001", "赵敏", "药剂科")
    assert (person.role, person.groups, person.left, person.left_on) == (Role.STAFF, (), False, None)
    assert reading.problems == []


def test_a_workbook_is_read_with_numbers_as_numbers() -> None:
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["员工编号", "姓名", "所属科室", "离职日期", "状态"])
    sheet.write_row(1, 0, [1001, "赵 敏", "骨科"])
    sheet.write_row(2, 0, ["A02", "钱进", "药剂科", "2026/11/20", "离职"])
    book.close()
    reading = read_roster(content.getvalue(), house=HOUSE, now=NOW)
    people = [person for _, person in reading.rows]
    assert [(one.number, one.name, one.office) for one in people] == [
        ("1001", "赵敏", "骨科"),
        ("A02", "钱进", "药剂科"),
    ]
    assert (people[1].left, people[1].left_on) == (True, date(2026, 11, 20))
    assert (people[0].role, people[0].groups) == (None, None)


def test_english_headings_and_other_names_of_offices_are_known() -> None:
    headings = ["Staff No.", "Full Name", "Department", "Role", "Groups", "Status", "Left on"]
    reading = read(["a7", "李强", "纪委办公室", "head", "重点岗位、夜班", "active", ""], headings=headings)
    [(_, person)] = reading.rows
    assert (person.number, person.office, person.role) == ("A7", "纪检办", Role.HEAD)
    assert person.groups == ("夜班", "重点岗位")
    assert reading.notes == [WORDING.say("notes", "group", group="夜班")]


@pytest.mark.parametrize(
    ("word", "role"),
    [("护士长", Role.HEAD), ("科主任", Role.HEAD), ("负责人", Role.HEAD), ("经办人", Role.OFFICER),
     ("护士", Role.STAFF), ("", Role.STAFF)],
)  # fmt: skip
def test_roles_are_understood(word: str, role: Role) -> None:
    [(_, person)] = read(row_with(岗位=word)).rows
    assert person.role is role


@pytest.mark.parametrize(
    ("heading", "cell", "kind", "taken"),
    [
        ("工号", "", "number_missing", False),
        ("工号", "1.23E+11", "number_rounded", False),
        ("工号", "11010519491231002X", "number_identity", False),
        ("工号", "13800138000", "number_mobile", False),
        ("工号", "1" * 41, "number_form", False),
        ("工号", "#N/A", "cell_error", False),
        ("姓名", "长" * 501, "cell_form", False),
        ("姓名", "", "name_missing", False),
        ("姓名", "=cmd()", "name_form", False),
        ("姓名", "赵敏1", "name_form", False),
        ("科室", "", "office_missing", False),
        ("科室", "宇航部", "office_unknown", False),
        ("科室", "13800138000", "office_form", False),
        ("岗位", "船长", "role_form", False),
        ("分组", "、".join(f"组{place}" for place in range(21)), "groups_form", False),
        ("状态", "也许", "standing_form", False),
        ("离职日期", "什么时候", "date_form", False),
        ("离职日期", "01/02/2026", "date_order", False),
        ("离职日期", "2026-02-30", "date_nonsense", False),
        ("离职日期", "1999-01-01", "date_old", False),
        ("离职日期", "2026-12-30", "date_future", True),
    ],
)
def test_a_bad_cell_is_told_by_line_column_and_reason_without_its_value(
    heading: str, cell: str, kind: str, taken: bool
) -> None:
    other = row_with(工号="1002")
    reading = read(row_with(**{heading: cell}), other)
    [problem] = reading.problems
    assert (problem.line, problem.column, problem.taken) == (2, heading, taken)
    assert problem.reason == WORDING["problems"][kind]
    assert len(cell) < 3 or cell not in problem.reason
    assert len(reading.rows) == (2 if taken else 1)


def test_a_near_miss_of_an_office_is_suggested() -> None:
    [problem] = read(row_with(科室="药剂部")).problems
    assert problem.reason == WORDING.say("problems", "office_close", close="药剂科")


def test_of_one_number_twice_the_first_counts_and_the_same_row_again_is_no_problem() -> None:
    reading = read(GOOD, row_with(姓名="钱进"), GOOD)
    assert [line for line, _ in reading.rows] == [2]
    assert [(one.line, one.reason) for one in reading.problems] == [
        (3, WORDING.say("problems", "number_twice", line=2))
    ]


def test_two_people_of_one_name_are_two_people() -> None:
    reading = read(row_with(工号="1", 姓名="张伟"), row_with(工号="2", 姓名="张伟"))
    assert len(reading.rows) == 2
    assert reading.problems == []
    assert reading.notes == [WORDING.say("notes", "same_names", count=1)]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("手机号", "phone"),
        ("身份证号", "identity"),
        ("性别", "person"),
        ("家庭住址", "address"),
        ("职称", "title"),
    ],
)
def test_what_is_not_wanted_is_dropped_with_a_note(heading: str, kind: str) -> None:
    reading = read([*GOOD, "13800138000"], headings=[*HEADINGS, heading])
    assert reading.notes == [WORDING.say("notes", kind, heading=heading, column="H")]
    assert "13800138000" not in repr(reading)


def test_a_day_alone_says_that_somebody_left_and_a_day_to_come_that_they_have_not() -> None:
    reading = read(
        row_with(状态="", 离职日期="2026-11-01"), row_with(工号="2", 状态="离职", 离职日期="2027-01-01"),
        row_with(工号="3", 状态="在职", 离职日期="2026-11-01"),
    )  # fmt: skip
    assert [person.left for _, person in reading.rows] == [True, False, False]


def test_numbers_of_bad_rows_are_known_so_that_nobody_is_let_go_for_a_slip() -> None:
    reading = read(row_with(科室="宇航部"), row_with(工号=""))
    assert (reading.rows, reading.numbers, reading.bad_numbers) == ([], {"1001"}, 1)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xff\xff", b"PK\x03\x04 no book", "工号,姓名\n1,赵敏".encode()]
)
def test_what_is_no_table_of_staff_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(TableError) as caught:
        read_roster(content, house=HOUSE, now=NOW)
    assert "\n" not in str(caught.value)


CELLS = st.one_of(st.none(), st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.datetimes())


@given(st.lists(st.lists(CELLS, max_size=9), max_size=6))
def test_any_cells_below_headings_are_read_or_explained(rows: list[list[Any]]) -> None:
    reading = read_rows([[list(HEADINGS), *rows]], house=HOUSE, now=NOW)
    for line, person in reading.rows:
        assert 2 <= line <= len(rows) + 1
        assert person.number
        assert person.office in HOUSE.hospital.places
        assert person.name.isprintable()
    assert all(problem.reason for problem in reading.problems)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_explained(content: bytes) -> None:
    with suppress(TableError):
        reading = read_roster("工号,姓名,科室\n".encode() + content, house=HOUSE, now=NOW)
        assert all(problem.reason for problem in reading.problems)
