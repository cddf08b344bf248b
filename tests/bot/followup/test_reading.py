"""Tables of discharges: what is taken, what is dropped, and what is said about every kind of bad row."""

from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bot.followup.reading import Reading, read_discharges, read_objects
from bot.followup.wording import TableError, wording
from storage.followup.discharges import Standing
from storage.followup.rows import DischargeRow
from tests.bot.followup.tables import GOOD, HEADINGS, NOW, csv_of, row_with, xlsx_of
from tests.factories import make_hospital

HOSPITAL = make_hospital()
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
ROW = DischargeRow("Z1", "骨科", NOON, "三病区", "sms", "13800138000", consent=True)


def read(content: bytes, **changes: Any) -> Reading:
    hospital = make_hospital(**changes) if changes else HOSPITAL
    return read_discharges(content, hospital=hospital, now=NOW)


def only(content: bytes, **changes: Any) -> DischargeRow:
    found = read(content, **changes)
    assert found.problems == []
    assert len(found.rows) == 1
    return found.rows[0][1]


ENCODED = [
    csv_of(GOOD),
    b"\xef\xbb\xbf" + csv_of(GOOD),
    csv_of(GOOD).decode().encode("gb18030"),
    csv_of(GOOD).decode().encode("utf-16"),
    csv_of(GOOD, sign=";"),
    csv_of(GOOD, sign="\t"),
    csv_of(GOOD, sign="\t").decode().encode("utf-16"),
    b"sep=;\r\n" + csv_of(GOOD, sign=";"),
    csv_of(GOOD).replace(b"\r\n", b"\n"),
    csv_of(tuple(f'"{cell}"' for cell in GOOD)),
    csv_of(tuple(f'="{cell}"' for cell in GOOD)),
    csv_of(tuple(f"'{cell}\t" for cell in GOOD)),
    "市人民医院出院病人名单,,,,,\n导出时间：2026-11-22,,,,,\n\n".encode() + csv_of(GOOD),
    csv_of(GOOD, headings=("DISCHARGE_NO", "Department", "Ward", "Discharge Date", "Mobile", "Consent")),
    csv_of(GOOD, headings=("出 院 号（必填）", "科室", "护理单元", "出院时间", "联系电话", "是否同意随访")),
    xlsx_of([HEADINGS, GOOD]),
    xlsx_of([HEADINGS, row_with(day=datetime(2026, 11, 20), mobile=13800138000)]),  # noqa: DTZ001
    xlsx_of([["名单"], [], [None, *HEADINGS], [None, *GOOD]]),
    xlsx_of([["不看这张"]], [HEADINGS, GOOD], hidden=[0]),
    xlsx_of([["说明"], ["请看下一张"]], [HEADINGS, GOOD]),
]


@pytest.mark.parametrize("content", ENCODED)
def test_any_usual_way_of_writing_a_table_is_the_same_row(content: bytes) -> None:
    assert only(content) == ROW


DAYS = [
    "2026-11-20",
    "2026/11/20",
    "2026.11.20",
    "20261120",
    "2026年11月20日",
    "2026 年 11 月 20 日",
    "2026-11-20 00:00:00",
    "２０２６－１１－２０",
    "46346",
    "46346.0",
    "2026-11-20 12:00",
    "2026/11/20 12:00:00.000",
    "2026年11月20日 12时",
    "2026年11月20日12时00分",
    "2026-11-20T12:00:00",
    "2026-11-20T04:00:00Z",
    "2026-11-20T12:00:00+08:00",
    "20261120120000",
    "20261120 12:00",
    "2026-11-20 星期五",
    "2026-11-20 12:00 PM",
    "2026-11-20 下午 12:00",
    "202611201200",
]


@pytest.mark.parametrize("day", DAYS)
def test_a_day_however_it_is_written(day: str) -> None:
    assert only(csv_of(row_with(day=day))).discharged_at == NOON


def test_a_day_as_a_number_of_a_workbook_and_with_its_hour() -> None:
    assert only(xlsx_of([HEADINGS, row_with(day=46346)])).discharged_at == NOON
    assert only(xlsx_of([HEADINGS, row_with(day=46346.25)])).discharged_at == NOON.replace(hour=22, day=19)
    assert only(csv_of(row_with(day="2026-11-20 下午 3:05"))).discharged_at == NOON.replace(hour=7, minute=5)


@pytest.mark.parametrize(
    "number",
    [
        "+86 138 0013 8000",
        "138-0013-8000",
        "８６１３８００１３８０００",
        "0086-13800138000",
        "013800138000",
        "13800138000.0",
        " 13800138000\t",
        "(138)00138000",
        "+86-138-0013-8000",
        "138 0013 8000",
    ],
)
def test_a_mobile_number_however_it_is_written(number: str) -> None:
    assert only(csv_of(row_with(mobile=number))) == ROW


