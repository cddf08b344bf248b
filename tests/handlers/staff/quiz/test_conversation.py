"""A quiz as staff see it: one question per message, explanation, result, retry; and what changes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from handlers.converse import converse
from handlers.turn import Desk
from nlp.reading import Reader
from storage.duties.assignments import Assignment, AssignmentState
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.letters import Letter
from storage.training.questions import Kind, Question
from storage.training.sittings import Sitting, SittingState
from tests.duties import duty_house, give_out, make_employee, owed
from tests.factories import MONDAY, Talker

QUIZ = {
    "key": "nine", "title": "九项准则", "done": "quiz", "quiz": {"questions": 3, "pass_mark": 60},
    "link": "https://example.org/nine",
}  # fmt: skip


@dataclass
class Clerk(Talker):
    """A member of staff at a phone; replies go through the whole conversation."""

    def presses(self, value: str, **what: object) -> "Clerk":
        assert len(value.encode()) <= 64
        self.replies = converse(self.turn(choice=value, **({"pressed": "m1"} | what)))
        return self

    def says(self, text: str) -> "Clerk":
        self.replies = converse(self.turn(text=text))
        return self

    def sitting(self) -> Sitting:
        return self.session.exec(select(Sitting).order_by(Sitting.id.desc())).first()  # type: ignore[union-attr, return-value]

    def question(self) -> Question:
        sitting = self.sitting()
        found = self.desk.house.questions.find(sitting.questions[sitting.position][0])
        assert found is not None
        return found

    def good(self) -> list[int]:
        """The places of what is right, as they stand on the screen."""
        sitting = self.sitting()
        order = sitting.questions[sitting.position][1]
        return sorted(order.index(str(place)) for place in self.question().answers)

    def answers(self, *, right: bool = True) -> "Clerk":
        """Presses what is right (or something wrong) for the question on the screen."""
        sitting, good = self.sitting(), self.good()
        bad = next(place for place in range(self.question().count) if place not in good)
        for place in good if right else [bad]:
            self.presses(f"quiz:pick:{sitting.id}:{sitting.position}:{place}")
        if self.question().kind is Kind.MULTIPLE:
            self.presses(f"quiz:sure:{sitting.id}:{sitting.position}")
        return self

    def goes_on(self) -> "Clerk":
        sitting = self.sitting()
        return self.presses(f"quiz:next:{sitting.id}:{sitting.position}")


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(duty_house(QUIZ), Reader.load())


@pytest.fixture
def occurrence(session: Session, desk: Desk) -> Occurrence:
    people = [make_employee(session, desk.house, name)[0] for name in ("赵敏", "钱伟")]
    return give_out(session, desk.house, "nine", people=people)


@pytest.fixture
def clerk(session: Session, desk: Desk, occurrence: Occurrence) -> Clerk:
    return Clerk(session, desk, "赵敏")


def assignment_of(clerk: Clerk, occurrence: Occurrence) -> Assignment:
    from storage.staff.employees import employee_of

    employee = employee_of(clerk.session, clerk.turn().member)
    assert employee is not None
    return owed(clerk.session, occurrence, employee)


def everything(session: Session) -> list[tuple[object, ...]]:
    """All sittings and assignments, to see that nothing changed."""
    session.flush()
    sittings = [
        (one.id, one.position, one.marks, one.ticked, one.state) for one in session.exec(select(Sitting))
    ]
    owing = [
        (one.id, one.state, one.score, one.tries, one.passed) for one in session.exec(select(Assignment))
    ]
    return [*sittings, *owing]


def test_each_question_stands_alone_with_its_number_and_is_edited_in_place(
    clerk: Clerk, occurrence: Occurrence
) -> None:
    [first] = clerk.presses(f"quiz:begin:{occurrence.id}").replies
    assert "第 1/3 题" in first.text
    assert "60 分通过" in first.text
    assert clerk.question().text in first.text
    [explained] = clerk.answers().replies
    assert explained.edits == "m1"
    assert "✓ 答对了" in explained.text
    assert clerk.question().explanation in explained.text
    assert f"第{'一二三四五六七八九'[clerk.question().rule - 1]}项：" in explained.text
    assert clerk.labels == ["下一题"]
    [second] = clerk.goes_on().replies
    assert second.edits == "m1"
    assert second.text.startswith("第 2/3 题")


def test_a_wrong_answer_shows_the_right_one(clerk: Clerk, occurrence: Occurrence) -> None:
    clerk.presses(f"quiz:begin:{occurrence.id}").answers(right=False)
    assert "✗ 没有答对" in clerk.text
    assert "正确答案：" in clerk.text


def test_all_right_completes_and_says_so(clerk: Clerk, occurrence: Occurrence) -> None:
    clerk.presses(f"quiz:begin:{occurrence.id}")
    for _ in range(3):
        clerk.answers().goes_on()
    assert "100 分" in clerk.text
    assert "已通过" in clerk.text
    assert assignment_of(clerk, occurrence).state is AssignmentState.DONE
    assert "已经通过" in clerk.presses(f"quiz:begin:{occurrence.id}").text


def test_not_passed_tells_what_to_study_and_when_to_come_back(clerk: Clerk, occurrence: Occurrence) -> None:
    clerk.presses(f"quiz:begin:{occurrence.id}")
    for _ in range(3):
        clerk.answers(right=False).goes_on()
    assert "0 分" in clerk.text
    assert "请再看看" in clerk.text
    assert "10:00 以后可以再答" in clerk.text
    assert clerk.labels == ["看材料", "再答一次", "练习 5 题", "我的任务"]
    assert "10:00 以后可以再答" in clerk.presses(f"quiz:begin:{occurrence.id}").text
    clerk.now = MONDAY + timedelta(minutes=30)
    assert "第 1/3 题" in clerk.presses(f"quiz:begin:{occurrence.id}").text


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(30, "10:00"), (14 * 60 + 29, "23:59"), (15 * 60, "明天 00:30"), (60 * 48, "11月26日 09:30")],
)
def test_the_time_to_come_back_is_a_local_one(session: Session, minutes: int, said: str) -> None:
    again = {"questions": 3, "pass_mark": 60, "again_after": minutes}
    desk = Desk(duty_house(QUIZ | {"quiz": again}), Reader.load())
    person, _ = make_employee(session, desk.house, "孙丽")
    occurrence = give_out(session, desk.house, "nine", people=[person])
    clerk = Clerk(session, desk, "孙丽").presses(f"quiz:begin:{occurrence.id}")
    for _ in range(3):
        clerk.answers(right=False).goes_on()
    assert f"{said} 以后可以再答" in clerk.text


def test_several_choices_are_ticked_and_then_sent(clerk: Clerk, occurrence: Occurrence) -> None:
    clerk.presses(f"quiz:begin:{occurrence.id}")
    while clerk.question().kind is not Kind.MULTIPLE:
        clerk.answers().goes_on()
        if clerk.sitting().state is not SittingState.OPEN:
            clerk.session.delete(clerk.sitting())
            owed_by = assignment_of(clerk, occurrence)
            owed_by.state, owed_by.passed = AssignmentState.OPEN, None
            clerk.presses(f"quiz:begin:{occurrence.id}")
    sitting = clerk.sitting()
    where = f"{sitting.id}:{sitting.position}"
    assert "请先选" in clerk.presses(f"quiz:sure:{where}").text
    assert sum(label.startswith("☑") for label in clerk.presses(f"quiz:pick:{where}:0").labels) == 1
    assert sum(label.startswith("☑") for label in clerk.presses(f"quiz:pick:{where}:2").labels) == 2
    assert sum(label.startswith("☑") for label in clerk.presses(f"quiz:pick:{where}:0").labels) == 1
    assert sitting.marks == "" or len(sitting.marks) == sitting.position
    clerk.presses(f"quiz:sure:{where}")
    assert sitting.is_answered


def test_double_presses_and_presses_on_an_earlier_question_change_nothing(
    clerk: Clerk, occurrence: Occurrence
) -> None:
    clerk.presses(f"quiz:begin:{occurrence.id}").answers(right=False)
    sitting = clerk.sitting()
    before = everything(clerk.session)
    for place in range(4):
        clerk.presses(f"quiz:pick:{sitting.id}:0:{place}")
    clerk.presses(f"quiz:sure:{sitting.id}:0")
    assert everything(clerk.session) == before
    clerk.goes_on()
    before = everything(clerk.session)
    for value in (
        "pick:{}:0:1",
        "next:{}:0",
        "sure:{}:0",
        "next:{}:1",
        "next:{}:2",
        "pick:{}:2:0",
        "pick:{}:1:9",
    ):
        clerk.presses("quiz:" + value.format(sitting.id))
        assert "第 2/3 题" in clerk.text
    assert everything(clerk.session) == before


def test_nobody_presses_in_anothers_sitting(clerk: Clerk, occurrence: Occurrence) -> None:
    clerk.presses(f"quiz:begin:{occurrence.id}")
    sitting, before = clerk.sitting(), everything(clerk.session)
    other = Clerk(clerk.session, clerk.desk, "钱伟")
    for value in ("pick:{}:0:0", "sure:{}:0", "next:{}:0", "show:{}"):
        other.presses("quiz:" + value.format(sitting.id))
        assert clerk.question().text not in other.text
    other.dialogue.flow, other.dialogue.data = "quiz", {"sitting": sitting.id}
    other.says("A")
    assert everything(clerk.session) == before


def test_who_does_not_owe_it_gets_no_question(clerk: Clerk, occurrence: Occurrence) -> None:
    make_employee(clerk.session, clerk.desk.house, "李娜", "医务科")
    stranger = Clerk(clerk.session, clerk.desk, "李娜").presses(f"quiz:begin:{occurrence.id}")
    assert "不用您答" in stranger.text
    nobody = Clerk(clerk.session, clerk.desk, "病人家属").presses(f"quiz:begin:{occurrence.id}")
    assert "本院职工" in nobody.text
    assert clerk.session.exec(select(Sitting)).all() == []


@pytest.mark.parametrize(
    "value",
    ["quiz:", "quiz:begin", "quiz:begin:x", "quiz:begin:-1", "quiz:begin:99999999999999", "quiz:pick:1",
     "quiz:fly:1", "quiz:next:７:0", "quiz:pick:1:0:²", "quiz:material:0", "quiz"],
)  # fmt: skip
def test_forged_buttons_lead_nowhere(clerk: Clerk, value: str) -> None:
    assert len(clerk.presses(value).replies) == 1
    assert clerk.session.exec(select(Sitting)).all() == []


def test_typed_answers_are_understood(clerk: Clerk, occurrence: Occurrence) -> None:
    clerk.presses(f"quiz:begin:{occurrence.id}")
    for number in range(3):
        letters = "".join("ABCD"[place] for place in clerk.good())
        judge = clerk.question().kind is Kind.JUDGE
        clerk.says("错" if judge and clerk.good() == [1] else "对" if judge else letters.lower())
        assert "✓ 答对了" in clerk.text, clerk.question().key
        assert clerk.replies[0].edits is None
        clerk.says("下一题" if number else "继续")
    assert "已通过" in clerk.text


def test_words_that_are_no_answer_are_heard_elsewhere(clerk: Clerk, occurrence: Occurrence) -> None:
    clerk.presses(f"quiz:begin:{occurrence.id}")
    before = everything(clerk.session)
    clerk.says("骨科王医生上周收了我两千块红包")
    assert everything(clerk.session) == before
    assert "第 1/3 题" not in clerk.text


def test_an_unfinished_quiz_goes_on_with_the_word_for_it(clerk: Clerk, occurrence: Occurrence) -> None:
    clerk.presses(f"quiz:begin:{occurrence.id}").answers().goes_on()
    text = clerk.question().text
    clerk.dialogue.clear()
    assert text in clerk.says("答题").text
    assert clerk.replies[0].edits is None


def test_the_word_begins_what_is_due_first(clerk: Clerk, occurrence: Occurrence) -> None:
    assert "第 1/3 题" in clerk.says("/答题").text


def test_a_quiz_that_is_taken_back_ends_kindly(clerk: Clerk, occurrence: Occurrence) -> None:
    clerk.presses(f"quiz:begin:{occurrence.id}")
    occurrence.stage = OccurrenceStage.STOPPED
    clerk.session.add(occurrence)
    clerk.answers()
    assert "取消了" in clerk.text
    assert clerk.sitting().state is SittingState.CLOSED
    assert "取消了" in clerk.presses(f"quiz:begin:{occurrence.id}").text


def test_practice_is_for_everybody_and_counts_nowhere(clerk: Clerk, occurrence: Occurrence) -> None:
    clerk.says("练习")
    assert "练习 5 题，不记成绩" in clerk.text
    for _ in range(5):
        clerk.answers(right=False).goes_on()
    assert "5 题答对 0 题" in clerk.text
    assert clerk.labels == ["再练 5 题", "我的任务"]
    assert assignment_of(clerk, occurrence).tries == 0
    assert clerk.session.exec(select(Sitting)).all() == []


def test_in_a_group_it_goes_on_in_the_private_chat(clerk: Clerk, occurrence: Occurrence) -> None:
    def press(who: str, value: str) -> str:
        [reply] = Clerk(clerk.session, clerk.desk, who).presses(value, in_group=True, chat="群").replies
        assert (reply.text, reply.choices) == ("", ())
        return reply.toast or ""

    assert "私聊" in press("赵敏", f"quiz:begin:{occurrence.id}")
    [letter] = clerk.session.exec(select(Letter)).all()
    assert letter.notice == "quiz.begin"
    make_employee(clerk.session, clerk.desk.house, "李娜", "医务科")
    assert "不用您答" in press("李娜", f"quiz:begin:{occurrence.id}")
    for value in ("quiz:pick:1:0:0", "quiz:practice", "quiz:next:1:0"):
        assert "私聊" in press("赵敏", value)
    assert len(clerk.session.exec(select(Letter)).all()) == 1


def test_an_officers_unfinished_form_is_not_taken_for_a_command(clerk: Clerk) -> None:
    assert clerk.says("练习题怎么用才好呢").session.exec(select(Sitting)).all() == []


WHAT = ("pick", "sure", "next", "begin", "A", "bd", "对", "下一题", "again")
STEPS = st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, 3), st.integers(0, 5)), max_size=40)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_pressed_or_typed_the_place_is_kept(
    clerk: Clerk, occurrence: Occurrence, steps: list[tuple[str, int, int]]
) -> None:
    """Any order of presses, on any question, with restarts between: marks only grow, and never past one."""
    nested = clerk.session.begin_nested()
    now: datetime = MONDAY
    clerk.presses(f"quiz:begin:{occurrence.id}")
    for what, position, choice in steps:
        sitting, marks = clerk.sitting(), clerk.sitting().marks
        match what:
            case "pick":
                clerk.presses(f"quiz:pick:{sitting.id}:{position}:{choice}")
            case "sure" | "next":
                clerk.presses(f"quiz:{what}:{sitting.id}:{position}")
            case "begin":
                clerk.presses(f"quiz:begin:{occurrence.id}")
            case "again":
                clerk.session.flush()
                clerk.session.expire_all()
                clerk.now = now = now + timedelta(minutes=20)
            case _:
                clerk.says(what)
        assert clerk.replies
        after = clerk.session.get(Sitting, sitting.id)
        assert after is not None
        assert after.marks.startswith(marks)
        assert len(after.marks) <= min(len(marks) + 1, 3)
        assert after.right == after.marks.count("1")
        assert len(after.marks) - after.position in (0, 1)
        assert (after.state is SittingState.FINISHED) == (after.position == 3)
    nested.rollback()
    clerk.now = MONDAY
