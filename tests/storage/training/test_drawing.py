"""Draws: different questions, evenly over the rules, others the next time, choices in a new order."""

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from storage.training.bank import QuestionBank
from storage.training.drawing import draw, order_of
from storage.training.questions import RULES, Kind

BANK = QuestionBank()
KEYS = [one.key for one in BANK.of()]
RULE_SETS = st.lists(st.sampled_from(list(RULES)), unique=True, max_size=9)
SEEDS = st.integers(0, 2**32)


@given(rules=RULE_SETS, count=st.integers(1, 50), seed=SEEDS)
def test_a_draw_never_repeats_and_is_even_over_the_rules(rules: list[int], count: int, seed: int) -> None:
    pool = BANK.of("", rules)
    drawn = draw(pool, count, chance=Random(seed))
    assert len({one.key for one in drawn}) == len(drawn) == min(count, len(pool))
    by_rule = Counter(one.rule for one in drawn)
    stock = Counter(one.rule for one in pool)
    assert set(by_rule) <= set(rules or RULES)
    for rule in stock:
        assert by_rule[rule] == stock[rule] or by_rule[rule] >= max(by_rule.values()) - 1


@given(count=st.integers(1, 50), seed=SEEDS, seen=st.sets(st.sampled_from(KEYS)), data=st.data())
def test_the_wrong_ones_come_again_and_seen_ones_last(
    count: int, seed: int, seen: set[str], data: st.DataObject
) -> None:
    wrong = data.draw(st.sets(st.sampled_from(sorted(seen)))) if seen else set()
    pool = BANK.of()
    keys = {one.key for one in draw(pool, count, again=wrong, seen=seen, chance=Random(seed))}
    assert len(keys) == min(count, len(pool))
    assert wrong <= keys or keys <= wrong
    if keys & (seen - wrong):
        assert keys >= set(KEYS) - seen


@given(seed=SEEDS, key=st.sampled_from(KEYS))
def test_an_order_has_every_choice_once(seed: int, key: str) -> None:
    question = BANK.find(key)
    assert question is not None
    order = order_of(question, chance=Random(seed))
    assert sorted(order) == [str(place) for place in range(question.count)]
    if question.kind is Kind.JUDGE:
        assert order == "01"


def test_choices_are_shuffled_for_each_sitting() -> None:
    question = next(one for one in BANK.of() if one.kind is Kind.SINGLE)
    chance = Random(7)
    orders = Counter(order_of(question, chance=chance) for _ in range(2400))
    assert len(orders) == 24
    assert max(orders.values()) < 2 * min(orders.values())


def test_two_draws_differ() -> None:
    chance = Random(1)
    draws = [tuple(one.key for one in draw(BANK.of(), 10, chance=chance)) for _ in range(20)]
    assert len(set(draws)) == 20
