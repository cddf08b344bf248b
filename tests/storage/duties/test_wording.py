"""Texts take turns, and name the holiday that is near."""

from storage.duties.book import DutyBook, Proof
from storage.duties.occurrences import Occurrence
from storage.duties.wording import duty_text
from tests.duties import make_book
from tests.factories import MONDAY

BOOK = make_book({"texts": ["{节日}快乐", "过{节日}，守规矩"], "when": {"before_holidays": 2}})


def occurrence(period: str, turn: int = 0) -> Occurrence:
    return Occurrence(
        duty="study", period=period, turn=turn, title="短信", proof=Proof.READING, opens_at=MONDAY,
        due_at=MONDAY, changed_at=MONDAY,
    )  # fmt: skip


def test_texts_take_turns() -> None:
    found = [duty_text(occurrence("2026-国庆节", turn), BOOK) for turn in range(3)]
    assert found == ["国庆节快乐", "过国庆节，守规矩", "国庆节快乐"]


def test_a_holiday_without_a_known_name_is_a_holiday() -> None:
    assert duty_text(occurrence("2027-02-05"), BOOK) == "节假日快乐"
    assert duty_text(occurrence("2026-W48"), BOOK) == "节假日快乐"


def test_one_text_is_that_text_and_a_duty_that_is_gone_has_none() -> None:
    assert duty_text(occurrence("2026-11"), make_book()) == "学习九项准则。"
    assert duty_text(occurrence("2026-11"), DutyBook()) == ""
