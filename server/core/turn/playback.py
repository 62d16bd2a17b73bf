"""How far the voice of one question has been heard."""

from __future__ import annotations

from dataclasses import dataclass

NEARLY_MS = 1_500
"""Words said over the last of a question are the beginning of an answer, however short."""

MOSTLY = 0.85
"""Share of a question before which nobody replies to it."""


@dataclass(slots=True)
class Playback:
    """``marks``: the client reports what it played; otherwise the clock tells."""

    marks: bool = False
    began_ms: int | None = None
    duration_ms: int | None = None
    played_ms: int = 0

    def began(self, now_ms: int) -> None:
        self.began_ms = now_ms

    def produced(self, duration_ms: int, now_ms: int) -> int:
        """All of the voice has been sent; returns how much of it cannot have been heard yet."""
        self.duration_ms = duration_ms
        began = now_ms if self.began_ms is None else self.began_ms
        return max(0, began + duration_ms - now_ms)

    def mark(self, played_ms: int, *, last: bool = False) -> None:
        """The ``last`` is believed of any client."""
        self.marks, self.played_ms = self.marks or last, max(self.played_ms, played_ms)

    def stopped(self, now_ms: int) -> int:
        """The voice stops here; returns how much of it was heard. ``now_ms`` is, here and below,
        less what it was held."""
        self._count(now_ms)
        return self.played_ms

    def _count(self, now_ms: int) -> None:
        if not self.marks and self.began_ms is not None:
            self.played_ms = now_ms - self.began_ms
            if self.duration_ms is not None:
                self.played_ms = min(self.played_ms, self.duration_ms)

    def finished(self) -> int:
        """The voice has been heard to its end; returns how long it was."""
        if not self.marks:
            self.played_ms = self.duration_ms or 0
        return self.played_ms

    def heard_ms(self, at_ms: int) -> int:
        """At most so much can have been heard at this instant."""
        return 0 if self.began_ms is None else max(0, at_ms - self.began_ms)

    def mostly(self, heard_ms: int) -> bool:
        """Whether this is enough of the voice to reply to it; not while it is still being made."""
        return self.duration_ms is not None and heard_ms >= MOSTLY * self.duration_ms

    def nearly_over(self, now_ms: int) -> bool:
        self._count(now_ms)
        return self.duration_ms is not None and self.duration_ms - self.played_ms <= NEARLY_MS
