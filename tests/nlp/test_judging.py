"""The likeliest intent wins, and whatever could be a report is not set aside unread."""

import pytest

from nlp.judging import judge
from nlp.scoring import Scores
from nlp.taxonomy import Category, Intent
from nlp.weights import LABELS, URGENT


def scores(letter: float = 0.0, **odds: float) -> Scores:
    known = {label: odds.get(label, -4.0) for label in LABELS}
    return Scores(known, {label: known[label] + 1.0 for label in LABELS}, letter, [])


def test_report_has_a_category_even_where_none_counts() -> None:
    judged = judge(scores(report=2.0, kickback=-2.0, red_envelope=-1.5), Intent.OTHER)
    assert (judged.intent, judged.categories) == (Intent.REPORT, (Category.RED_ENVELOPE,))


def test_report_may_complain_too_but_misconduct_comes_first() -> None:
    judged = judge(scores(report=2.0, kickback=0.5, service_attitude=2.0), Intent.REPORT)
    assert judged.categories == (Category.KICKBACK, Category.SERVICE_ATTITUDE)


def test_complaint_names_no_misconduct() -> None:
    judged = judge(scores(complaint=2.0, kickback=1.0, care_quality=0.5), Intent.COMPLAINT)
    assert judged.categories == (Category.CARE_QUALITY,)


@pytest.mark.parametrize("intent", [Intent.PRAISE, Intent.INQUIRY, Intent.OTHER])
def test_what_could_be_a_report_is_not_set_aside_unread(intent: Intent) -> None:
    assert not judge(scores(**{intent: 3.0}), Intent.OTHER).unsure
    assert judge(scores(**{intent: 3.0, "report": -1.0}), Intent.OTHER).unsure
    assert judge(scores(**{intent: 3.0}), Intent.REPORT).unsure
    assert judge(scores(letter=1.0, **{intent: 3.0, "report": -2.5}), Intent.OTHER).unsure


def test_unlikely_intent_is_unsure() -> None:
    assert judge(scores(complaint=-0.5), Intent.COMPLAINT).unsure


def test_praise_is_never_urgent() -> None:
    assert judge(scores(report=1.0, **{URGENT: 1.0}), Intent.REPORT).urgent
    assert not judge(scores(praise=1.0, **{URGENT: 1.0}), Intent.PRAISE).urgent
