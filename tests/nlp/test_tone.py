"""The tone of a reply."""

import pytest

from nlp.rating import rate
from nlp.reading import Reader
from nlp.tone import Polarity
from tests.nlp.replies import table

_TONES = {"+": Polarity.POSITIVE, "0": Polarity.NEUTRAL, "-": Polarity.NEGATIVE}
KEYWORDS = Reader.by_keywords()


@pytest.mark.parametrize(("tone", "category", "text"), table("tone"))
def test_tone_and_topic_by_the_lists_alone(tone: str, category: str, text: str) -> None:
    rating = rate(text, KEYWORDS)
    assert rating.polarity is _TONES[tone]
    assert not category or category in rating.categories


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("4分，不塞钱没人理，扣一分", Polarity.NEGATIVE),
        ("5分，主任的红包收得挺快", Polarity.NEUTRAL),
        ("护士5分，伙食1分", Polarity.NEUTRAL),
        ("不用再发了，谢谢", Polarity.NEUTRAL),
        ("别发了", Polarity.NEGATIVE),
        ("谢谢关心，腿还有点肿", Polarity.NEUTRAL),
        ("不想活了", Polarity.NEGATIVE),
    ],
)
def test_what_stands_beside_a_score_or_a_plea_counts(text: str, polarity: Polarity) -> None:
    assert rate(text, KEYWORDS).polarity is polarity
