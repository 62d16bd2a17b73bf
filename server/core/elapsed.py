"""How long the interview has gone on, without its breaks."""

from __future__ import annotations


class Elapsed:
    """Instants are the caller's clock, in ms."""

    def __init__(self) -> None:
        self._begun_ms: int | None = None
        self._stopped_ms: int | None = None

    def begin(self, now_ms: int, spent_ms: int) -> None:
        """The first time only; ``spent_ms``: so much of it was gone before."""
        if self._begun_ms is None:
            self._begun_ms = now_ms - spent_ms

    def stop(self, now_ms: int) -> None:
        """A pause, or nobody there: the interview's time stands still."""
        if self._stopped_ms is None:
            self._stopped_ms = now_ms

    def go_on(self, now_ms: int) -> None:
        if self._stopped_ms is not None and self._begun_ms is not None:
            self._begun_ms += now_ms - self._stopped_ms
        self._stopped_ms = None

    def at(self, now_ms: int) -> int:
        return now_ms - (self._begun_ms or 0)
