"""The lists that come along have nothing in them that is of no use or contradicts itself."""

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from nlp import list_checks
from nlp.list_checks import CONTEXT, Finding, check_shipped
from nlp.tables import numbered_rows


def test_lists_that_come_along_are_clean() -> None:
    assert check_shipped() == []


def test_context_knows_every_concept_that_the_code_asks_for() -> None:
    """A concept that a module names is used, even where no frame speaks of it."""
    concepts = {row[0] for _, row in numbered_rows("concepts.tsv", 3)}
    modules = [one for one in files("nlp").iterdir() if one.name.endswith(".py")]
    named: set[str] = set()
    for module in modules:
        if module.name != "list_checks.py":
            named |= set(re.findall(r'"([a-z_]+)"', module.read_text("utf-8")))
    assert concepts & named <= CONTEXT


LISTS: dict[str, list[tuple[str, ...]]] = {
    "terms.tsv": [
        ("红包", "red_envelope", "0.5", "topic", ""),
        ("紅包", "red_envelope", "1.0", "word", ""),
        ("塞钱", "red_envelope", "1.0", "word", ""),
        ("塞钱", "red_envelope", "1.0", "word", ""),
        ("提成", "kickback", "1.0", "word", "also referral_commission"),
        ("提成", "referral_commission", "1.0", "word", "also kickback"),
        ("大处方", "over_treatment", "1.0", "word", ""),
        ("大处方", "kickback", "1.0", "word", ""),
    ],
    "collisions.tsv": [("塞钱", ""), ("提成", "itself a term"), ("打点滴", ""), ("打点滴", "")],
    "departments.tsv": [("Ｉ楼", "free", "")],
    "variants.tsv": [("洪包", "红包", ""), ("红 宝宝", "红包", "")],
    "concepts.tsv": [("took", "收了 收了 聽說", ""), ("staff", "医生", ""), ("idle", "闲聊", "")],
    "frames.tsv": [
        ("red_envelope", "staff took !took", "20", "1", ""),
        ("red_envelope", "staff ?took !took", "3", "1", ""),
        ("red_envelope", "staff ?took !took", "3", "1", ""),
    ],
}


@pytest.fixture
def spoilt(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The checks read lists full of mistakes; the row's place in the list is its line."""
    monkeypatch.setattr(list_checks, "numbered_rows", lambda name, _: enumerate(LISTS[name], start=1))
    list_checks.terms_by_word.cache_clear()
    yield
    list_checks.terms_by_word.cache_clear()


@pytest.mark.usefixtures("spoilt")
def test_every_kind_of_mistake_is_found_once() -> None:
    assert sorted(check_shipped()) == sorted(
        [
            Finding("terms.tsv", 2, "never", "紅包", "红包"),
            Finding("terms.tsv", 2, "two_weights", "红包", "1"),
            Finding("terms.tsv", 4, "twice", "塞钱", "3"),
            Finding("terms.tsv", 8, "two_categories", "大处方", "7"),
            Finding("collisions.tsv", 1, "innocent_too", "塞钱"),
            Finding("collisions.tsv", 4, "twice", "打点滴", "3"),
            Finding("departments.tsv", 1, "never", "Ｉ楼", "i楼"),
            Finding("variants.tsv", 2, "never", "红 宝宝", "红宝宝"),
            Finding("concepts.tsv", 1, "never", "聽說", "听说"),
            Finding("concepts.tsv", 1, "twice", "收了", "took"),
            Finding("concepts.tsv", 3, "unused", "idle"),
            Finding("frames.tsv", 1, "excludes_itself", "staff took !took"),
            Finding("frames.tsv", 2, "no_room", "staff ?took !took", "3"),
            Finding("frames.tsv", 3, "no_room", "staff ?took !took", "3"),
            Finding("frames.tsv", 3, "twice", "staff ?took !took", "2"),
        ]
    )
