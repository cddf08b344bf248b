"""lianxin record export: what the year comes to for each person, and nobody who left."""

import io
import stat
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from sqlmodel import Session, select

from bot.data_folder import DataFolder
from bot.record_file import COLUMNS
from storage.cases import Outcome, Status
from storage.duties.assignments import AssignmentState
from storage.duties.book import Proof
from storage.events import Event
from storage.house import House
from storage.members import Role
from storage.staff.employees import Employee, Employment
from storage.staff.record import EntryKind
from storage.staff.record_veto import decide_veto, propose_veto
from storage.staff.record_writing import enter, strike
from tests.bot.cli.conftest import Command
from tests.bot.test_satisfaction_file import SPACE, parsed
from tests.duties import duty_house, give_out, make_employee, owed
from tests.factories import MONDAY, make_member, open_a_case
from tests.storage.hand_ins.givers import anonymous, by_name


def fill(session: Session, house: House) -> None:
    """Somebody with all of it, somebody with nothing, somebody who left."""
    first, _ = make_employee(session, house, "赵敏", "药剂科")
    make_employee(session, house, "=cmd", "药剂科", joined=False)
    gone, _ = make_employee(session, house, "走了的人", "药剂科", joined=False)
    gone.standing = Employment.LEFT
    keeper, head = make_member(session, house), make_member(session, house, "周洁", role=Role.HEAD)
    case = open_a_case(session, house)
    case.status, case.outcome, case.closed_at = Status.CLOSED, Outcome.SUBSTANTIATED, MONDAY
    session.flush()
    at: dict[str, Any] = {"house": house, "now": MONDAY}
    enter(session, first, EntryKind.CASE, "批评教育", keeper, number=case.number, **at)
    mistake = enter(session, first, EntryKind.PRAISE, "写错了", keeper, **at)
    strike(session, mistake, keeper, **at)
    enter(session, first, EntryKind.REFUSED, "当面退还", keeper, **at)
    veto = propose_veto(session, first, 2025, "查实", keeper, **at)
    decide_veto(session, veto, head, agrees=True, version=0, **at)
    _learn(session, first)
    row, second, _ = by_name(session, house, "钱进", "药剂科")
    row.late = True
    anonymous(session, house)
    session.add_all([row, second, gone])


def people_in(content: bytes) -> dict[str | float, list[str | float]]:
    """The first sheet by name; an empty cell is an empty text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        strings = parsed(archive.read("xl/sharedStrings.xml")).findall("x:si", SPACE)
        words = ["".join(one.itertext()) for one in strings]
        rows = parsed(archive.read("xl/worksheets/sheet1.xml")).findall(".//x:row", SPACE)
    return {found[1]: found for row in rows if (found := _cells(row, words))}


def _cells(row: ElementTree.Element, words: list[str]) -> list[str | float]:
    found: list[str | float] = [""] * len(COLUMNS)
    for cell in row.findall("x:c", SPACE):
        value = cell.findtext("x:v", "", SPACE)
        found[ord(cell.attrib["r"][0]) - ord("A")] = (
            words[int(value)] if cell.attrib.get("t") == "s" else float(value)
        )
    return found


def _learn(session: Session, employee: Employee) -> None:
    house = duty_house({"done": "quiz"})
    for score in (90, 61):
        occurrence = give_out(session, house, people=[employee])
        occurrence.proof = Proof.QUIZ
        assignment = owed(session, occurrence, employee)
        assignment.state, assignment.score = AssignmentState.DONE, score
        assignment.passed = score > 80
        session.add_all([occurrence, assignment])


def test_one_row_for_each_who_works_here(
    lianxin: Command, data: Path, folder: DataFolder, tmp_path: Path
) -> None:
    folder.database.run_now(lambda session: fill(session, folder.house))
    out = tmp_path / "appraisal.xlsx"
    ended = lianxin("record", "export", "--year", "2025", "--out", out, "--data", data)
    assert (ended.code, ended.err, ended.out) == (0, "", f"3 people are in {out}.\n")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    rows = people_in(out.read_bytes())
    assert set(rows) == {"姓名", "赵敏", "'=cmd", "钱进"}
    assert rows["赵敏"][3:] == [1, 0, 1, 2, 2, 0, 75.5, 1, 0, 0, 0, "是", ""]
    assert rows["'=cmd"][3:15] == [0, 0, 0, 0, 0, 0, "", 0, 0, 0, 0, ""]
    assert rows["钱进"][12:15] == [1, 1, ""]
    told = folder.database.run_now(lambda session: list(session.exec(select(Event.action, Event.detail))))
    assert tuple(told[-1]) == ("records_exported", '{"count": 3, "office": "", "year": 2025}')


def test_another_year_and_an_office_that_is_none(
    lianxin: Command, data: Path, folder: DataFolder, tmp_path: Path
) -> None:
    folder.database.run_now(lambda session: fill(session, folder.house))
    out = tmp_path / "appraisal.xlsx"
    assert lianxin("record", "export", "--year", "2024", "--out", out, "--data", data).code == 0
    rows = people_in(out.read_bytes())
    assert rows["赵敏"][3:15] == [0, 0, 0, 0, 0, 0, "", 0, 0, 0, 0, ""]
    wrong = lianxin("record", "export", "--year", "2025", "--office", "没有科", "--out", out, "--force",
                    "--data", data)  # fmt: skip
    assert (wrong.code, "--office" in wrong.err) == (1, True)
    assert lianxin("record", "export", "--year", "2025", "--out", out, "--data", data).code == 1
