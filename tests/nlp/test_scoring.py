"""Scores come from the words and signs of a text, whatever its length."""

from nlp.scoring import WEIGHED, Scorer, Vocabulary
from nlp.weights import LABELS, Feature, Weights

ZERO = {genre: dict.fromkeys(LABELS, 0.0) for genre in ("chat", "letter")}
WEIGHTS = Weights(
    (
        Feature("两条烟", 2.0, {"chat": {"red_envelope": 8.0}, "letter": {"praise": 8.0}}, -8.0),
        Feature("烟", 1.0, {"chat": {"other": 4.0}, "letter": {}}, 0.0),
        Feature("此致敬礼", 2.0, {"chat": {}, "letter": {"other": 4.0}}, 20.0),
        Feature("~said took", 2.0, {"chat": {"red_envelope": 2.0}, "letter": {}}, 0.0),
    ),
    ZERO,
    {genre: {**dict.fromkeys(LABELS, 0.0), "red_envelope": 3.0} for genre in ("chat", "letter")},
    -2.0,
)
SCORER = Scorer(WEIGHTS)


def test_longest_word_at_a_place_counts_and_none_inside_it() -> None:
    assert [place[1:] for place in Vocabulary(["烟", "两条烟"]).places("给两条烟和烟")] == [(1, 4), (5, 6)]
    assert SCORER.score("两条烟", []).odds["other"] == 0


def test_sign_adds_to_the_words() -> None:
    without, with_sign = SCORER.score("两条烟", []), SCORER.score("两条烟", ["said took", "said unheard"])
    assert with_sign.odds["red_envelope"] > without.odds["red_envelope"] > 0


def test_margin_is_what_is_over_the_least() -> None:
    scores = SCORER.score("两条烟", [])
    assert abs(scores.odds["red_envelope"] - scores.margin["red_envelope"] - 3.0) < 0.01


def test_letter_is_scored_by_the_weights_of_letters() -> None:
    chat, letter = SCORER.score("两条烟", []), SCORER.score("两条烟，此致敬礼", [])
    assert chat.letter < 0.1 < 0.9 < letter.letter
    assert letter.odds["praise"] > letter.odds["red_envelope"]


def test_repetition_says_nothing_new() -> None:
    assert SCORER.score("两条烟" * 20, []).odds == SCORER.score("两条烟", []).odds


def test_end_of_a_long_text_is_not_weighed() -> None:
    assert SCORER.score("一" * WEIGHED + "两条烟", []).odds["red_envelope"] == 0


def test_telling_words_come_with_the_weightiest_first() -> None:
    scores = SCORER.score("烟，两条烟", [])
    told = SCORER.telling(scores, ["red_envelope", "praise"])
    assert [place[1:] for place in told["red_envelope"]] == [(2, 5)]
    assert told["praise"] == []


def test_text_without_any_known_word_has_the_bias_alone() -> None:
    assert set(SCORER.score("", []).odds.values()) == {0.0}