@pytest.mark.parametrize(
    ("cell", "meant"),
    [(word, True) for word in ("是", "同意", "Y", "yes", "1", "TRUE", "√", "愿意", "☑")]
    + [(word, False) for word in ("否", "不同意", "N", "no", "0", "false", "×", "拒绝", "", "无")],
)
def test_consent_however_it_is_written(cell: str, meant: bool) -> None:
    assert only(csv_of(row_with(consent=cell))).consent is meant
    if cell in ("1", "0"):
        assert only(xlsx_of([HEADINGS, row_with(consent=bool(int(cell)))])).consent is meant


BAD = [
    ("number", "", "number_missing", False),
    ("number", "1.23E+11", "number_rounded", False),
    ("number", "11010519491231002X", "number_identity", False),
    ("number", "出" * 41, "number_form", False),
    ("number", "<script>", "number_form", False),
    ("number", "#N/A", "cell_error", False),
    ("department", "", "department_missing", False),
    ("department", "科" * 31, "department_form", False),
    ("department", "13800138000", "department_form", False),
    ("department", "=1+2", "department_form", False),
    ("department", "@SUM(A1)", "department_form", False),
    ("ward", "+cmd|x", "ward_form", False),
    ("ward", "110105194912310021", "ward_form", False),
    ("day", "", "date_missing", False),
    ("day", "昨天", "date_form", False),
    ("day", "12345", "date_form", False),
    ("day", "11/20/2026", "date_order", False),
    ("day", "26-11-20", "date_order", False),
    ("day", "2026-11", "date_order", False),
    ("day", "2026-02-30", "date_nonsense", False),
    ("day", "2026-11-20 25:00", "date_nonsense", False),
    ("day", "20261320", "date_nonsense", False),
    ("day", "2026-11-24", "date_future", False),
    ("day", "2099-01-01", "date_future", False),
    ("day", "1999-12-31", "date_old", False),
    ("mobile", "1.38E+10", "mobile_rounded", False),
    ("mobile", "1.38001E10", "mobile_rounded", False),
    ("mobile", "1380013800", "mobile_form", False),
    ("mobile", "12345678901", "mobile_form", False),
    ("mobile", "张三", "mobile_form", False),
    ("mobile", "13800138000/13900139000", "mobile_several", False),
    ("mobile", "13800138000 057188880000", "mobile_several", False),
    ("mobile", "0571-88880000", "mobile_landline", True),
    ("mobile", "88880000转123", "mobile_landline", True),
    ("mobile", "+1 202 555 0100", "mobile_foreign", True),
    ("consent", "也许", "consent_form", False),
]


@pytest.mark.parametrize(("name", "cell", "kind", "taken"), BAD)
@pytest.mark.parametrize("workbook", [False, True])
def test_a_bad_cell_is_told_by_line_column_and_reason_without_its_value(
    name: str, cell: str, kind: str, taken: bool, workbook: bool
) -> None:
    bad, good = row_with(**{"number": "Z2", name: cell}), GOOD
    content = xlsx_of([["名单"], HEADINGS, good, bad]) if workbook else "名单\n".encode() + csv_of(good, bad)
    if workbook and cell.startswith("="):
        return  # a formula there, whose value comes instead
    found = read(content)
    heading = dict(zip(("number", "department", "ward", "day", "mobile", "consent"), HEADINGS, strict=True))
    (problem,) = found.problems
    assert (problem.line, problem.column, problem.taken) == (4, heading[name], taken)
    assert problem.reason == wording()["problems"][kind]
    assert [row.number for _, row in found.rows] == (["Z1", "Z2"] if taken else ["Z1"])
    assert not taken or found.rows[1][1].contact == ""


def test_every_problem_that_is_worded_is_found_somewhere() -> None:
    tried = {kind for _, _, kind, _ in BAD}
    later = {"number_twice", "number_other_stay", "visit_form", "language_form", "standing_form", "cell_form"}
    assert set(wording()["problems"]) == tried | later


def test_several_bad_cells_of_a_row_are_all_told() -> None:
    found = read(csv_of(row_with(day="", mobile="1", department="")))
    assert [(one.line, one.column) for one in found.problems] == [
        (2, "手机号"),
        (2, "出院科室"),
        (2, "出院日期"),
    ]
    assert found.rows == []


MORE = (*HEADINGS, "语种", "离院方式", "住院次数")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("火星话 啊", "", ""), "language_form"),
        (("", "不知道", ""), "standing_form"),
        (("", "", "二"), "visit_form"),
    ],
)
def test_bad_cells_of_the_rarer_columns(cells: tuple[str, ...], kind: str) -> None:
    found = read(csv_of((*GOOD, *cells), headings=MORE))
    assert [one.reason for one in found.problems] == [wording()["problems"][kind]]


