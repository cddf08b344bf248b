"""A survey from the first greeting to the thanks, by buttons and by words."""

from itertools import pairwise

import pytest

from storage.followup.surveys import Stage
from storage.hospital_followup import Kind
from tests.factories import make_desk
from tests.handlers.followup.conftest import Books, Leaves


def test_the_first_message_says_who_asks_why_and_how_to_stop(goes_home: Leaves) -> None:
    patient = goes_home()
    for words in ("示例医院", "骨科", "都不影响以后看病", "退订", "第 1 题，共 4 题"):
        assert words in patient.text
    assert patient.labels[:5] == [
        "5 ★★★★★ 非常满意", "4 ★★★★ 满意", "3 ★★★ 一般", "2 ★★ 不满意", "1 ★ 很不满意",
    ]  # fmt: skip
    assert patient.labels[5:] == ["不便回答", "您发错人了", "以后不用发"]


def test_all_questions_are_answered_by_buttons_and_thanks_come_at_the_end(
    goes_home: Leaves, books: Books
) -> None:
    patient = goes_home().presses("4")
    assert "第 2 题" in patient.text
    assert patient.survey.score == 4
    patient.presses("4 总是").presses("不便回答")
    assert "第 4 题" in patient.text
    assert patient.labels == ["没有了"]
    patient.presses("没有了")
    assert "都问完了，谢谢您" in patient.text
    assert patient.survey.stage is Stage.ANSWERED
    assert patient.survey.chat is None
    assert patient.answers == {"overall": 4, "doctor": 4, "nurse": None, "say": None}
    counted = (("overall", "4"), ("doctor", "4"), ("nurse", "skip"))
    assert [books.count(*one) for one in counted] == [1, 1, 1]
    assert not books.cases
    assert not books.tasks
    assert not books.kept_words


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        (("5", "4", "3"), [5, 4, 3]),
        (("五星", "一直都讲得很清楚", "有时候"), [5, 4, 2]),
        (("★★★", "不好说", "经常"), [3, None, 3]),
        (("挺满意的", "4", "不便回答"), [4, 4, None]),
        (("一般般吧", "总是", "从来没有"), [3, 4, 1]),
    ],
)
def test_words_digits_and_stars_answer_as_well(
    goes_home: Leaves, answers: tuple[str, ...], kept: list[int | None]
) -> None:
    patient = goes_home()
    for answer in answers:
        patient.says(answer)
    assert list(patient.answers.values()) == kept
    patient.says("没有了")
    assert patient.survey.stage is Stage.ANSWERED


def test_likely_has_eleven_buttons_and_understands_a_number(goes_home: Leaves) -> None:
    plan = {"key": "day3", "kind": "satisfaction", "after_days": 3, "questions": ["overall", "recommend"]}
    desk = make_desk(followup={"plans": [plan]})
    patient = goes_home(desk=desk).says("5")
    assert patient.labels[:12] == [*map(str, range(11)), "不便回答"]
    patient.says("给10分")
    assert patient.answers == {"overall": 5, "recommend": 10}
    assert goes_home("q", desk=desk).says("5").presses("0").answers["recommend"] == 0


def test_integrity_is_only_counted_and_nothing_stays_with_the_survey(goes_home: Leaves, books: Books) -> None:
    patient = goes_home(plan="day30")
    assert patient.survey.kind is Kind.INTEGRITY
    assert "不记是谁答的" in patient.text
    patient.presses("没有")
    assert patient.answers == {"money": None}
    patient.says("2")  # the second line of the list
    assert "用自己的话说说" in patient.text
    patient.presses("不用了").says("没有人让我扫码")
    assert "都问完了" in patient.text
    assert patient.answers == {}
    assert [books.count("money", "no"), books.count("outside", "yes"), books.count("private_code", "no")] == [
        1
    ] * 3
    assert not books.kept_words


def test_buttons_work_days_later_and_after_a_restart(goes_home: Leaves) -> None:
    patient = goes_home()
    patient.presses("5").comes_back_later().presses("3")
    assert patient.answers == {"overall": 5, "doctor": 3}
    patient.comes_back_later().says("4")
    assert patient.answers == {"overall": 5, "doctor": 3, "nurse": 4}


def test_an_earlier_button_changes_the_answer_while_the_survey_is_open(
    goes_home: Leaves, books: Books
) -> None:
    patient = goes_home()
    first = patient.survey_id
    patient.presses("1").chooses(f"survey:{first}:overall:5")
    assert "改好了：5" in patient.text
    assert patient.survey.score == 5
    assert [books.count("overall", "1"), books.count("overall", "5")] == [0, 1]
    assert [task.score for task in books.tasks] == [5]


