"""Complaints are passed on or only kept; praise that names somebody reaches the ethics file."""

from dataclasses import replace

import pytest

from handlers.turn import Desk
from nlp.taxonomy import Intent
from storage.cases import Part, offices_of
from storage.entries import thread
from storage.followup.surveys import Stage
from storage.followup.unlinked import blurred
from storage.ratings import RatingRow
from storage.sender_tags import SenderTag
from tests.factories import OFFICES, make_house
from tests.handlers.followup.conftest import Books, Leaves

COMPLAINT = "护士态度很差，叫了三遍都不来"


def test_a_complaint_is_offered_to_be_passed_on(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().presses("4").presses("4").presses("4").says(COMPLAINT)
    assert patient.labels == ["请转给相关科室处理", "说说就好"]
    assert "对不起" in patient.text
    assert books.kept_words == [COMPLAINT]
    assert not books.cases


def test_passed_on_it_is_a_complaint_that_names_the_stay_and_nobody(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().presses("4").presses("4").presses("4").says(COMPLAINT).presses("请转给")
    [case] = books.cases
    assert (case.lead_office, case.intent) == ("投诉办", Intent.COMPLAINT)
    assert case.categories.startswith("service_attitude")
    [entry] = thread(patient.session, case.id or 0, vault=patient.desk.house.vault)
    assert entry.text == f"出院回访，骨科一病区：{COMPLAINT}"
    assert case.received_at == blurred(patient.now, patient.desk.house)
    assert patient.session.get(SenderTag, case.id) is None
    assert patient.dialogue.case_id is None
    assert "查询码" in patient.text
    assert "都问完了" in patient.text
    assert books.kept_words == []  # they went on, and are not kept beside


@pytest.mark.parametrize("said", [COMPLAINT, "食堂的饭太难吃还贵", "厕所太脏了，没人打扫"])
def test_a_complaint_of_a_ward_goes_to_complaints_and_nursing_not_to_the_outpatients(
    goes_home: Leaves, desk: Desk, books: Books, said: str
) -> None:
    house = make_house(offices=[{"name": name} for name in (*OFFICES, "护理部", "门诊部")])
    patient = (
        goes_home(desk=replace(desk, house=house))
        .presses("4")
        .presses("4")
        .presses("4")
        .says(said)
        .presses("请转给")
    )
    [case] = books.cases
    assert case.lead_office == "投诉办"
    assert "护理部" in offices_of(patient.session, case.id or 0, Part.SUPPORTING)


def test_only_said_it_is_kept_with_department_and_day_and_without_the_grade(
    goes_home: Leaves, books: Books
) -> None:
    patient = goes_home().says("3").presses("4").presses("4").says(COMPLAINT).presses("说说就好")
    assert not books.cases
    row = patient.session.get(RatingRow, 1)
    assert row is not None
    assert (row.department, row.ward, row.score, row.polarity) == ("骨科", "一病区", None, "negative")
    assert row.created_at == blurred(patient.now, patient.desk.house)
    assert patient.survey.stage is Stage.ANSWERED


def test_pressing_days_later_asks_for_the_words_again(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().says(COMPLAINT).comes_back_later().presses("请转给")
    assert "没有留下" in patient.text
    assert not books.cases
    assert books.kept_words == [COMPLAINT]


def test_terms_are_counted_whatever_is_decided(goes_home: Leaves, books: Books) -> None:
    goes_home().says(COMPLAINT)
    from nlp.mentions import find_mentions

    terms = find_mentions(COMPLAINT).complained
    assert terms
    assert [books.count("complaint", term) for term in terms] == [1] * len(terms)


def test_a_clue_is_counted_among_no_terms(goes_home: Leaves, books: Books) -> None:
    goes_home().says("护士态度很差，还收了我两百块红包")
    assert books.count("complaint", "态度") == 0


def test_praise_that_names_somebody_reaches_the_ethics_file(goes_home: Leaves, books: Books) -> None:
    praise = "李护士特别好，照顾我妈很用心，表扬她"
    patient = goes_home().presses("5").presses("4").presses("4").says(praise)
    assert "医德档案" in patient.text
    [case] = books.cases
    assert (case.lead_office, case.intent) == ("人事科", Intent.PRAISE)
    assert patient.session.get(SenderTag, case.id) is None
    assert books.kept_words == []


def test_praise_that_names_nobody_is_only_kept(goes_home: Leaves, books: Books) -> None:
    praise = "医生护士都很好，谢谢你们照顾我妈妈"
    goes_home().presses("5").presses("4").presses("4").says(praise)
    assert not books.cases
    assert books.kept_words == [praise]


def test_of_integrity_no_words_are_kept(goes_home: Leaves, books: Books) -> None:
    goes_home(plan="day30").says("没有，医生护士都很好，谢谢你们照顾我妈妈")
    assert books.kept_words == []
    assert books.count("money", "no") == 1


def test_words_after_the_end_are_still_heard(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().presses("4").presses("4").presses("4").presses("没有了")
    patient.says("对了，" + COMPLAINT)
    assert "请转给相关科室处理" in patient.labels
    patient.presses("说说就好")
    assert "第" not in patient.text
    assert patient.says("谢谢").text == "不客气。"


def test_what_is_about_something_else_after_the_end_goes_its_usual_way(goes_home: Leaves) -> None:
    patient = goes_home().presses("4").presses("4").presses("4").presses("没有了").says("你好")
    assert "可以直接打字说" in patient.text


def test_what_is_told_at_the_offer_of_a_call_does_not_take_the_call_away(goes_home: Leaves) -> None:
    patient = goes_home().presses("1").says(COMPLAINT)
    assert patient.labels == ["请给我回电话", "请转给相关科室处理", "说说就好"]
