"""The same words are recognised, and nothing else is."""

import pytest

from storage.likeness import SHORTEST, likeness_of, plain_form
from tests.factories import FIXED_VAULT

STORY = "骨科每次手术前都要病人家属给红包，不给就拖着不排手术，请医院查一查，我们等着。"


def like(text: str) -> str:
    return likeness_of(text, vault=FIXED_VAULT)


@pytest.mark.parametrize(
    "same",
    [
        "  骨科每次手术前都要病人家属给红包  不给就拖着不排手术 请医院查一查 我们等着!!!",
        "骨科每次手术前都要病人家属给红包，不给就拖着不排手术，\n\n请医院查一查，我们等着。🙏🙏",
        "骨科每次手术前都要病人家屬給紅包，不給就拖着不排手術，請醫院查一查，我們等着。",
        "骨科每次手术前都要病人家属给红包，不给就拖着不排手术，请医院查一查，我们等着。13812345678",
        "骨科每次手术前都要病人家属给红\u200b包，不给就拖着不排手术，请医院查一查，我们等着。",
    ],
)
def test_spaces_marks_writing_and_telephones_make_no_other_text(same: str) -> None:
    assert like(same) == like(STORY) != ""


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [("骨科", "眼科"), ("红包", "红包两千块"), ("不给就", "给了也"), ("查一查", "不用查")],
)
def test_another_place_sum_or_meaning_makes_another_text(mine: str, theirs: str) -> None:
    assert like(STORY.replace(mine, theirs)) != like(STORY)


def test_a_bed_or_a_sum_in_digits_counts() -> None:
    assert like(STORY + "3床") != like(STORY + "5床")
    assert like(STORY + "给了2000") != like(STORY + "给了20000")


def test_short_texts_are_never_alike() -> None:
    assert like("医生收红包") == like("。。。 ！") == like("") == ""
    assert like("一" * SHORTEST)
    assert not like("一" * (SHORTEST - 1) + "，。")


def test_it_is_keyed_and_tells_nothing_of_the_text() -> None:
    assert plain_form(STORY) not in like(STORY)
    assert len(like(STORY)) == 32