@pytest.mark.parametrize(
    ("cell", "standing"),
    [
        ("死亡", Standing.DECEASED),
        ("5", Standing.DECEASED),
        ("再入院", Standing.READMITTED),
        ("取消", Standing.WITHDRAWN),
        ("医嘱离院", Standing.ACTIVE),
        ("1", Standing.ACTIVE),
        ("退订", Standing.OPTED_OUT),
        ("", None),
    ],
)
def test_the_rarer_columns_are_understood(cell: str, standing: Standing | None) -> None:
    row = only(xlsx_of([MORE, (*GOOD, "英语", 5 if cell == "5" else cell, 2)]))
    assert (row.language, row.standing, row.number) == ("en", standing, "Z1-2")


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("姓名", "name"),
        ("患者姓名", "name"),
        ("主管医生", "name"),
        ("身份证号", "identity"),
        ("出院诊断", "illness"),
        ("ICD10", "illness"),
        ("手术名称", "illness"),
        ("家庭住址", "address"),
        ("性别", "person"),
        ("联系人电话", "relative"),
        ("总费用", "money"),
    ],
)
def test_what_is_not_wanted_is_dropped_with_a_note(heading: str, kind: str) -> None:
    found = read(csv_of((*GOOD, "张三丰"), headings=(*HEADINGS, heading)))
    assert [row for _, row in found.rows] == [ROW]
    note = wording()["notes"][kind].format(heading=heading, column="G")
    assert note in found.notes
    assert "张三丰" not in str(found)


def test_a_running_number_is_nobodys_business_and_other_columns_are_told_by_letter() -> None:
    found = read(csv_of(("1", *GOOD, "x"), headings=("序号", *HEADINGS, "13912345678")))
    assert found.notes == [wording()["notes"]["unknown"].format(column="H")]


def test_of_two_columns_for_one_field_the_surer_is_read() -> None:
    found = read(csv_of(("0571-88880000", *GOOD), headings=("联系电话", *HEADINGS)))
    assert [row for _, row in found.rows] == [ROW]
    assert found.notes == [wording()["notes"]["second"].format(heading="联系电话", column="A", used="手机号")]


def test_a_relatives_number_is_never_the_patients() -> None:
    found = read(csv_of(GOOD, headings=(*HEADINGS[:4], "家属手机号", "同意随访")))
    assert [row.contact for _, row in found.rows] == [None]
    assert any("家属" in note for note in found.notes)


def test_headings_of_the_hospitals_own_go_before_the_usual_ones() -> None:
    own = {"columns": {"contact": ["随访专线"], "number": ["流水"]}}
    content = csv_of((*GOOD, "13900139000", "L9"), headings=(*HEADINGS, "随访专线", "流水"))
    row = only(content, followup=own)
    assert (row.contact, row.number) == ("13900139000", "L9")


def test_a_table_without_consent_is_asked_only_where_the_hospital_says_so() -> None:
    content = csv_of(GOOD[:5], headings=HEADINGS[:5])
    assert only(content).consent is None
    assert any("consent_without_column" in note for note in read(content).notes)
    assert only(content, followup={"consent_without_column": True}).consent is True


def test_the_same_row_twice_is_one_and_another_row_of_its_number_a_problem() -> None:
    found = read(csv_of(GOOD, GOOD, row_with(department="眼科")))
    assert len(found.rows) == 1
    (problem,) = found.problems
    assert (problem.line, problem.reason) == (4, wording()["problems"]["number_twice"].format(line=2))


def test_sums_empty_lines_and_repeated_headings_are_no_rows() -> None:
    found = read(csv_of(GOOD, (), ("",) * 6, ("合计", "1", "", "", "", ""), HEADINGS, row_with(number="Z2")))
    assert found.problems == []
    assert [line for line, _ in found.rows] == [2, 7]


def test_a_cell_of_several_lines_is_one_line_of_the_table() -> None:
    found = read(csv_of(row_with(ward='"三病区\n东"'), row_with(number="Z2", day="x")))
    assert found.rows[0][1].ward == "三病区东"
    assert found.problems[0].line == 3


