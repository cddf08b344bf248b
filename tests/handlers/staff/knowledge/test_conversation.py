"""知晓率: a head sees their office, the discipline office all; five people at least; nobody else anything."""

import pytest
from sqlmodel import Session, select

from handlers.converse import converse
from handlers.staff.coverage.asked import token
from handlers.staff.knowledge.report import report_of
from handlers.staff.knowledge.sheet import has_picture, sheet_of
from handlers.turn import Desk
from handlers.words import words_for
from nlp.reading import Reader
from storage.errands import Errand
from storage.members import Role
from storage.training.knowledge import count_first_answers
from tests.duties import duty_house, give_out, make_employee, owed
from tests.factories import MONDAY, Talker, make_member


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(duty_house(), Reader.load())


@pytest.fixture
def answers(session: Session, desk: Desk) -> None:
    """药剂科: eight people, rule 6 is weak; 医务科: six, all right; 人事科: three, all wrong."""
    for office, people, right in (("药剂科", 8, 5), ("医务科", 6, 6), ("人事科", 3, 0)):
        staff = [
            make_employee(session, desk.house, f"{office}{n}", office, joined=False)[0] for n in range(people)
        ]
        occurrence = give_out(session, desk.house, people=staff)
        for number, person in enumerate(staff):
            marks = {rule: [True] for rule in range(1, 10)} | {6: [number < right], 8: [office != "人事科"]}
            count_first_answers(session, owed(session, occurrence, person), marks)


def ask(session: Session, desk: Desk, who: str, text: str = "/知晓率", choice: str = "") -> Talker:
    talker = Talker(session, desk, who)
    talker.replies = converse(talker.turn(choice=choice) if choice else talker.turn(text=text))
    return talker


@pytest.mark.usefixtures("answers")
def test_a_head_sees_the_rules_of_their_office_and_no_other(session: Session, desk: Desk) -> None:
    make_member(session, desk.house, "周洁", "药剂科", Role.HEAD)
    said = ask(session, desk, "周洁").text
    assert "药剂科，2025" in said
    assert "第六项 不牟利转介患者：62%（8 人）← 最需要学" in said
    assert "第一项 不接受商业提成：100%（8 人）" in said
    assert "医务科" not in said
    assert "图马上发给您" in said
    for other in ("/知晓率 医务科", "/知晓率 全院"):
        refused = ask(session, desk, "周洁", other)
        assert "医务科：" not in refused.text
        assert "96%" not in refused.text
    for value in (f"knowledge:2025:{token('医务科')}", "knowledge:2025:all", "knowledge:2025:pick:0"):
        assert "医务科" not in ask(session, desk, "周洁", choice=value).text


@pytest.mark.usefixtures("answers")
def test_who_oversees_the_house_sees_offices_but_not_the_small_ones(session: Session, desk: Desk) -> None:
    make_member(session, desk.house, "王芳", "纪检办", Role.SUPERVISOR)
    shown = ask(session, desk, "王芳").text
    assert "全院" in shown
    assert "人事科" not in shown
    # 17 people less the eight of 药剂科 and six of 医务科 would be the three of 人事科.
    assert "医务科：" not in shown
    assert "药剂科：95%（8 人），最弱是第六项" in shown
    alone = ask(session, desk, "王芳", "知晓率 人事科")
    assert "还没有足够的人" in alone.text
    assert "%" not in alone.text


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("role", [Role.STAFF, Role.OFFICER])
def test_others_see_nothing(session: Session, desk: Desk, role: Role) -> None:
    make_member(session, desk.house, "钱伟", "药剂科", role)
    assert "%" not in ask(session, desk, "钱伟").text
    assert "%" not in ask(session, desk, "钱伟", choice="knowledge:2025:all").text
    assert "%" not in ask(session, desk, "病人", choice="knowledge:2025:all").text
    assert session.exec(select(Errand)).all() == []


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize(
    "text",
    [
        "知晓率2025",
        "/知晓率 药剂科 2025-Q4",
        "知晓率，药剂科，今年",
        "知晓率 药剂 2025",
        "九项准则知晓率 药剂科",
    ],
)
def test_offices_and_spans_are_understood(session: Session, desk: Desk, text: str) -> None:
    make_member(session, desk.house, "王芳", "纪检办", Role.SUPERVISOR)
    assert "第六项" in ask(session, desk, "王芳", text).text


@pytest.mark.usefixtures("answers")
def test_a_time_without_quizzes_has_no_figures(session: Session, desk: Desk) -> None:
    make_member(session, desk.house, "王芳", "纪检办", Role.SUPERVISOR)
    assert "还没有足够的人" in ask(session, desk, "王芳", "知晓率 去年").text
    assert "还没有到" in ask(session, desk, "王芳", "知晓率 2027").text
    assert "没有找到" in ask(session, desk, "王芳", "知晓率 厨房").text


@pytest.mark.parametrize(
    "value",
    ["knowledge", "knowledge:", "knowledge:2025-99:all", "knowledge:9999:all", "knowledge:x:y:z:a:b",
     "knowledge:2025:pick:²", "knowledge:2025:pick:999"],
)  # fmt: skip
def test_forged_buttons_lead_nowhere(session: Session, desk: Desk, value: str) -> None:
    make_member(session, desk.house, "王芳", "纪检办", Role.SUPERVISOR)
    [reply] = ask(session, desk, "王芳", choice=value).replies
    assert reply.text


@pytest.mark.usefixtures("answers")
def test_the_picture_has_nine_bars_and_the_offices_that_may_be_shown(session: Session, desk: Desk) -> None:
    report = report_of(session, "2025", "", desk.house.hospital.places, house=desk.house)
    assert has_picture(report)
    sheet = sheet_of(report, words_for("zh"), house=desk.house, now=MONDAY)
    rules, offices = sheet["charts"]
    assert [row["label"] for row in rules["rows"]][7] == "第八项 不收患方“红包”"
    assert len(rules["rows"]) == 9
    assert [row["label"] for row in offices["rows"]] == ["药剂科"]
    assert "人事科" not in str(sheet)


def test_without_answers_there_is_no_picture(session: Session, desk: Desk) -> None:
    assert not has_picture(report_of(session, "2025", "", desk.house.hospital.places, house=desk.house))
