"""Twelve ways to say when something is due: each is read, and each mistake has a name of its own."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from storage.duties.when import WAYS, When
from storage.duties.when_words import MonthDay, Spot, Step
from tests.strategies import ANYTHING, bounded


@pytest.mark.parametrize(
    ("said", "way"),
    [
        ({"dates": ["2026-12-04"]}, "dates"),
        ({"yearly": "06-30"}, "yearly"),
        ({"yearly": ["02-29", "12-15"]}, "yearly"),
        ({"half_yearly": 10, "month": 6}, "half_yearly"),
        ({"quarterly": "last day", "month": 1}, "quarterly"),
        ({"monthly": "last working day"}, "monthly"),
        ({"weekly": 5}, "weekly"),
        ({"every": "2 weeks", "since": "2026-01-09"}, "every"),
        ({"rrule": "FREQ=MONTHLY;BYDAY=2TU"}, "rrule"),
        ({"rrule": "RRULE:freq=weekly;interval=2;byday=fr", "since": "2026-01-09"}, "rrule"),
        ({"cron": "0 17 25 * *"}, "cron"),
        ({"after": "study", "days": 7}, "after"),
        ({"before_holidays": 2}, "before_holidays"),
        ({"on_request": True}, "on_request"),
    ],
)
def test_every_way_is_read(said: dict[str, Any], way: str) -> None:
    when = When.model_validate(said)
    assert when.way == way
    assert way in WAYS


@pytest.mark.parametrize(
    ("words", "spot"),
    [
        (1, ("day", 1)), (31, ("day", 31)), ("last day", ("day", 0)), ("最后一天", ("day", 0)),
        ("Last  Working Day", ("working", 0)), ("最后一个工作日", ("working", 0)),
        ("first working day", ("working", 1)), ("3rd working day", ("working", 3)),
        ("2nd working day", ("working", 2)), ("第三个工作日", ("working", 3)),
        ("第10个工作日", ("working", 10)),
    ],
)  # fmt: skip
def test_days_of_a_month_in_words(words: object, spot: tuple[str, int]) -> None:
    assert When.model_validate({"monthly": words}).spot == spot


@pytest.mark.parametrize(
    "words", [0, 32, True, "0th working day", "16th working day", "never", "", 1.5, None]
)
def test_no_day_of_a_month(words: object) -> None:
    with pytest.raises(ValidationError):
        When.model_validate({"monthly": words})


@pytest.mark.parametrize("words", [5, "周五", "星期五", "礼拜五", "Friday", "fri", " 周五 "])
def test_friday_in_words(words: object) -> None:
    assert When.model_validate({"weekly": words}).weekly == 5


def test_sunday_has_two_names() -> None:
    assert [When.model_validate({"weekly": words}).weekly for words in ("周日", "星期天")] == [7, 7]


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("10 days", (10, "day")),
        ("every 2 weeks", (2, "week")),
        ("1 month", (1, "month")),
        ("3个月", (3, "month")),
    ],
)
def test_intervals_in_words(words: str, step: tuple[int, str]) -> None:
    assert When.model_validate({"every": words, "since": "2026-01-09"}).every == step


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({}, "when_none"),
        ({"on_request": False}, "when_none"),
        ({"monthly": 5, "weekly": 1}, "when_several"),
        ({"monthly": 5, "month": 2}, "when_beside"),
        ({"monthly": 5, "days": 2}, "when_beside"),
        ({"weekly": 5, "since": "2026-01-09"}, "when_beside"),
        ({"quarterly": 5, "month": 4}, "when_month"),
        ({"every": "2 weeks"}, "when_since"),
        ({"every": "0 weeks", "since": "2026-01-09"}, "every"),
        ({"every": "2 years", "since": "2026-01-09"}, "every"),
        ({"yearly": "02-30"}, "no_such_date"),
        ({"yearly": "13-01"}, "no_such_date"),
        ({"yearly": "2026-06-30"}, "day_of_year"),
        ({"yearly": [6]}, "day_of_year"),
        ({"weekly": 8}, "weekday"),
        ({"weekly": "周末"}, "weekday"),
        ({"weekly": True}, "weekday"),
        ({"dates": ["2026-02-30"]}, "date_from_datetime_parsing"),
        ({"rrule": "every friday"}, "rrule"),
        ({"rrule": "FREQ=FORTNIGHTLY"}, "rrule"),
        ({"rrule": "FREQ=SECONDLY"}, "rrule"),
        ({"rrule": "FREQ=DAILY;COUNT=3"}, "rrule_part"),
        ({"rrule": "FREQ=DAILY;BYHOUR=1,2"}, "rrule_part"),
        ({"rrule": "FREQ=DAILY;BYDAY=XX"}, "rrule"),
        ({"cron": "0 17 25 *"}, "cron"),
        ({"cron": "0 0 17 25 * *"}, "cron"),
        ({"cron": "0 25 * * *"}, "cron"),
        ({"cron": "@daily"}, "cron"),
        ({"fortnightly": 1, "monthly": 1}, "extra_forbidden"),
    ],
)
def test_each_mistake_has_a_name(said: dict[str, Any], kind: str) -> None:
    with pytest.raises(ValidationError) as caught:
        When.model_validate(said)
    assert caught.value.errors()[0]["type"] == kind


def test_it_can_be_written_down_and_put_into_another_duty() -> None:
    when = When(monthly=Spot("working", 0))
    assert When(every=Step(2, "week"), since=date(2026, 1, 9)).way == "every"
    assert When(yearly=(MonthDay(6, 30),)).way == "yearly"
    assert '"monthly":["working",0]' in when.model_dump_json()


WORDS = st.text(max_size=20) | ANYTHING | st.sampled_from(["9" * 5000 + " days", "* * * * *", "0 0 L * 5#9"])


@bounded(200)
@given(st.dictionaries(st.sampled_from([*When.model_fields]), WORDS, max_size=3))
def test_anything_is_read_or_refused(said: dict[str, Any]) -> None:
    """The attack: a word that ends the start of the bot with an error nobody foresaw, or never ends."""
    with suppress(ValidationError):
        When.model_validate(said)
