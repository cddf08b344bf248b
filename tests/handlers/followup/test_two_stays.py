"""One patient, one chat, two stays in two departments."""

from datetime import timedelta

import pytest

from storage.followup.discharges import Discharge, Standing
from storage.followup.surveys import Stage, Survey
from tests.factories import MONDAY
from tests.handlers.followup.conftest import Books, Leaves, Patient, make_discharge, make_survey


def with_another_stay(patient: Patient, plan: str = "day30", *, hours: int = 1) -> Survey:
    """心内科 asks in the same chat as well, so many hours later; the dialogue is forgotten meanwhile."""
    chat = patient.discharge.chat
    other = make_discharge(
        patient.session, patient.desk, patient.name, channel=patient.channel, chat=chat, department="心内科"
    )
    patient.comes_back_later()
    return make_survey(patient.session, patient.desk, other, plan, now=MONDAY + timedelta(hours=hours))


def stay_of(survey: Survey, patient: Patient) -> Discharge:
    found = patient.session.get(Discharge, survey.discharge_id)
    assert found is not None
    return found


def test_words_answer_the_question_that_came_last(goes_home: Leaves, books: Books) -> None:
    patient = goes_home()
    with_another_stay(patient)
    patient.says("没有")
    assert books.count("money", "no") == 1
    assert patient.survey.score is None


def test_words_answer_the_question_that_came_last_though_it_was_planned_first(
    goes_home: Leaves, books: Books
) -> None:
    patient = goes_home(plan="day30")
    with_another_stay(patient, "day3", hours=-24)
    patient.says("没有")
    assert books.count("money", "no") == 1


def test_buttons_answer_the_survey_they_belong_to(goes_home: Leaves) -> None:
    patient = goes_home()
    other = with_another_stay(patient, "day3")
    patient.chooses(f"survey:{patient.survey_id}:overall:5").comes_back_later()
    patient.chooses(f"survey:{other.id}:overall:3")
    assert (patient.survey.score, other.score) == (5, 3)


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ("TD", Standing.OPTED_OUT),
        ("我妈已经走了，别问了", Standing.DECEASED),
        ("我又住院了，在病房呢", Standing.READMITTED),
        ("你们发错人了，我没住过院", Standing.WRONG_PERSON),
    ],
)
def test_what_ends_one_survey_ends_all_of_this_chat(goes_home: Leaves, said: str, standing: Standing) -> None:
    patient = goes_home()
    other = with_another_stay(patient)
    patient.says(said)
    assert patient.standing == standing
    assert stay_of(other, patient).standing is standing
    assert (patient.survey.stage, other.stage) == (Stage.STOPPED, Stage.STOPPED)


def test_a_wrong_number_is_erased_from_every_stay(goes_home: Leaves) -> None:
    patient = goes_home()
    other = stay_of(with_another_stay(patient), patient)
    patient.chooses(f"survey:{patient.survey_id}:-wrong:yes")
    assert (other.channel, other.chat, other.address, other.phone) == ("", None, None, None)


def test_who_is_not_in_hospital_after_all_is_asked_about_both(goes_home: Leaves) -> None:
    patient = goes_home()
    other = stay_of(with_another_stay(patient), patient)
    patient.says("我又住院了，在病房呢").presses("没有住院")
    assert (patient.standing, other.standing) == (Standing.ACTIVE, Standing.ACTIVE)


def test_a_death_does_not_touch_a_stay_that_was_over_otherwise(goes_home: Leaves) -> None:
    patient = goes_home()
    other = stay_of(with_another_stay(patient), patient)
    other.standing = Standing.WITHDRAWN
    patient.chooses(f"survey:{patient.survey_id}:-go").says("我妈已经走了，别问了")
    assert (patient.standing, other.standing) == (Standing.DECEASED, Standing.WITHDRAWN)
