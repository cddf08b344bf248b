"""What an open survey asks when the hospital changes its plans meanwhile."""

from dataclasses import replace
from typing import Any

import pytest

from storage.followup.answering import ASK, REMIND, survey_audience
from storage.followup.delivering import may_still_go_out
from storage.followup.surveys import Stage
from storage.letters import Letter, State
from tests.factories import MONDAY, make_house
from tests.handlers.followup.conftest import Books, Leaves, Patient

GRADES = {"key": "grades", "kind": "satisfaction", "after_days": 3, "questions": ["overall", "say"]}
MONEY = {"key": "money", "kind": "integrity", "after_days": 30, "questions": ["money"]}


def after_a_restart(patient: Patient, *plans: dict[str, Any]) -> Patient:
    """hospital.toml says something else from here on."""
    house = make_house(followup={"plans": list(plans)})
    patient.desk = replace(patient.desk, house=house)
    return patient


def test_a_plan_that_got_another_name_loses_no_answer(goes_home: Leaves) -> None:
    patient = after_a_restart(goes_home(), GRADES, MONEY)
    patient.presses("4").says("没有了")
    assert (patient.survey.stage, patient.survey.score) == (Stage.ANSWERED, 4)


def test_a_key_that_is_about_something_else_now_does_not_mix_grades_and_money(
    goes_home: Leaves, books: Books
) -> None:
    patient = after_a_restart(goes_home(), MONEY | {"key": "day3"}, GRADES)
    patient.presses("5")
    assert patient.survey.score == 5
    assert "钱物" not in patient.text
    patient.says("没有")
    assert books.count("money", "no") == 0


@pytest.mark.parametrize("plan", ["day3", "day30"])
def test_without_any_plan_who_is_answering_is_still_heard(goes_home: Leaves, plan: str) -> None:
    patient = after_a_restart(goes_home(plan=plan))
    for answer in ("2", "4", "4", "没有了") if plan == "day3" else ("没有", "没有", "没有"):
        patient.comes_back_later().says(answer)
    assert patient.survey.stage is Stage.ANSWERED
    assert patient.survey.score == (2 if plan == "day3" else None)


def test_a_question_that_is_gone_is_skipped(goes_home: Leaves) -> None:
    patient = after_a_restart(goes_home(), GRADES | {"key": "day3", "questions": ["overall"]})
    assert "都问完了" in patient.presses("5").text


@pytest.mark.parametrize("notice", [ASK, REMIND])
def test_of_a_plan_that_is_gone_no_letter_goes_out(goes_home: Leaves, notice: str) -> None:
    patient = goes_home()
    letter = Letter(uid="u", state=State.CLAIMED, channel="messenger", chat=patient.discharge.chat,
                    audience=survey_audience(patient.survey_id), notice=notice, created_at=MONDAY,
                    due_at=MONDAY)  # fmt: skip
    assert may_still_go_out(patient.session, letter, house=patient.desk.house)
    after_a_restart(patient, MONEY)
    assert not may_still_go_out(patient.session, letter, house=patient.desk.house)