def test_unknown_departments_are_taken_and_told_once() -> None:
    content = csv_of(row_with(department="骨科一"), row_with(number="Z2", department="骨科一"))
    found = read(content, departments=["骨科", "内科"])
    assert len(found.rows) == 2
    assert [note for note in found.notes if "骨科一" in note] == [
        wording()["notes"]["department_close"].format(department="骨科一", close="骨科")
    ]
    many = read(csv_of(*(row_with(number=n, department=f"外{n}科") for n in range(30))), departments=["骨科"])
    assert many.notes[-1] == wording()["notes"]["departments_more"].format(count=10)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\r\n \t", "empty"),
        (b"\xff\xff\xff", "encoding"),
        (b"a\0b,c", "encoding"),
        (b"PK\x03\x04 no book", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "damaged"),
        (xlsx_of([[]]), None),
        (xlsx_of([["姓名"]], hidden=[]), None),
        (b"a,b,c\n1,2,3\n", None),
        (csv_of(GOOD) + b'"no end', "quotes"),
    ],
)
def test_what_is_no_table_is_said_in_one_line(content: bytes, said: str | None) -> None:
    with pytest.raises(TableError) as caught:
        read(content)
    if said is None:
        assert "出院号" in str(caught.value)
    else:
        assert str(caught.value) == wording()["files"][said].format(line=3)


def test_missing_columns_are_named() -> None:
    with pytest.raises(TableError) as caught:
        read(csv_of(GOOD[:3], headings=HEADINGS[:3]))
    assert "没找到“出院日期”" in str(caught.value)


@pytest.mark.parametrize("corner", [(1_048_575, 16_383), (150_000, 16_383), (199_998, 0), (0, 16_383)])
def test_a_workbook_that_unfolds_without_end_ends_another_process_than_this(corner: tuple[int, int]) -> None:
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    for place, heading in enumerate(HEADINGS):
        sheet.write(0, place, heading)
    sheet.write(*corner, "x")
    book.close()
    with suppress(TableError):
        assert read(content.getvalue()).rows == []


def test_objects_are_read_by_their_keys() -> None:
    objects: list[dict[str, Any]] = [
        {
            "number": "Z1",
            "department": "骨科",
            "ward": "三病区",
            "discharged": "2026-11-20",
            "contact": "13800138000",
            "consent": True,
        },
        {"number": 17, "department": "骨科", "discharged": "x", "name": "张三"},
        {"number": ["Z"], "department": {"a": 1}, "discharged": None},
    ]
    found = read_objects(objects, hospital=HOSPITAL, now=NOW)
    assert found.rows == [(1, ROW)]
    assert [(one.line, one.field) for one in found.problems] == [
        (2, "discharged"),
        (3, "number"),
        (3, "department"),
        (3, "discharged"),
    ]
    assert "张三" not in str(found)


def test_an_object_that_lacks_a_key_says_nothing_of_it() -> None:
    whole = {
        "number": "Z1",
        "department": "骨科",
        "discharged": "2026-11-20",
        "contact": "",
        "consent": False,
    }
    less = {"number": "Z2", "department": "骨科", "discharged": "2026-11-20", "consent": None}
    first, second = (row for _, row in read_objects([whole, less], hospital=HOSPITAL, now=NOW).rows)
    assert (first.contact, first.consent) == ("", False)
    assert (second.contact, second.consent) == (None, None)


@pytest.mark.parametrize("name", ["骨 科", "骨\u200b科", " 骨科 ", "骨\u202e科", "骨科\u3000"])
def test_departments_that_look_alike_are_one(name: str) -> None:
    assert only(csv_of(row_with(department=name))).department == "骨科"


LONG = 120_000


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-20" + " " * 480 + "x",
        "2026-11-20" + " " * LONG + "x",
        "(" * LONG,
        "1" * LONG,
        "13800138000 " * 40,
        "0" * 490 + "x",
        "转" * 480,
        "\ufdfa" * 499,
        "2026" + "-" * 480,
    ],
)
@pytest.mark.timeout(20)
def test_long_cells_are_refused_quickly(cell: str) -> None:
    found = read(csv_of(*(tuple(cell for _ in HEADINGS) for _ in range(3))))
    assert len(found.rows) == 0
    with pytest.raises(TableError):
        read(csv_of(GOOD, headings=(cell,) * 6))


CELLS = st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.none())


@given(st.lists(st.tuples(*[CELLS] * len(MORE)), max_size=3))
def test_any_cells_are_read_or_explained(rows: list[tuple[Any, ...]]) -> None:
    found = read_objects(
        [dict(zip(MORE, row, strict=True)) for row in rows] + [dict.fromkeys(MORE)],
        hospital=HOSPITAL,
        now=NOW,
    )
    assert len(found.rows) <= len(rows)
    assert all(one.reason for one in found.problems)


@given(st.binary(max_size=300))
def test_any_bytes_below_headings_are_read_or_explained(tail: bytes) -> None:
    with suppress(TableError):
        assert len(read(csv_of(GOOD) + tail).rows) < 300