def test_a_low_grade_by_mistake_is_mended_by_typing_another(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().says("1").says("点错了，5分")
    assert patient.survey.score == 5
    assert "改好了：5" in patient.text
    assert "第 2 题" in patient.text
    assert [books.count("overall", "1"), books.count("overall", "5")] == [0, 1]


def test_a_yes_to_integrity_can_still_be_told_of_but_is_counted_once(goes_home: Leaves, books: Books) -> None:
    patient = goes_home(plan="day30").presses("没有")
    patient.chooses(f"survey:{patient.survey_id}:money:yes")
    assert "改不了" in patient.text
    assert "用自己的话说说" in patient.text
    assert [books.count("money", "no"), books.count("money", "yes")] == [1, 0]


@pytest.mark.parametrize("value", [
    "survey:999:overall:5", "survey:x:overall:5", "survey:1:overall:9", "survey:1:nothing:1", "survey:1",
    "survey:", "survey:1:-nonsense:yes", "survey:1:overall:", "survey:99999999999999999:overall:5",
    "survey:1:money:yes", "survey:1:-name:yes", "survey:1:-clue:yes", "survey:1:-again:no",
])  # fmt: skip
def test_a_button_that_fits_nothing_is_answered_kindly_and_changes_nothing(
    goes_home: Leaves, books: Books, value: str
) -> None:
    patient = goes_home().chooses(value)
    assert patient.text
    assert patient.answers == {}
    assert patient.survey.stage is Stage.SENT
    assert not books.cases
    assert not books.tasks


def test_buttons_of_a_finished_survey_change_nothing(goes_home: Leaves) -> None:
    patient = goes_home().presses("5").presses("4").presses("4").presses("没有了").comes_back_later()
    patient.chooses(f"survey:{patient.survey_id}:overall:1")
    assert "已经结束了" in patient.text
    assert patient.survey.score == 5


def test_nobody_answers_somebody_elses_survey(goes_home: Leaves, books: Books) -> None:
    patient, stranger = goes_home("p"), goes_home("s")
    before = patient.survey_id
    for value in ("overall:1", "-stop:", "-wrong:yes", "-call:yes", "-undo:", "-pause:", "-after:1", "-go:"):
        stranger.chooses(f"survey:{before}:{value}")
    assert patient.survey.stage is Stage.SENT
    assert patient.answers == {}
    assert patient.survey.score_after is None
    assert patient.discharge.chat
    assert not books.tasks


def test_commands_and_codes_work_in_the_middle_and_the_survey_goes_on(goes_home: Leaves) -> None:
    patient = goes_home().presses("5")
    assert "您可以这样做" in patient.says("帮助").text
    assert "回到开头" in patient.says("返回").text
    assert "16 位" in patient.says("查询").text
    assert "没有查到" in patient.says("1234 5678 9012 3456").text
    patient.says("返回").says("3")
    assert patient.answers == {"overall": 5, "doctor": 3}


def test_staff_who_were_patients_answer_as_patients_do(goes_home: Leaves) -> None:
    from tests.factories import make_member

    patient = goes_home()
    make_member(patient.session, patient.desk.house, "p", channel="messenger")
    assert patient.says("5").survey.score == 5


def test_what_is_no_answer_is_asked_once_more_and_then_let_be(goes_home: Leaves) -> None:
    patient = goes_home().says("？")
    assert "给几分" in patient.text
    patient.says("……啊")
    assert "第 2 题" in patient.text
    assert patient.answers == {"overall": None}


def test_no_kind_word_comes_twice_in_a_row(goes_home: Leaves) -> None:
    patient = goes_home().says("护士挺好").says("医生也挺好").says("都挺好的呀").says("真的挺好")
    first_lines = [text.splitlines()[0] for text in patient.said[1:]]
    assert all(one != other for one, other in pairwise(first_lines))


def test_there_is_no_cheer_after_bad_news(goes_home: Leaves) -> None:
    patient = goes_home().presses("1").presses("不用了").presses("4").presses("4").says("医生挺好的")
    joined = "\n".join(patient.said)
    assert "高兴" not in joined
    assert "肯定" not in joined
    assert "您说的我们会认真看" in patient.text


@pytest.mark.parametrize(("said", "answered"), [
    ("你好", "您好！"), ("谢谢", "不客气"), ("嗯", "接着来"), ("你们是不是骗子", "自动回访"),
    ("什么时候拆线？", "护士"), ("🌹", "谢谢您"),
])  # fmt: skip
def test_small_talk_is_answered_and_the_question_stays(goes_home: Leaves, said: str, answered: str) -> None:
    patient = goes_home().says(said)
    assert answered in patient.text
    assert "第 1 题" in patient.text
    assert patient.answers == {}


@pytest.mark.parametrize(
    "said", ["我耳朵聋 今年八十了 眼睛也花 你说的啥 字太小看不清", "不会打字呀", "我老太婆不识字，咋弄"]
)
def test_who_finds_it_hard_is_shown_the_easy_way(goes_home: Leaves, books: Books, said: str) -> None:
    patient = goes_home().says(said)
    assert "不着急" in patient.text
    assert "第 1 题" in patient.text
    assert not books.kept_words


def test_who_finds_hard_what_somebody_did_is_heard_as_ever(goes_home: Leaves) -> None:
    patient = goes_home().presses("3").says("护士嫌我耳聋，态度太差了")
    assert "请转给相关科室处理" in patient.labels


def test_enough_of_it_ends_with_thanks_that_promise_no_button(goes_home: Leaves) -> None:
    patient = goes_home().presses("4").says("伤口红肿流脓").presses("就到这里")
    assert "前面答的都算数" in patient.text
    assert patient.labels == []
    assert patient.survey.stage is Stage.ANSWERED


@pytest.mark.parametrize("said", ["冇得", "莫得了", "没啥子", "呒没"])
def test_nothing_to_say_in_dialect_makes_no_case(goes_home: Leaves, books: Books, said: str) -> None:
    patient = goes_home().presses("4").presses("4").presses("4").says(said)
    assert "都问完了" in patient.text
    patient.says(said)
    assert "不客气" in patient.text
    assert not books.cases
