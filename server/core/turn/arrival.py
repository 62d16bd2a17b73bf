"""Whether the candidate's sound still comes: a line that carries none is not a silent candidate."""

from __future__ import annotations

MISSED_MS = 3_000


class Arrival:
    """Looked at every few seconds while the candidate is listened to, not at every frame."""

    def __init__(self) -> None:
        self.missed = False
        self._since_ms = 0
        self._look_ms = 0

    def expect(self, now_ms: int) -> None:
        """From now on sound is expected."""
        self._since_ms = now_ms
        self._look_ms = now_ms + MISSED_MS

    def deadline(self) -> int | None:
        """When to look; None: sound is missed already, and its return is seen by itself."""
        return None if self.missed else self._look_ms

    def look(self, sound_ms: int | None, now_ms: int) -> bool:
        """Whether sound is missed from now on. ``sound_ms``: when some last came; None: none ever
        did on this connection, whose candidate types."""
        if self.missed or now_ms < self._look_ms:
            return False
        last_ms = now_ms if sound_ms is None else max(sound_ms, self._since_ms)
        self.missed = now_ms - last_ms >= MISSED_MS
        self._look_ms = last_ms + MISSED_MS
        return self.missed

    def came(self) -> bool:
        """There is sound. Whether it was missed."""
        missed, self.missed = self.missed, False
        return missed
