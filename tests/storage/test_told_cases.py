"""Which cases words may be learned from."""

from sqlmodel import Session

from nlp.taxonomy import Category, Intent
from storage.corrections import MOST, Meaning
from storage.told_cases import count_told, told_cases
from storage.withdrawal import withdraw_case
from tests.factories import MONDAY, make_house, open_a_case

HOUSE = make_house()


def test_all_but_sealed_and_withdrawn_cases_page_by_page(session: Session) -> None:
    cases = [open_a_case(session, HOUSE, f"第{number}件" + "长" * MOST) for number in range(4)]
    hidden = open_a_case(session, HOUSE, sealed=True)
    withdraw_case(session, cases[1], house=HOUSE, now=MONDAY)
    first = told_cases(session, after=0, count=2, sealed=False, vault=HOUSE.vault)
    assert [case.case_id for case in first] == [cases[0].id, cases[2].id]
    assert first[0].meaning == Meaning(Intent.REPORT, (Category.RED_ENVELOPE,))
    assert len(first[0].text) == MOST
    rest = told_cases(session, after=first[-1].case_id, count=9, sealed=True, vault=HOUSE.vault)
    assert [case.case_id for case in rest] == [cases[3].id, hidden.id]
    assert (count_told(session, sealed=False), count_told(session, sealed=True)) == (3, 4)
