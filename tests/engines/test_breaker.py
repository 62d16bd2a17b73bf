"""The circuit breaker: single paths, and every path that a stateful search finds."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from server.engines.breaker import Breaker

pytestmark = pytest.mark.unit

REST = 1_000
LONGEST = 8_000


def broken(now_ms: int = 0) -> Breaker:
    breaker = Breaker(3, REST, LONGEST)
    for _ in range(3):
        breaker.begin(now_ms)
        breaker.failed(now_ms)
    return breaker


def test_it_opens_after_failures_in_a_row_only() -> None:
    breaker = Breaker(3, REST, LONGEST)
    for _ in range(2):
        breaker.failed(0)
    breaker.succeeded()
    for _ in range(2):
        breaker.failed(0)
    assert breaker.allows(0)
    breaker.failed(0)
    assert not breaker.allows(0)
    assert breaker.rest_ms(400) == 600


def test_after_its_rest_one_probe_is_let_through() -> None:
    breaker = broken()
    assert not breaker.allows(REST - 1)
    assert breaker.allows(REST)
    breaker.begin(REST)
    assert breaker.state == "half_open"
    assert not breaker.allows(REST + 10_000)
    breaker.succeeded()
    assert breaker.allows(REST)


def test_failing_probes_rest_ever_longer_up_to_a_limit() -> None:
    breaker, now, rests = broken(), 0, []
    for _ in range(5):
        now += breaker.rest_ms(now)
        breaker.begin(now)
        breaker.failed(now)
        rests.append(breaker.rest_ms(now))
    assert rests == [2_000, 4_000, 8_000, 8_000, 8_000]
    breaker.begin(now + 8_000)
    breaker.succeeded()
    for _ in range(3):
        breaker.failed(now)
    assert breaker.rest_ms(now) == REST


def test_an_abandoned_probe_may_be_made_anew_at_once() -> None:
    breaker = broken()
    breaker.begin(REST)
    breaker.abandoned(REST + 5)
    assert breaker.allows(REST + 5)


def test_late_failures_do_not_prolong_the_rest() -> None:
    breaker = broken()
    breaker.failed(900)
    assert breaker.rest_ms(900) == 100


class AnyPath(RuleBasedStateMachine):
    """Requests that overlap, end in any way and in any order, against what must always hold."""

    def __init__(self) -> None:
        super().__init__()
        self.breaker = Breaker(3, REST, LONGEST)
        self.now = 0
        self.under_way = 0
        self.failed_in_a_row = 0

    @rule(passed=st.integers(0, 3 * LONGEST))
    def time_passes(self, passed: int) -> None:
        self.now += passed

    @precondition(lambda self: self.breaker.allows(self.now))
    @rule()
    def a_request_leaves(self) -> None:
        rested = self.breaker.state == "open"
        self.breaker.begin(self.now)
        self.under_way += 1
        assert (self.breaker.state == "half_open") == rested
        assert self.breaker.allows(self.now) != rested  # one probe, no more

    @precondition(lambda self: self.under_way)
    @rule()
    def one_succeeds(self) -> None:
        self.under_way -= 1
        self.failed_in_a_row = 0
        self.breaker.succeeded()
        assert self.breaker.allows(self.now)

    @precondition(lambda self: self.under_way)
    @rule()
    def one_fails(self) -> None:
        self.under_way -= 1
        self.failed_in_a_row += 1
        probing = self.breaker.state == "half_open"
        self.breaker.failed(self.now)
        if probing:
            assert not self.breaker.allows(self.now)
        if self.breaker.state == "closed":
            assert self.failed_in_a_row < 3

    @precondition(lambda self: self.under_way)
    @rule()
    def one_is_abandoned(self) -> None:
        self.under_way -= 1
        before = self.breaker.state
        self.breaker.abandoned(self.now)
        assert (before == "closed") == (self.breaker.state == "closed")

    @precondition(lambda self: not self.under_way)
    @rule()
    def it_is_never_shut_for_good(self) -> None:
        assert self.breaker.allows(self.now + LONGEST)

    @invariant()
    def the_rest_is_bounded_and_tells_when(self) -> None:
        rest = self.breaker.rest_ms(self.now)
        assert 0 <= rest <= LONGEST
        if self.breaker.state == "open":
            assert self.breaker.allows(self.now) == (rest == 0)
            assert self.breaker.allows(self.now + rest)


TestAnyPath = AnyPath.TestCase
TestAnyPath.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
