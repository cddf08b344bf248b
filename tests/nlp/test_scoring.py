"""Scores come from the words and signs of a text, whatever its length."""

from nlp.scoring import PLACE_OF, WEIGHED, Scorer, Scores, Vocabulary
from nlp.weights import COLUMNS, Feature, Weights


def weights(**of: float) -> list[float]:
    return [of.get(column.replace(".", "_"), 0.0) for column in COLUMNS]


WEIGHTS = Weights(
    (
        Feature("两条烟", 2.0, -8.0, weights(chat_red_envelope=8.0, letter_praise=8.0)),
        Feature("烟", 1.0, 0.0, weights(chat_other=4.0)),
        Feature("此致敬礼", 2.0, 20.0, weights(letter_other=4.0)),
        Feature("~said took", 2.0, 0.0, weights(chat_red_envelope=2.0)),
    ),
    weights(),
    weights(chat_red_envelope=3.0, letter_red_envelope=3.0),
    -2.0,
)
SCORER = Scorer(WEIGHTS)


def score(text: str, *signs: str) -> Scores:
    return SCORER.score(SCORER.weigh(text), signs)


def odds(text: str, label: str, *signs: str) -> float:
    return score(text, *signs).odds[PLACE_OF[label]]


def test_longest_word_at_a_place_counts_and_none_inside_it() -> None:
    assert [place[1:] for place in Vocabulary(["烟", "两条烟"]).places("给两条烟和烟")] == [(1, 4), (5, 6)]
    assert odds("两条烟", "other") == 0


def test_sign_adds_to_the_words() -> None:
    with_sign = odds("两条烟", "red_envelope", "said took", "said unheard")
    assert with_sign > odds("两条烟", "red_envelope") > 0


def test_margin_is_what_is_over_the_least() -> None:
    scores, place = score("两条烟"), PLACE_OF["red_envelope"]
    assert abs(scores.odds[place] - scores.margin[place] - 3.0) < 0.01


def test_letter_is_scored_by_the_weights_of_letters() -> None:
    assert score("两条烟").letter < 0.1 < 0.9 < score("两条烟，此致敬礼").letter
    assert odds("两条烟，此致敬礼", "praise") > odds("两条烟，此致敬礼", "red_envelope")


def test_what_may_be_either_is_scored_by_both() -> None:
    unclear = Scorer(Weights(WEIGHTS.features, weights(), weights(), 0.0))
    scores = unclear.score(unclear.weigh("烟"), ())
    assert scores.letter == 0.5
    assert 0 < scores.odds[PLACE_OF["other"]] < odds("烟", "other")


def test_repetition_says_nothing_new() -> None:
    assert score("两条烟" * 20).odds == score("两条烟").odds


def test_end_of_a_long_text_is_not_weighed() -> None:
    assert odds("一" * WEIGHED + "两条烟", "red_envelope") == 0


def test_telling_words_come_with_the_weightiest_first() -> None:
    told = SCORER.telling(score("烟，两条烟"), ["red_envelope", "praise"])
    assert [place[1:] for place in told["red_envelope"]] == [(2, 5)]
    assert told["praise"] == []


def test_text_without_any_known_word_has_the_bias_alone() -> None:
    assert set(score("").odds) == {0.0}
