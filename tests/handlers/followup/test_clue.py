"""A clue goes only if the patient agrees, word for word as they saw it, with a code of its own."""

import pytest

from handlers.menu import on_help
from storage.cases import Part, offices_of
from storage.entries import thread
from storage.files import count_files
from storage.followup.surveys import Stage
from storage.followup.unlinked import blurred
from storage.messages import StoredFile
from storage.sender_tags import SenderTag
from tests.handlers.followup.conftest import Books, Leaves, Patient

CLUE = "还行吧，就是手术前王医生收了我两千块红包"


def told(patient: Patient, case_id: int = 1) -> list[str]:
    entries = thread(patient.session, case_id, vault=patient.desk.house.vault)
    return [entry.text for entry in entries]


def test_a_clue_in_a_sentence_is_shown_word_for_word_and_kept_nowhere_before_a_yes(
    goes_home: Leaves, books: Books
) -> None:
    patient = goes_home().says(CLUE)
    assert f"“{CLUE}”" in patient.text
    assert "没有一处能对上" in patient.text
    assert patient.labels == ["就这样交上去", "我重新写", "不用了"]
    assert not books.cases
    assert not books.kept_words


def test_the_report_goes_with_its_own_code_and_the_survey_goes_on(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().says(CLUE).presses("就这样交上去")
    assert "要不要写上骨科" in patient.text
    assert f"“骨科：{CLUE}”" in patient.text
    patient.presses("写上骨科")
    assert "查询码" in patient.text
    assert "抄下来" in patient.text
    assert "第 2 题" in patient.text  # 还行 is a grade
    [case] = books.cases
    assert case.lead_office == "纪检办"
    assert told(patient) == [f"骨科：{CLUE}"]
    assert case.received_at == blurred(patient.now, patient.desk.house) != patient.now


def test_nothing_of_the_case_stays_with_the_talk(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().says(CLUE).presses("就这样交上去").presses("不写")
    assert told(patient) == [CLUE]
    assert patient.dialogue.case_id is None
    assert patient.dialogue.told == []
    assert "红包" not in str(patient.dialogue)
    values = [one.value for reply in patient.replies for row in reply.choices for one in row]
    assert all(value.startswith("survey:") for value in values)
    assert patient.session.get(SenderTag, books.cases[0].id) is None
    assert books.cases[0].likeness is None
    assert not books.kept_words


def test_the_code_opens_the_case_later(goes_home: Leaves) -> None:
    patient = goes_home().says(CLUE).presses("就这样交上去").presses("不写")
    code = patient.text.split("查询码：\n")[1].split("\n")[0]
    assert "红包" in patient.comes_back_later().says(code).text


@pytest.mark.parametrize("no", ["不用了", "算了", "不要", "不了"])
def test_declined_nothing_of_it_stays(goes_home: Leaves, books: Books, no: str) -> None:
    patient = goes_home().says(CLUE).says(no)
    assert "一个字都没有留" in patient.text
    assert "第 2 题" in patient.text
    assert "红包" not in str(patient.dialogue)
    assert not books.cases
    assert not books.kept_words


def test_left_alone_nothing_is_kept_either(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().says(CLUE).comes_back_later().presses("就这样交上去")
    assert "没有留下" in patient.text
    assert not books.cases
    patient.says("手术前王医生收了我两千块红包")
    assert "“手术前王医生收了我两千块红包”" in patient.text


def test_words_can_be_written_anew_and_added_to(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().says(CLUE).presses("我重新写").says("医生收了红包，不给不排手术")
    assert "“医生收了红包，不给不排手术”" in patient.text
    assert "两千" not in patient.text
    patient.says("是上周三的事")
    assert "“医生收了红包，不给不排手术\n是上周三的事”" in patient.text
    patient.says("1").says("2")  # the lines of the list: send, without the department
    assert told(patient) == ["医生收了红包，不给不排手术\n是上周三的事"]
    assert len(books.cases) == 1


def test_a_yes_by_button_asks_for_the_story(goes_home: Leaves, books: Books) -> None:
    patient = goes_home(plan="day30").presses("有")
    assert "用自己的话说说" in patient.text
    assert books.count("money", "yes") == 1
    patient.says("管床医生让我给他买两条烟").presses("就这样交上去").presses("不写")
    assert told(patient) == ["管床医生让我给他买两条烟"]
    assert "第 2 题" in patient.text


def test_a_yes_by_button_can_be_all_there_is(goes_home: Leaves, books: Books) -> None:
    patient = goes_home(plan="day30").presses("有").presses("不用了")
    assert "第 2 题" in patient.text
    assert not books.cases


def test_a_yes_in_a_sentence_is_the_story(goes_home: Leaves, books: Books) -> None:
    patient = goes_home(plan="day30").says("有，王医生让我给他转了五百块")
    assert books.count("money", "yes") == 1
    assert "“有，王医生让我给他转了五百块”" in patient.text


def test_the_last_question_answered_by_a_clue_ends_the_survey_first(goes_home: Leaves) -> None:
    patient = goes_home(plan="day30").presses("没有").presses("没有").presses("有")
    assert patient.survey.stage is Stage.ANSWERED
    assert patient.survey.chat is None
    patient.says("护工让我扫她自己的码付了八十").presses("就这样交上去").presses("不写")
    assert "查询码" in patient.text
    assert "都问完了" in patient.text
    assert "高兴" not in patient.text


def test_who_is_accused_is_left_out(goes_home: Leaves, books: Books) -> None:
    clue = "药剂科的人收了药商的回扣，还让我去外面买药"
    patient = goes_home().says(clue).presses("就这样交上去").presses("不写")
    [case] = books.cases
    assert case.lead_office == "纪检办"
    assert "药剂科" in offices_of(patient.session, case.id or 0, Part.LEFT_OUT)


def test_a_named_department_is_not_asked_for_again(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().says("骨科王医生收了我两千块红包").presses("就这样交上去")
    assert "查询码" in patient.text
    assert len(books.cases) == 1


def test_sending_twice_opens_one_case(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().says(CLUE).presses("就这样交上去")
    yes = f"survey:{patient.survey_id}:-name:no"
    patient.chooses(yes).chooses(yes).chooses(f"survey:{patient.survey_id}:-clue:yes")
    assert len(books.cases) == 1


def test_help_leaves_the_words_where_they_are(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().says(CLUE)
    on_help(patient.turn(text="帮助"))
    patient.says("帮助").chooses(f"survey:{patient.survey_id}:-clue:yes").presses("不写")
    assert told(patient) == [CLUE]


def test_an_older_answer_can_be_pressed_while_a_clue_waits_and_drops_it(
    goes_home: Leaves, books: Books
) -> None:
    patient = goes_home().says("手术前王医生收了我两千块红包").chooses("survey:1:overall:5")
    assert "第 2 题" in patient.text
    assert "红包" not in str(patient.dialogue)
    assert not books.cases


def test_photos_go_only_with_a_report(goes_home: Leaves, books: Books) -> None:
    file = StoredFile("a" * 32, "照片1.jpg", "image/jpeg", 1000)
    patient = goes_home().says("医生收红包", files=[file])
    assert "照片或文件：1 个" in patient.text
    patient.says("", files=[StoredFile("b" * 32, "照片2.jpg", "image/jpeg", 1000)])
    assert "照片或文件：2 个" in patient.text
    patient.presses("就这样交上去").presses("不写")
    assert count_files(patient.session, books.cases[0].id or 0) == 2


def test_an_urgent_clue_says_whom_to_call(goes_home: Leaves) -> None:
    patient = goes_home().presses("4").presses("4").presses("4")
    patient.says("医生让人把孕妇的孩子抱走卖了，现在还在楼上谈价钱")
    assert "就这样交上去" in patient.labels
    assert "120" in patient.presses("就这样交上去").presses("不写").text


def test_a_plain_report_days_later_is_offered_too(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().comes_back_later().says("我要举报：骨科主任收器械商的回扣，病人都被换了贵的钢板")
    assert "就这样交上去" in patient.labels
    assert not books.cases


def test_by_text_message_nobody_is_told_that_it_is_a_secret(goes_home: Leaves) -> None:
    clue = "手术前王医生收了我两千块红包"
    assert "电信公司" in goes_home("13800001111", channel="sms").says(clue).text
    other = goes_home("q").says(clue).text
    assert "电信公司" not in other
    assert "系统里没有一处" in other
