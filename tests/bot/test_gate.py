"""Work when it is busy, and a wait for pages without scripts: who is patient always gets in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import bot.gate
from bot.gate import MESSAGE, Allowed, Gate, Later, NoTicket, Ticket, WorkAsked, solves
from tests.bot.solving import proof_for

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work of a few hashes."""
    monkeypatch.setattr(bot.gate, "FIRST_BITS", 3)


def gate(**allowed: int) -> Gate:
    return Gate(b"k" * 32, Allowed(**allowed))


def asked(gate: Gate, proof: str | None = None, *, now: datetime = NOW) -> WorkAsked:
    with pytest.raises(WorkAsked) as work:
        gate.session(proof, now=now)
    return work.value


def test_in_calm_times_nobody_is_asked_for_anything() -> None:
    one = gate()
    for minute in range(5):
        for _ in range(100):
            one.session(now=NOW + timedelta(minutes=minute))


def test_the_next_one_works_first_and_the_same_work_counts_once() -> None:
    one = gate(free=1)
    one.session(now=NOW)
    work = asked(one)
    assert work.bits == 3
    proof = proof_for(work)
    one.session(proof, now=NOW)
    asked(one, proof)


def test_who_knocks_without_working_makes_it_harder_for_nobody() -> None:
    one = gate(free=10)
    for _ in range(10):
        one.session(now=NOW)
    for _ in range(5000):
        asked(one)
    assert asked(one).bits == 3
    one.session(proof_for(asked(one)), now=NOW)


def test_the_more_are_let_in_the_harder_it_gets_up_to_a_limit() -> None:
    one = gate(free=1)
    bits = []
    one.session(now=NOW)
    for _ in range(20):
        bits.append(asked(one).bits)
        one.session(proof_for(asked(one)), now=NOW)
    assert bits == sorted(bits)
    assert bits[-1] == 3 + 4
    with pytest.raises(WorkAsked) as work:
        one.work(None, MESSAGE, level=99, now=NOW)
    assert work.value.bits == bot.gate.MOST_BITS


def test_work_is_over_after_five_minutes_and_good_for_its_purpose_and_person_alone() -> None:
    one = gate(free=0)
    proof = proof_for(asked(one))
    asked(one, proof, now=NOW + timedelta(minutes=5))
    for purpose, to in ((MESSAGE, "anna"), (MESSAGE, "")):
        with pytest.raises(WorkAsked):
            one.work(proof, purpose, to=to, now=NOW)
    with pytest.raises(WorkAsked) as work:
        one.work(None, MESSAGE, to="anna", now=NOW)
    with pytest.raises(WorkAsked):
        one.work(proof_for(work.value), MESSAGE, to="bert", now=NOW)
    one.work(proof_for(work.value), MESSAGE, to="anna", now=NOW)


@pytest.mark.parametrize("proof", ["", ".", "x.1", "١.١", "." * 999, "9" * 9999, "\ud800.1"])
def test_what_is_no_proof_is_none(proof: str) -> None:
    asked(gate(free=0), proof)


def test_an_answer_has_to_be_right() -> None:
    one = gate(free=0)
    work = asked(one)
    wrong = next(str(n) for n in range(99) if not solves(work.challenge, str(n), work.bits))
    asked(one, f"{work.challenge}.{wrong}")


def test_far_above_everybody_waits() -> None:
    one = gate(free=0, working=1)
    one.session(proof_for(asked(one)), now=NOW)
    with pytest.raises(Later) as later:
        one.session(now=NOW)
    assert later.value.seconds == 20
    asked(one, now=NOW + timedelta(minutes=1))


def test_without_limits_everybody_goes_through() -> None:
    one = Gate(b"k" * 32, None)
    for _ in range(5000):
        one.session(now=NOW)
    assert one.plain_ticket(now=NOW) is None
    one.take_ticket("anything", now=NOW)


def test_a_page_without_scripts_goes_on_at_once_when_it_is_calm() -> None:
    one = gate(free=2)
    assert one.plain_ticket(now=NOW) is None
    assert one.plain_ticket(purpose=MESSAGE, now=NOW) is None
    assert one.plain_ticket(now=NOW) is None
    assert one.plain_ticket(now=NOW) is not None
    assert one.plain_ticket(purpose=MESSAGE, level=1, now=NOW) is not None


