"""Words about a survey while something else is being talked about."""

from datetime import timedelta

import pytest
from sqlmodel import select

from storage.dialogues import Dialogue
from storage.entries import thread
from storage.followup.discharges import Standing
from storage.followup.opt_outs import OptOut
from storage.followup.surveys import Stage
from storage.identity import chat_hash
from tests.handlers.followup.conftest import Books, Leaves, Patient

REPORT = "昨天下午在心内科，王主任收了我两千块钱红包。"


def reporting(patient: Patient) -> Patient:
    """A report was told in this chat, and may still be completed."""
    patient.dialogue = Dialogue(flow="report")
    patient.says(REPORT)
    assert patient.dialogue.case_id is not None
    return patient


def told(patient: Patient, books: Books) -> list[str]:
    [case] = books.cases
    return [one.text for one in thread(patient.session, case.id or 0, vault=patient.desk.house.vault)]


@pytest.mark.parametrize("flow", ["report", "case", "inquiry", "rating", "code"])
@pytest.mark.parametrize("said", ["退订", "TD", "R", "别再给我发短信了", "/stop"])
def test_an_end_of_messages_is_heard_whatever_is_being_talked_about(
    goes_home: Leaves, books: Books, flow: str, said: str
) -> None:
    patient = goes_home()
    patient.dialogue = Dialogue(flow=flow)
    assert "不再给您发了" in patient.says(said).text
    assert patient.standing == Standing.OPTED_OUT
    assert books.cases == []


def test_an_end_of_messages_does_not_become_part_of_a_report(goes_home: Leaves, books: Books) -> None:
    patient = reporting(goes_home()).says("TD")
    assert patient.standing == Standing.OPTED_OUT
    assert "TD" not in told(patient, books)
    assert patient.dialogue.told == []
    assert patient.presses("点错了").standing is Standing.ACTIVE


def test_an_end_of_messages_counts_when_no_survey_is_open(goes_home: Leaves) -> None:
    patient = goes_home().presses("5").presses("4").presses("4").presses("没有了")
    assert patient.survey.stage is Stage.ANSWERED
    patient.dialogue = Dialogue(flow="inquiry")
    assert patient.says("TD").standing == Standing.OPTED_OUT


@pytest.mark.parametrize("said", ["/stop", "/td", "/退订"])
def test_a_command_that_bots_know_stops_as_well(goes_home: Leaves, said: str) -> None:
    assert goes_home().comes_back_later().says(said).standing == Standing.OPTED_OUT


def test_who_reports_that_somebody_writes_too_much_is_not_cut_off(goes_home: Leaves, books: Books) -> None:
    said = "王主任收了红包，还让人天天发短信吓我，叫他别再给我发短信了"
    patient = reporting(goes_home()).says(said)
    assert patient.standing == Standing.ACTIVE
    assert said in told(patient, books)


@pytest.mark.parametrize(("said", "score"), [("5", 5), ("2", 2), ("很满意", 5)])
def test_a_bare_answer_to_a_question_that_just_came_is_no_part_of_a_report(
    goes_home: Leaves, books: Books, said: str, score: int
) -> None:
    patient = reporting(goes_home()).says(said)
    assert patient.survey.score == score
    assert said not in told(patient, books)
    assert (patient.dialogue.case_id, patient.dialogue.told) == (None, [])


@pytest.mark.parametrize("said", ["还有一位护士在场", "没有打收条", "当时给了5张一百的"])
def test_whatever_else_is_said_completes_the_report(goes_home: Leaves, books: Books, said: str) -> None:
    patient = reporting(goes_home()).says(said)
    assert said in told(patient, books)
    assert patient.survey.score is None


def test_an_answer_to_a_question_of_the_report_stays_with_it(goes_home: Leaves, books: Books) -> None:
    patient = goes_home()
    patient.dialogue = Dialogue(flow="report")
    patient.says("医生收红包")
    assert patient.dialogue.data["asking"]
    patient.says("5")
    assert "5" in told(patient, books)
    assert patient.survey.score is None


def test_a_question_of_yesterday_does_not_take_the_words_of_a_report(goes_home: Leaves, books: Books) -> None:
    patient = goes_home()
    patient.now += timedelta(days=1)
    reporting(patient).says("5")
    assert patient.survey.score is None
    assert "5" in told(patient, books)


@pytest.mark.parametrize("said", ["TD", "退订", "T", "别再给我发短信了"])
def test_by_text_message_an_end_counts_for_whatever_number(
    goes_home: Leaves, books: Books, said: str
) -> None:
    stranger = goes_home(channel="sms")
    stranger.name = "13900002222"
    stranger.comes_back_later().says(said)
    assert "不再给您发了" in stranger.text
    assert books.cases == []
    vault = stranger.desk.house.vault
    stopped = [one.chat for one in stranger.session.exec(select(OptOut))]
    assert stopped == [chat_hash(vault, "sms", "13900002222")]


def test_by_text_message_a_bare_n_still_answers_a_question_of_yes_or_no(
    goes_home: Leaves, books: Books
) -> None:
    patient = goes_home(plan="day30", channel="sms").says("N")
    assert books.count("money", "no") == 1
    assert patient.standing == Standing.ACTIVE
