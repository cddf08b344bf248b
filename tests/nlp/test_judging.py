"""The likeliest intent wins, and whatever could be a report is not set aside unread."""

from typing import Any

import pytest

from nlp.intents import Decision
from nlp.judging import ByLists, is_plain, judge
from nlp.scoring import Scores
from nlp.taxonomy import Category, Intent
from nlp.weighing import Scales
from nlp.weights import LABELS, URGENT


def scores(letter: float = 0.0, **odds: float) -> Scores:
    known = [odds.get(label, -4.5) for label in LABELS]
    return Scores(known, [one + 1.0 for one in known], letter, [])


def by_lists(intent: Intent = Intent.OTHER, share: float = 0.2, **more: Any) -> ByLists:
    rest = (1 - share) / (len(Intent) - 1)
    decision = Decision(intent, share, {one: share if one is intent else rest for one in Intent})
    return ByLists(decision, **{"scales": Scales(), **more})


def test_report_has_a_category_even_where_none_counts() -> None:
    judged = judge(scores(report=2.0, kickback=-2.0, red_envelope=-1.5), None)
    assert (judged.intent, judged.categories) == (Intent.REPORT, (Category.RED_ENVELOPE,))


def test_report_may_complain_too_with_what_is_clearest_first_among_misconduct() -> None:
    judged = judge(scores(report=2.0, kickback=0.5, service_attitude=2.0), None)
    assert judged.categories == (Category.KICKBACK, Category.SERVICE_ATTITUDE)


def test_bribe_beside_something_else_must_be_clearly_told() -> None:
    beside = {"report": 2.0, "procurement": 1.0}
    assert judge(scores(**beside, kickback=-0.8), None).categories == (Category.PROCUREMENT,)
    assert Category.KICKBACK in judge(scores(**beside, kickback=0.0), None).categories


def test_complaint_names_no_misconduct() -> None:
    judged = judge(scores(complaint=2.0, kickback=0.2, care_quality=0.1), None)
    assert judged.categories == (Category.CARE_QUALITY,)


def test_who_alleges_and_complains_reports() -> None:
    judged = judge(scores(complaint=2.0, report=0.5, kickback=1.0, care_quality=0.5), None)
    assert (judged.intent, judged.categories[0]) == (Intent.REPORT, Category.KICKBACK)


@pytest.mark.parametrize("intent", [Intent.PRAISE, Intent.INQUIRY, Intent.OTHER])
def test_what_could_be_a_report_is_not_set_aside_unread(intent: Intent) -> None:
    assert not judge(scores(**{intent: 3.0}), None).unsure
    assert judge(scores(**{intent: 3.0, "report": -1.0}), None).unsure
    assert judge(scores(**{intent: 3.0}), by_lists(Intent.REPORT)).unsure
    assert judge(scores(letter=1.0, **{intent: 3.0, "report": -2.5}), None).unsure


def test_lists_tip_the_scales_where_weights_are_undecided() -> None:
    close = scores(complaint=0.1, praise=0.0)
    assert judge(close, None).intent is Intent.COMPLAINT
    assert judge(close, by_lists(Intent.PRAISE, 0.9)).intent is Intent.PRAISE


def test_what_the_lists_allege_is_nearer_to_counting() -> None:
    close = scores(report=1.0, kickback=-1.0, procurement=-1.2)
    assert judge(close, None).categories[0] is Category.KICKBACK
    heavy = Scales({Category.PROCUREMENT: 1.2})
    assert judge(close, by_lists(scales=heavy)).categories[0] is Category.PROCUREMENT


def test_hospital_s_own_word_is_believed() -> None:
    judged = judge(scores(other=2.0), by_lists(own=[Category.KICKBACK]))
    assert (judged.intent, judged.categories) == (Intent.REPORT, (Category.KICKBACK,))
    assert judge(scores(praise=2.0), by_lists(own=[Category.CARE_QUALITY])).intent is Intent.COMPLAINT


def test_unlikely_intent_is_unsure() -> None:
    assert judge(scores(complaint=-0.5), None).unsure


def test_what_alleges_a_kind_of_misconduct_speaks_for_a_report() -> None:
    undecided = {"other": 0.4, "report": 0.0}
    assert judge(scores(**undecided), None).intent is Intent.OTHER
    assert judge(scores(**undecided, kickback=1.0), None).intent is Intent.REPORT


def test_a_letter_needs_less_to_be_about_the_hospital() -> None:
    undecided = {"other": 0.5, "complaint": 0.0}
    assert judge(scores(**undecided), None).intent is Intent.OTHER
    assert judge(scores(letter=1.0, **undecided), None).intent is Intent.COMPLAINT


def test_a_letter_must_be_plainer_to_be_urgent() -> None:
    told = {"report": 1.0, "kickback": 0.5, URGENT: -2.0}
    assert judge(scores(**told), None).urgent
    assert not judge(scores(letter=1.0, **told), None).urgent


def test_what_alleges_nothing_is_urgent_only_where_it_could_be_a_report() -> None:
    said = {"other": 1.0, URGENT: 1.0}
    assert not judge(scores(**said), by_lists()).urgent
    assert not judge(scores(**said, report=0.0), by_lists(short=True)).urgent
    assert judge(scores(**said, report=0.0), by_lists()).urgent
    assert judge(scores(**said), by_lists(danger=True)).urgent


def test_praise_is_never_urgent() -> None:
    assert judge(scores(report=1.0, **{URGENT: -1.5}), None).urgent
    assert not judge(scores(report=1.0, **{URGENT: -3.0}), None).urgent
    assert not judge(scores(praise=1.0, **{URGENT: 1.0}), None).urgent


def test_few_words_that_say_nothing_allege_nothing_for_sure() -> None:
    judged = judge(scores(report=1.0, overcharging=-1.0), by_lists(short=True))
    assert (judged.intent, judged.unsure) == (Intent.REPORT, True)
    judged = judge(scores(report=-1.0), by_lists(short=True))
    assert (judged.intent, judged.categories, judged.unsure) == (Intent.OTHER, (), True)


def test_danger_that_the_lists_see_is_believed() -> None:
    assert judge(scores(inquiry=1.0), by_lists(danger=True)).urgent


def test_glance_is_enough_only_where_nothing_points_to_a_report_or_danger() -> None:
    assert is_plain(scores(praise=3.0))
    assert not is_plain(scores(praise=0.0))
    assert not is_plain(scores(praise=3.0, report=-2.5))
    assert not is_plain(scores(praise=3.0, **{URGENT: -2.0}))
