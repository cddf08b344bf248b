"""Budgets of one minute: who stays within them is never refused, urgent words pass, memory is bounded."""

import random
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import bot.budgets
from bot.budgets import URGENT, URGENT_OF_ALL, Budget, Restraint, Urgency
from nlp.reading import Reader

DANGER = "我不想活了，今晚就跳楼"
TOLD = "医生收了我两千块"


class Timer:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


def test_over_the_budget_the_seconds_to_the_next_minute_are_told() -> None:
    timer = Timer()
    budget = Budget(2, timer=timer)
    assert [budget.spend("a"), budget.spend("a"), budget.spend("b")] == [0, 0, 0]
    timer.now += 18.5
    assert budget.spend("a") == 42
    assert (budget.spent("a"), budget.spent("b")) == (2, 1)
    timer.now += 41.5
    assert budget.spend("a") == 0


def test_however_many_senders_come_no_more_are_remembered_than_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bot.budgets, "MOST_SENDERS", 10)
    budget = Budget(1, timer=Timer())
    for number in range(1000):
        assert budget.spend(str(number)) == 0
        assert len(budget) <= 10


@pytest.mark.parametrize("text", [DANGER, "现在有人在手术室门口打医生", "他" * 1900 + DANGER])
def test_urgent_words_pass_a_few_times_a_minute(reader: Reader, text: str) -> None:
    timer = Timer()
    urgency = Urgency(reader, timer=timer)
    assert [urgency.passes("a", text) for _ in range(URGENT + 2)] == [True] * URGENT + [False] * 2
    assert urgency.passes("b", text)
    timer.now += 60
    assert urgency.passes("a", text)


def test_other_words_do_not_pass_and_use_nothing_up(reader: Reader) -> None:
    urgency = Urgency(reader, timer=Timer())
    assert not any(urgency.passes("a", text) for text in ["", TOLD, "谢谢", "很好" * 50_000])
    assert urgency.passes("a", DANGER)


def test_of_a_long_text_only_the_beginning_is_looked_at(reader: Reader) -> None:
    assert not Urgency(reader, timer=Timer()).passes("a", "好" * 90_000 + DANGER)


def test_who_writes_much_reads_the_same_words_once_a_minute() -> None:
    timer = Timer()
    restraint = Restraint(timer=timer, allowed=2)
    assert [restraint.counts_over("a") for _ in range(3)] == [False, False, True]
    assert restraint.is_news("a", "记下了。")
    restraint.note("a", ["记下了。"])
    assert not restraint.is_news("a", "记下了。")
    assert restraint.is_news("a", "您的查询码")
    assert restraint.is_news("b", "记下了。")
    timer.now += 60
    assert not restraint.counts_over("a")
    assert restraint.is_news("a", "记下了。")


class Crowd(RuleBasedStateMachine):
    """Some flood, one stays within the budget, the clock also goes wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.timer = Timer()
        self.budget = Budget(5, timer=self.timer)
        self.patient: list[float] = []
        self.most = random.Random(1).randint(3, 9)
        self._before = bot.budgets.MOST_SENDERS
        bot.budgets.MOST_SENDERS = self.most

    def teardown(self) -> None:
        bot.budgets.MOST_SENDERS = self._before

    @rule(seconds=st.floats(0, 100))
    def time_passes(self, seconds: float) -> None:
        self.timer.now += seconds

    @rule(seconds=st.floats(61, 5000))
    def the_clock_jumps_back(self, seconds: float) -> None:
        self.timer.now -= seconds
        self.patient.clear()

    @rule(who=st.sampled_from("abcdefghijklmnop"), times=st.integers(1, 20))
    def somebody_floods(self, who: str, times: int) -> None:
        waits = [self.budget.spend(who) for _ in range(times)]
        assert all(0 <= wait <= 60 for wait in waits)

    @rule()
    def the_patient_writes_at_most_five_times_in_any_minute(self) -> None:
        now = self.timer.now
        if sum(now - 60 < time for time in self.patient) < 5:
            assert self.budget.spend("patient") == 0
            self.patient.append(now)

    @invariant()
    def counts_are_sane_and_bounded(self) -> None:
        assert len(self.budget) <= self.most
        assert 0 <= self.budget.spent("a") <= 5


TestCrowd: Any = Crowd.TestCase
TestCrowd.settings = settings(max_examples=50, stateful_step_count=40, deadline=None)


def test_thousands_who_cry_urgent_go_the_way_of_all_others(reader: Reader) -> None:
    timer = Timer()
    urgency = Urgency(reader, timer=timer)
    passed = sum(urgency.passes(str(number), DANGER) for number in range(URGENT_OF_ALL + 50))
    assert passed == URGENT_OF_ALL
    timer.now += 60
    assert urgency.passes("somebody else", DANGER)
