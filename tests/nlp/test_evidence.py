"""Evidence points at the original text: first what the lists found, then the words that were learned."""

from nlp.evidence import LEARNED, Evidence, thinly_shown, with_learned
from nlp.normalise import normalise
from nlp.taxonomy import Category

TEXT = "護士收了 hong bao"
LISTED = (Evidence("hong bao", Category.RED_ENVELOPE, 5, 13, "key word"),)


def test_learned_words_follow_where_the_lists_say_little() -> None:
    form = normalise(TEXT)
    at = form.text.index("红包")
    told = {"red_envelope": [(0, 2, 4), (1, at, at + 2)]}
    shown = with_learned(TEXT, form, LISTED, told)
    # What the lists showed already is not shown a second time.
    assert shown == (*LISTED, Evidence("收了", Category.RED_ENVELOPE, 2, 4, LEARNED))


def test_word_for_an_intent_has_no_category() -> None:
    (piece,) = with_learned("谢谢", normalise("谢谢"), (), {"praise": [(0, 0, 2)]})
    assert (piece.term, piece.category) == ("谢谢", None)


def test_single_character_is_shown_only_where_there_is_nothing_else() -> None:
    form = normalise("他收了钱")
    told = {"red_envelope": [(0, 1, 2), (1, 2, 4)]}
    assert [piece.term for piece in with_learned("他收了钱", form, (), told)] == ["了钱"]
    alone = {"red_envelope": [(0, 1, 2)]}
    assert [piece.term for piece in with_learned("他收了钱", form, (), alone)] == ["收"]
    assert with_learned("他收了钱", form, LISTED, alone) == LISTED


def test_label_with_two_pieces_is_shown_well_enough() -> None:
    assert thinly_shown(("red_envelope", "kickback"), LISTED * 2) == ["kickback"]
