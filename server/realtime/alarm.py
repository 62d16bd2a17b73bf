"""When an interview has to be looked at though nothing happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Alarm:
    """One timer, moved only when the time that is asked for has moved. ``ring`` is called on the
    event loop."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._timer: asyncio.TimerHandle | None = None
        self._at_ms: int | None = None

    def set(self, at_ms: int | None, now_ms: Callable[[], int]) -> None:
        """Both on one clock, which is looked at only where it has to be; None: not at all."""
        if at_ms == self._at_ms and self._timer is not None:
            return
        self.cancel()
        self._at_ms = at_ms
        if at_ms is not None:
            wait_s = max(0.0, (at_ms - now_ms()) / 1_000)
            self._timer = asyncio.get_running_loop().call_later(wait_s, self._rings)

    def cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _rings(self) -> None:
        self._timer = None
        self._ring()
