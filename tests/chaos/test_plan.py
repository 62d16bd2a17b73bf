"""The list of faults is whole: each says what is expected, and together they are enough."""

from __future__ import annotations

from tests.chaos.plan import WHOLE
from tests.chaos.scenes import WHOLE_SIZE


def test_all_faults_together_are_two_hundred_interviews() -> None:
    assert len(WHOLE) * WHOLE_SIZE.interviews >= 200
    assert len({one.name for one in WHOLE}) == len(WHOLE)
    assert all(one.expected for one in WHOLE)