def ticket(gate: Gate, now: datetime = NOW) -> Ticket:
    given = gate.plain_ticket(now=now)
    assert given is not None
    return given


def test_a_ticket_is_good_after_its_wait_and_once() -> None:
    one = gate(free=0)
    token = ticket(one).token
    with pytest.raises(Later) as later:
        one.take_ticket(token, now=NOW + SECOND)
    assert later.value.seconds == 4
    with pytest.raises(NoTicket):
        one.take_ticket(token, purpose=MESSAGE, now=NOW + 5 * SECOND)
    one.take_ticket(token, now=NOW + 5 * SECOND)
    for now in (NOW + 5 * SECOND, NOW + timedelta(hours=1), NOW - timedelta(hours=1)):
        with pytest.raises(NoTicket):
            one.take_ticket(token, now=now)
    with pytest.raises(NoTicket):
        one.take_ticket("A" * 44, now=NOW)


def test_a_flood_by_scripts_leaves_those_without_scripts_their_own_way_in() -> None:
    one = gate(free=0, working=5, plain=2)
    for _ in range(5):
        one.session(proof_for(asked(one)), now=NOW)
    with pytest.raises(Later):
        one.session(now=NOW)
    one.take_ticket(ticket(one).token, now=NOW + 5 * SECOND)


def test_the_more_wait_the_longer_it_takes_and_a_ticket_outlives_a_full_minute() -> None:
    one = gate(free=0, plain=2)
    tickets = [ticket(one) for _ in range(5)]
    assert [given.wait for given in tickets] == [5, 30, 60, 60, 60]
    now, left = NOW + 60 * SECOND, [given.token for given in tickets]
    while left:
        try:
            one.take_ticket(left[0], now=now)
            left.pop(0)
        except Later as later:
            now += later.seconds * SECOND
    assert now - NOW < timedelta(minutes=4)


class Rush(RuleBasedStateMachine):
    """An attacker who knocks, works and takes tickets, and a person who comes now and then."""

    @initialize(free=st.integers(0, 3), working=st.integers(4, 12), plain=st.integers(1, 4))
    def open(self, free: int, working: int, plain: int) -> None:
        self.gate, self.now = gate(free=free, working=working, plain=plain), NOW
        self.working = working
        self.admitted: list[datetime] = []
        self.tokens: list[str] = []
        self.redeemed: set[str] = set()

    @rule(seconds=st.integers(0, 90))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds * SECOND

    @rule(times=st.integers(1, 30))
    def somebody_knocks_without_working(self, times: int) -> None:
        for _ in range(times):
            try:
                self.gate.session("nonsense", now=self.now)
                self.admitted.append(self.now)
            except (WorkAsked, Later):
                pass

    @rule(times=st.integers(1, 8))
    def somebody_works(self, times: int) -> None:
        for _ in range(times):
            try:
                self.gate.session(now=self.now)
                self.admitted.append(self.now)
            except Later:
                return
            except WorkAsked as work:
                self.gate.session(proof_for(work), now=self.now)
                self.admitted.append(self.now)

    @rule()
    def somebody_without_scripts_comes(self) -> None:
        given = self.gate.plain_ticket(now=self.now)
        if given is not None:
            assert 5 <= given.wait <= 60
            self.tokens.append(given.token)

    @precondition(lambda self: self.tokens)
    @rule(data=st.data())
    def a_ticket_is_shown(self, data: st.DataObject) -> None:
        token = data.draw(st.sampled_from(self.tokens))
        waits = 0
        try:
            self.gate.take_ticket(token, now=self.now)
            assert token not in self.redeemed
            self.redeemed.add(token)
        except Later as later:
            waits = later.seconds
        except NoTicket:
            pass
        assert waits <= 60

    @rule()
    def a_person_who_works_and_is_patient_gets_in(self) -> None:
        now = self.now + timedelta(minutes=1)
        try:
            self.gate.session(now=now)
        except WorkAsked as work:
            self.gate.session(proof_for(work), now=now)
        self.now = now
        self.admitted.append(now)

    @invariant()
    def no_more_are_let_in_than_allowed(self) -> None:
        if hasattr(self, "gate"):
            lately = [time for time in self.admitted if self.now - time < timedelta(seconds=54)]
            plain = len(self.tokens)
            assert len(lately) <= self.working + plain


TestRush = Rush.TestCase
TestRush.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
