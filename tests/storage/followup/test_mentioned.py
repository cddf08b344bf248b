"""What people mention, and what they say when asked about integrity."""

from sqlmodel import Session

from storage.followup.mentioned import Asked, integrity_of, mentions_of
from tests.surveys import add_tally

MONTH = "2026-10"


def test_terms_come_most_often_first_and_rare_ones_not_at_all(session: Session) -> None:
    add_tally(session, MONTH, "骨科", "praise", "耐心", 2, ward="一病区")
    add_tally(session, MONTH, "骨科", "praise", "耐心", 1, ward="二病区")
    add_tally(session, MONTH, "骨科", "praise", "讲解清楚", 7)
    add_tally(session, MONTH, "骨科", "complaint", "夜里吵", 2)
    add_tally(session, "2026-09", "骨科", "complaint", "夜里吵", 9)
    found = mentions_of(session, MONTH, "骨科")
    assert found.praise == (("讲解清楚", 7), ("耐心", 3))
    assert found.complaint == ()


def test_the_house_adds_its_departments_up(session: Session) -> None:
    add_tally(session, MONTH, "骨科", "complaint", "饭菜", 2)
    add_tally(session, MONTH, "内科", "complaint", "饭菜", 2)
    assert mentions_of(session, MONTH).complaint == (("饭菜", 4),)


def test_integrity_needs_ten_who_said_yes_or_no(session: Session) -> None:
    add_tally(session, MONTH, "骨科", "money", "no", 8)
    add_tally(session, MONTH, "骨科", "money", "yes", 1)
    add_tally(session, MONTH, "骨科", "money", "skip", 30)
    assert integrity_of(session, MONTH, ["money"], least=10) == ()


def test_fewer_than_three_who_said_yes_are_not_told(session: Session) -> None:
    add_tally(session, MONTH, "骨科", "money", "no", 20)
    add_tally(session, MONTH, "骨科", "money", "yes", 2)
    add_tally(session, MONTH, "骨科", "outside", "yes", 11)
    found = integrity_of(session, MONTH, ["money", "outside"], least=10)
    assert found == (Asked("money", 22, None), Asked("outside", 11, 11))


def test_integrity_of_a_department_does_not_give_another_away(session: Session) -> None:
    add_tally(session, MONTH, "骨科", "money", "no", 20)
    add_tally(session, MONTH, "眼科", "money", "yes", 4)
    assert integrity_of(session, MONTH, ["money"], "眼科", least=10) == ()
    assert integrity_of(session, MONTH, ["money"], "骨科", least=10) == ()
    assert integrity_of(session, MONTH, ["money"], least=10) == (Asked("money", 24, 4),)
    assert integrity_of(session, MONTH, ["money"], "内科", least=10) == ()
