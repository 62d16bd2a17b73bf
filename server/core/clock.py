"""The time a step is taken at, and how long the interview has gone on."""

from __future__ import annotations


class Clock:
    """The caller's, in ms. It stands still within a step; ``elapsed_ms`` also in every break."""

    def __init__(self) -> None:
        self.now_ms = 0
        self._begun_ms: int | None = None
        self._stopped_ms: int | None = None

    def begin(self, spent_ms: int) -> None:
        """The interview's time, once; ``spent_ms``: so much of it was gone before."""
        if self._begun_ms is None:
            self._begun_ms = self.now_ms - spent_ms

    def stop(self) -> None:
        """A pause, or nobody there."""
        if self._stopped_ms is None:
            self._stopped_ms = self.now_ms

    def go_on(self) -> None:
        if self._stopped_ms is not None and self._begun_ms is not None:
            self._begun_ms += self.now_ms - self._stopped_ms
        self._stopped_ms = None

    @property
    def elapsed_ms(self) -> int:
        return self.now_ms - (self._begun_ms or 0)
