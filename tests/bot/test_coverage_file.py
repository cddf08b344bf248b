"""The table read back: figures as numbers, times as local times, no formula, and too many people left out."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.coverage import PersonLine, gather_people
from bot.coverage_file import table_of
from handlers.words import words_for
from storage.duties.assignments import Assignment, AssignmentState, Excuse
from storage.duties.book import Answers, Proof
from storage.duties.coverage import Coverage, Covered
from storage.duties.occurrences import OccurrenceStage
from storage.duties.progress import Progress
from tests.bot.test_satisfaction_file import opened
from tests.factories import MONDAY, make_house

HOUSE, WORDS = make_house(), words_for("zh")
DUE = datetime(2025, 11, 28, 9, 0, tzinfo=UTC)


def covered(title: str = "专题学习", **offices: Progress) -> Covered:
    return Covered(
        1, "study", title, "2025-11", DUE, OccurrenceStage.OPEN, Answers.PERSON, Proof.QUIZ, offices
    )


def test_a_row_for_each_duty_and_office_and_for_all_duties_of_an_office() -> None:
    line = covered("@专题学习", 骨科=Progress(40, 37, 2, 1, 35, 38), 眼科=Progress(0, 0, 0, 3))
    rows = opened(table_of(Coverage((line,)), (), WORDS, house=HOUSE))["覆盖率"]
    assert rows[0][:5] == ["任务", "期次", "到期", "科室", "应做"]
    assert [row[0] for row in rows[1:]] == ["'@专题学习", "'@专题学习", "合计", "合计"]
    assert rows[1][3:] == ["骨科", 40.0, 37.0, 0.925, 2.0, 1.0, 35.0, 38.0, 3.0]
    assert rows[2][6] == "", "no share where everybody is excused"


def test_each_person_with_the_time_of_their_confirmation() -> None:
    line = covered(骨科=Progress(2, 1))
    done = Assignment(
        occurrence_id=1, employee_id=1, office="骨科", state=AssignmentState.DONE, late=True, score=90,
        acknowledged_at=MONDAY, done_at=MONDAY + timedelta(hours=1),
    )  # fmt: skip
    away = Assignment(
        occurrence_id=1, employee_id=2, office="骨科", state=AssignmentState.EXCUSED, excuse=Excuse.LEAVE
    )
    office = Assignment(occurrence_id=1, office="骨科", state=AssignmentState.OPEN)
    people = [
        PersonLine("+赵敏", "0012", line, done), PersonLine("", "", line, away),
        PersonLine("", "", line, office),
    ]  # fmt: skip
    rows = opened(table_of(Coverage((line,)), people, WORDS, house=HOUSE))["人员明细"]
    first = dict(zip(rows[0], rows[1], strict=False))
    assert (first["姓名"], first["工号"], first["情况"], first["得分"]) == ("'+赵敏", "0012", "完成", 90.0)
    assert first["阅读时间"] == pytest.approx(45985 + 9.5 / 24), "09:30 in Shanghai"
    assert rows[2][0] == "姓名打不开"
    assert "请假" in rows[2]
    assert rows[3][0] == "（科室一起做）"


async def test_too_many_people_are_left_out_and_the_notes_say_so() -> None:
    def never(_: object) -> object:
        raise AssertionError("nothing is read")

    found = Coverage((covered(骨科=Progress(40, 37, excused=11)),))
    assert await gather_people(never, found, None, house=HOUSE, most=50) is None  # type: ignore[arg-type]
    sheets = opened(table_of(found, None, WORDS, house=HOUSE))
    assert "人员明细" not in sheets
    assert "请按科室或按月下载明细" in str(sheets["说明"])


def test_every_reason_for_an_excuse_has_words() -> None:
    assert all(WORDS(f"coverage.excuse_{one.value}") for one in Excuse)
    assert all(WORDS(f"coverage.state_{one.value}") for one in AssignmentState)
