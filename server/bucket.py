"""A token bucket: so many at once, and from then on so many a second."""

from __future__ import annotations

from collections.abc import Callable


class Bucket:
    """Full at first. What is taken is taken, also where there is too little: then it says how long
    to wait. ``clock``: seconds."""

    def __init__(self, per_second: float, most: float, clock: Callable[[], float]) -> None:
        self._per_second = per_second
        self._most = most
        self._clock = clock
        self._left = most
        self._at = clock()

    def take(self, count: float) -> float:
        """Seconds until it is out of debt; 0 where it is not in any."""
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._per_second) - count
        self._at = now
        return max(0.0, -self._left / self._per_second)
