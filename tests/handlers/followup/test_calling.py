"""A low grade: somebody looks after it, and the patient is called back if they wish."""

import pytest

from handlers.followup.calling import find_phone
from storage.followup.surveys import Stage
from storage.followup.tasks import TaskKind, open_sealed
from tests.handlers.followup.conftest import PHONE, Books, Leaves, Patient


def phone_of(patient: Patient, books: Books) -> str:
    return open_sealed(books.tasks[0], "phone", vault=patient.desk.house.vault)


@pytest.mark.parametrize("grade", ["1", "2"])
def test_a_low_grade_opens_a_task_without_phone_or_words(goes_home: Leaves, books: Books, grade: str) -> None:
    patient = goes_home().presses(grade)
    [task] = books.tasks
    assert (task.kind, task.score, task.call_wanted) == (TaskKind.RECOVERY, int(grade), False)
    assert phone_of(patient, books) == books.task_words() == ""
    assert patient.labels == ["请给我回电话", "不用了"]
    assert "第 2 题" in patient.presses("不用了").text


def test_three_and_more_open_none(goes_home: Leaves, books: Books) -> None:
    goes_home().presses("3")
    assert not books.tasks


def test_a_call_is_promised_at_the_known_number_and_whether_to_ask_once_more(
    goes_home: Leaves, books: Books
) -> None:
    patient = goes_home().presses("1").presses("请给我回电话")
    assert "要不要再问您一次" in patient.text
    patient.presses("好，再问我一次")
    [task] = books.tasks
    assert task.call_wanted
    assert task.ask_again
    assert phone_of(patient, books) == PHONE
    assert "第 2 题" in patient.text


def test_without_a_known_number_one_is_asked_for(goes_home: Leaves, books: Books) -> None:
    patient = goes_home(phone="").says("很不满意").says("要")
    assert "留一个方便接的电话" in patient.text
    assert "没看到号码" in patient.says("12345").text
    patient.says("139 0000-2222")
    assert phone_of(patient, books) == "13900002222"
    assert "要不要再问您一次" in patient.text
    patient.says("不用")
    assert not books.tasks[0].ask_again
    assert "第 2 题" in patient.text


def test_no_number_is_fine_too(goes_home: Leaves, books: Books) -> None:
    patient = goes_home(phone="").presses("2").presses("请给我回电话").presses("不留了")
    assert phone_of(patient, books) == ""
    assert "第 2 题" in patient.text


def test_words_beside_a_low_grade_go_to_the_department_only_with_the_call(
    goes_home: Leaves, books: Books
) -> None:
    words = "不满意，饭菜凉得没法吃，天天如此"
    patient = goes_home().says(words)
    assert patient.labels == ["请给我回电话", "请转给相关科室处理", "说说就好"]
    assert books.task_words() == ""
    patient.presses("请给我回电话")
    assert books.task_words() == words
    assert books.kept_words == []


def test_both_offers_are_open_to_digits_as_on_a_telephone_without_buttons(
    goes_home: Leaves, books: Books
) -> None:
    patient = goes_home().says("不满意，饭菜凉得没法吃，天天如此").says("2")
    assert "查询码" in patient.text
    assert len(books.cases) == 1
    assert not books.tasks[0].call_wanted


def test_a_clue_beside_a_low_grade_leaves_no_mark_on_the_task(goes_home: Leaves, books: Books) -> None:
    goes_home("p").presses("1")
    goes_home("q").says("1分，主任要红包，不给就不手术")
    plain, beside = books.tasks
    names = ("kind", "office", "score", "words", "phone", "call_wanted", "apart", "opened_at", "due_at")
    assert [getattr(plain, name) for name in names] == [getattr(beside, name) for name in names]


def test_a_low_last_answer_is_counted_before_the_call_is_decided(goes_home: Leaves) -> None:
    patient = goes_home()
    patient.chooses(f"survey:{patient.survey_id}:doctor:4").chooses(f"survey:{patient.survey_id}:nurse:4")
    patient.chooses(f"survey:{patient.survey_id}:say:skip").presses("1")
    assert patient.survey.stage is Stage.ANSWERED
    patient.presses("请给我回电话").presses("不用了")
    assert "都问完了" in patient.text
    assert "我们会认真看" in patient.text


def test_the_offer_can_be_taken_up_days_later(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().presses("1").comes_back_later().presses("请给我回电话")
    assert books.tasks[0].call_wanted
    assert "要不要再问您一次" in patient.text


def test_pressing_twice_wishes_for_one_call(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().presses("1")
    patient.chooses(f"survey:{patient.survey_id}:-call:yes")
    version = books.tasks[0].version
    patient.chooses(f"survey:{patient.survey_id}:-call:yes")
    assert [task.version for task in books.tasks] == [version]


@pytest.mark.parametrize(("said", "phone"), [
    ("我的电话是138 0000 1111", "13800001111"), ("0571-12345678", "057112345678"),
    ("８７６５４３２１", "87654321"),
    ("+86 13800001111", "13800001111"), ("12345", ""), ("没有电话", ""), ("123456789012345678", ""),
])  # fmt: skip
def test_numbers_are_found_however_they_are_written(said: str, phone: str) -> None:
    assert find_phone(said) == phone


def test_who_hears_no_call_is_asked_for_the_number_of_somebody_else(goes_home: Leaves, books: Books) -> None:
    patient = goes_home(phone="").presses("2").presses("请给我回电话").says("我耳朵听不见，发短信行不行")
    assert "家里人的号码" in patient.text
    assert patient.labels == ["不留了"]
    assert len(books.tasks) == 1


def test_a_question_beside_a_trouble_does_not_lose_the_number(goes_home: Leaves) -> None:
    patient = goes_home(phone="").says("伤口红肿流脓了，还发烧38度5，怎么办啊").says("要不要吃消炎药")
    assert "答不了" in patient.text
    assert "把号码发过来" in patient.text
    assert "第 1 题" not in patient.text
    assert patient.labels == ["不留了"]
