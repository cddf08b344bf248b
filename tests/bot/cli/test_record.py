"""lianxin record export: what the year comes to for each person, and nobody who left."""

import stat
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from bot.data_folder import DataFolder
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
from tests.bot.test_satisfaction_file import opened
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
    rows = {row[1]: row for row in opened(out.read_bytes())["医德考评 2025"]}
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
    rows = {row[1]: row for row in opened(out.read_bytes())["医德考评 2024"]}
    assert rows["赵敏"][3:15] == [0, 0, 0, 0, 0, 0, "", 0, 0, 0, 0, ""]
    wrong = lianxin("record", "export", "--year", "2025", "--office", "没有科", "--out", out, "--force",
                    "--data", data)  # fmt: skip
    assert (wrong.code, "--office" in wrong.err) == (1, True)
    assert lianxin("record", "export", "--year", "2025", "--out", out, "--data", data).code == 1
