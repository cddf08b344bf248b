"""Every category is described for officers and has an office."""

import pytest

from nlp.taxonomy import COMPLAINTS, MISCONDUCT, Category


@pytest.mark.parametrize("category", list(Category))
def test_every_category_has_labels_and_a_lead_office(category: Category) -> None:
    facts = category.facts
    assert facts.lead
    assert facts.lead not in facts.supporting
    assert set(facts.labels) == set(facts.descriptions) == {"zh", "en"}
    assert len(category.label) <= 12


def test_three_categories_are_complaints() -> None:
    assert {c.value for c in COMPLAINTS} == {"service_attitude", "care_quality", "process_environment"}
    assert len(MISCONDUCT) == 19


def test_organ_trade_is_always_urgent_and_retaliation_is_sealed() -> None:
    assert [c for c in Category if c.always_urgent] == [Category.ILLEGAL_BIOMEDICAL]
    assert [c for c in Category if c.sealed] == [Category.COVERUP_RETALIATION]
