"""Present health trouble in replies, and what only sounds like it."""

import pytest

from nlp.health import read_health
from nlp.replies import Reply
from tests.nlp.replies import table


@pytest.mark.parametrize(("read", "text"), table("health"))
def test_health(read: str, text: str) -> None:
    health = read_health(Reply.of(text))
    assert ("C" if health.care else "") + ("U" if health.emergency else "") == read.strip("_")


@pytest.mark.parametrize(
    "text", ["昨天发烧，今天退了又烧", "住院期间不疼，回家就疼", "别的都好，就是腿肿", "手术前不晕，现在头晕"]
)
def test_what_is_there_now_counts_whatever_was_before(text: str) -> None:
    assert read_health(Reply.of(text)).care


@pytest.mark.parametrize("text", ["不发烧也不咳嗽", "前几天腿肿，已经消了", "伤口不疼了", "头晕的毛病没再犯"])
def test_absence_and_recovery_are_good_news(text: str) -> None:
    health = read_health(Reply.of(text))
    assert health.well
    assert not health.care


@pytest.mark.parametrize("text", ["活着没意思", "想从楼上跳下去", "I want to end my life"])
def test_despair_cannot_wait(text: str) -> None:
    health = read_health(Reply.of(text))
    assert health.despair
    assert health.emergency


@pytest.mark.parametrize("text", ["只求别再发烧", "希望不要再疼"])
def test_a_wish_is_no_news(text: str) -> None:
    health = read_health(Reply.of(text))
    assert not health.care
    assert not health.well
