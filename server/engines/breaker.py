"""A circuit breaker: a server that fails again and again is left alone for a while.

Pure: every method that needs the time is given it, in milliseconds of any steady clock.
"""

from __future__ import annotations

from typing import Literal

FAILURES = 3
REST_MS = 5_000
LONGEST_REST_MS = 60_000

State = Literal["closed", "open", "half_open"]


class Breaker:
    """Closed: asked. Open: not asked until its rest is over. Half-open: one probe is under way.

    Whoever asks the server calls ``begin`` and then exactly one of ``succeeded``, ``failed`` and
    ``abandoned``. A failed probe rests twice as long as the rest before it.
    """

    def __init__(
        self,
        failures: int = FAILURES,
        rest_ms: int = REST_MS,
        longest_rest_ms: int = LONGEST_REST_MS,
    ) -> None:
        self._limit = failures
        self._first_rest_ms = rest_ms
        self._longest_rest_ms = longest_rest_ms
        self.reset()

    def reset(self) -> None:
        """As new: the server began a new life."""
        self.state: State = "closed"
        self._failures = 0
        self._rest_ms = self._first_rest_ms
        self._open_until_ms = 0

    def allows(self, now_ms: int) -> bool:
        """Whether the server may be asked now."""
        if self.state == "open":
            return now_ms >= self._open_until_ms
        return self.state == "closed"

    def rest_ms(self, now_ms: int) -> int:
        """How long it is not asked from now on; 0 where it may be."""
        return max(0, self._open_until_ms - now_ms) if self.state == "open" else 0

    def begin(self, now_ms: int) -> None:
        """A request leaves; where the rest is over it is the probe."""
        if self.state == "open" and now_ms >= self._open_until_ms:
            self.state = "half_open"

    def succeeded(self) -> None:
        """Also a late success of a request that left before: the server answers."""
        self.reset()

    def failed(self, now_ms: int) -> None:
        if self.state == "open":
            return  # one that left before; the rest was decided already
        if self.state == "half_open":
            self._rest_ms = min(2 * self._rest_ms, self._longest_rest_ms)
            self._open(now_ms)
            return
        self._failures += 1
        if self._failures >= self._limit:
            self._open(now_ms)

    def abandoned(self, now_ms: int) -> None:
        """Cancelled before the server could show anything: an abandoned probe may be made anew."""
        if self.state == "half_open":
            self.state = "open"
            self._open_until_ms = now_ms

    def _open(self, now_ms: int) -> None:
        self.state = "open"
        self._failures = 0
        self._open_until_ms = now_ms + self._rest_ms
