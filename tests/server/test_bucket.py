"""So many at once, and from then on so many a second."""

from __future__ import annotations

import pytest

from server.bucket import Bucket


def test_what_was_saved_up_is_spent_at_once_and_the_rest_is_waited_for() -> None:
    at = [100.0]
    bucket = Bucket(10, 50, lambda: at[0])
    assert bucket.take(50) == 0
    assert bucket.take(5) == pytest.approx(0.5)
    at[0] += 0.5
    assert bucket.take(0) == pytest.approx(0)
    at[0] += 1_000
    assert bucket.take(50) == 0, "no more is saved up than it holds"
    assert bucket.take(1) == pytest.approx(0.1)
    assert bucket.take(1) == pytest.approx(0.2), "a debt grows"
