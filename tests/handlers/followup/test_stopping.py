"""The ways out: stop at once and for good, with a way back; wrong numbers are forgotten."""

import pytest
from sqlmodel import select

from storage.followup.discharges import Standing
from storage.followup.opt_outs import OptOut
from storage.followup.stopping import has_opted_out
from storage.followup.surveys import Stage
from storage.identity import chat_hash
from tests.handlers.followup.conftest import PHONE, Books, Leaves, Patient


def opted_out(patient: Patient) -> bool:
    vault = patient.desk.house.vault
    return has_opted_out(patient.session, chat_hash(vault, "sms", PHONE))


@pytest.mark.parametrize(
    "said", ["退订", "TD", "td", "R", "T", "以后不要再给我发了", "不要再发短信", "退 订"]
)
def test_words_stop_everything_at_once(goes_home: Leaves, said: str) -> None:
    patient = goes_home().says(said)
    assert "不再给您发了" in patient.text
    assert patient.standing == Standing.OPTED_OUT
    assert patient.survey.stage is Stage.STOPPED
    assert opted_out(patient)
    assert patient.labels == ["点错了，还愿意接收"]


def test_the_button_stops_and_its_undo_takes_up_where_it_was(goes_home: Leaves) -> None:
    patient = goes_home().presses("以后不用发")
    assert patient.standing == Standing.OPTED_OUT
    patient.presses("点错了")
    assert patient.standing == Standing.ACTIVE
    assert not opted_out(patient)
    assert "第 1 题" in patient.text
    patient.presses("5")
    assert patient.survey.score == 5


def test_undo_works_days_later_and_twice(goes_home: Leaves) -> None:
    patient = goes_home().presses("以后不用发").comes_back_later()
    undo = patient.value("点错了，还愿意接收")
    patient.chooses(undo)
    assert patient.standing == Standing.ACTIVE
    assert patient.chooses(undo).text


def test_a_grade_beside_it_counts(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().says("不满意，也别再联系我")
    assert patient.survey.score == 2
    assert patient.survey.stage is Stage.ANSWERED
    assert patient.standing == Standing.OPTED_OUT
    assert len(books.tasks) == 1


def test_after_the_survey_a_known_chat_can_still_stop(goes_home: Leaves) -> None:
    patient = goes_home().presses("5").presses("4").presses("4").presses("没有了").comes_back_later()
    assert "不再给您发了" in patient.says("TD").text
    assert patient.standing == Standing.OPTED_OUT
    assert patient.presses("点错了").standing is Standing.ACTIVE


def test_a_chat_that_was_never_asked_keeps_its_ways(goes_home: Leaves) -> None:
    stranger = goes_home("p")
    stranger.name = "somebody else"
    stranger.comes_back_later().says("退订")
    assert "不再给您发了" not in stranger.text
    assert not stranger.session.exec(select(OptOut)).all()


def test_on_the_page_the_number_of_the_stay_is_stopped(goes_home: Leaves) -> None:
    patient = goes_home(channel="web")
    discharge = patient.discharge
    discharge.channel, discharge.chat = "sms", chat_hash(patient.desk.house.vault, "sms", PHONE)
    patient.session.flush()
    patient.presses("以后不用发")
    assert patient.standing == Standing.OPTED_OUT
    assert opted_out(patient)
    patient.presses("点错了")
    assert patient.standing == Standing.ACTIVE
    assert not opted_out(patient)


def test_a_bare_n_where_yes_or_no_is_asked_is_a_no(goes_home: Leaves, books: Books) -> None:
    patient = goes_home(plan="day30").says("没有")
    assert books.count("money", "no") == 1
    assert patient.standing == Standing.ACTIVE


def test_a_wrong_number_is_asked_once_more_and_then_forgotten(goes_home: Leaves) -> None:
    patient = goes_home().presses("您发错人了")
    assert patient.labels == ["对，发错人了", "没发错"]
    assert patient.standing == Standing.ACTIVE
    assert "第 1 题" in patient.presses("没发错").text
    patient.chooses(f"survey:{patient.survey_id}:-wrong:yes")
    assert "删掉" in patient.text
    found = patient.discharge
    assert found.standing is Standing.WRONG_PERSON
    assert (found.channel, found.chat, found.address, found.phone) == ("", None, None, None)
    assert patient.survey.stage is Stage.STOPPED


@pytest.mark.parametrize("said", ["你发错了吧，我没住过院", "我不是王桂兰，你们搞错了", "wrong number"])
def test_words_say_so_as_well(goes_home: Leaves, said: str) -> None:
    patient = goes_home().says(said)
    assert patient.standing == Standing.WRONG_PERSON
    assert patient.discharge.address is None


def test_a_wrong_number_that_wants_nothing_gets_nothing_even_with_the_next_import(goes_home: Leaves) -> None:
    patient = goes_home().says("这个号我刚买的，不认识什么病人，别发了")
    assert patient.standing == Standing.WRONG_PERSON
    assert opted_out(patient)


def test_a_death_ends_it_with_sympathy(goes_home: Leaves) -> None:
    patient = goes_home().says("我妈已经走了，不用再问她满不满意了")
    assert "节哀" in patient.text
    assert "第" not in patient.text
    assert patient.standing == Standing.DECEASED
    assert patient.labels == []
    assert "节哀" not in patient.says("谢谢").text


def test_a_family_in_mourning_is_still_heard(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().says("我爸已经去世了，当时王医生收了我们五千红包还说没事")
    assert "节哀" in patient.text
    assert "就这样交上去" in patient.labels
    patient.presses("就这样交上去").presses("不写")
    assert len(books.cases) == 1


def test_who_is_in_hospital_again_is_not_asked(goes_home: Leaves) -> None:
    patient = goes_home().says("我又住院了，在病房呢")
    assert "正住着院" in patient.text
    assert patient.standing == Standing.READMITTED
    assert "第 1 题" in patient.presses("没有住院").text
    assert patient.standing == Standing.ACTIVE
