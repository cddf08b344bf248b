"""The table of festivals agrees with the published holidays."""

from datetime import date

import chinese_calendar
import pytest

from nlp.festivals import festival_days
from nlp.tables import rows


@pytest.mark.parametrize(
    ("name", "published"),
    [("清明", "Tomb-sweeping Day"), ("端午", "Dragon Boat Festival"), ("大年初一", "Spring Festival")],
)
def test_published_holidays_agree(name: str, published: str) -> None:
    for year in range(2013, 2027):
        days = festival_days(name, year)
        assert days is not None
        assert chinese_calendar.get_holiday_detail(days[0]) == (True, published), year


def test_table_is_whole() -> None:
    years = [int(year) for year, *_ in rows("festivals.tsv", 4)]
    assert years == list(range(2000, 2041))


def test_a_year_beyond_the_table_has_no_lunar_festival_but_fixed_ones() -> None:
    assert festival_days("中秋", 2099) is None
    assert festival_days("国庆节", 2099) == (date(2099, 10, 1), date(2099, 10, 7))
