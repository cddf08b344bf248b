"""What replies complain about or allege, by the lists alone."""

import pytest

from nlp.rating import rate
from nlp.reading import Reader
from nlp.replies import Reply
from nlp.reply_topics import is_dangerous, is_errand
from nlp.taxonomy import Category

KEYWORDS = Reader.by_keywords()


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("满意，停车太难", Category.PROCESS_ENVIRONMENT),
        ("4分，扣一分给食堂", Category.PROCESS_ENVIRONMENT),
        ("医生满意，窗口不满意", Category.SERVICE_ATTITUDE),
        ("给主刀塞了一千", Category.RED_ENVELOPE),
        ("让去楼下那家店买的支具", Category.OUTSIDE_PURCHASE),
    ],
)
def test_a_topic_named_in_three_words_is_found(text: str, category: Category) -> None:
    assert category in rate(text, KEYWORDS).categories


@pytest.mark.parametrize(
    "text", ["红包医生死活不收", "塞了红包，主任退回来了", "5", "满意", "请问几点开门", "马马虎虎"]
)
def test_refusal_and_plain_ratings_name_nothing(text: str) -> None:
    assert rate(text, KEYWORDS).categories == ()


@pytest.mark.parametrize(
    "text", ["明天手术，不交两千红包就不给排台", "有人在走廊问要不要肾", "他们今晚要销毁监控"]
)
def test_danger(text: str) -> None:
    assert is_dangerous(Reply.of(text))
    assert rate(text, KEYWORDS).urgent


@pytest.mark.parametrize("text", ["我是3床家属", "打错了", "我没住过院", "还没出院呢"])
def test_an_errand_alleges_nothing(text: str) -> None:
    assert is_errand(Reply.of(text))
    assert rate(text).categories == ()
