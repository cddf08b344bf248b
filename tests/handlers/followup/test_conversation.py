"""A survey from the first greeting to the thanks, by buttons and by words."""

from storage.followup.surveys import Stage
from tests.handlers.followup.conftest import Books, Leaves


def test_all_questions_are_answered_by_buttons_and_thanks_come_at_the_end(
    goes_home: Leaves, books: Books
) -> None:
    patient = goes_home()
    assert "示例医院" in patient.text
    assert "骨科" in patient.text
    assert "第 1 题，共 4 题" in patient.text
    assert "退订" in patient.text
    assert "不影响" in patient.text
    assert "不便回答" in patient.labels
    patient.presses("4")
    assert "第 2 题" in patient.text
    assert patient.survey.score == 4
    patient.presses("4 总是")
    patient.presses("不便回答")
    assert "第 4 题" in patient.text
    assert patient.labels == ["没有了"]
    patient.presses("没有了")
    assert "都问完了" in patient.text
    assert patient.survey.stage is Stage.ANSWERED
    assert patient.survey.chat is None
    assert patient.answers == {"overall": 4, "doctor": 4, "nurse": None, "say": None}
    assert [books.count("overall", "4"), books.count("doctor", "4"), books.count("nurse", "skip")] == [
        1,
        1,
        1,
    ]
    assert not books.cases
    assert not books.tasks
    assert not books.kept_words
