"""The candidate's own pauses."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Habit:
    """The pauses after which the candidate went on within an answer, in ms: running statistics
    in which the newest pauses count most."""

    count: int = 0
    mean_ms: float = 0.0
    variance: float = 0.0

    def learned(self, pause_ms: int) -> Habit:
        if self.count == 0:
            return Habit(1, float(pause_ms), 0.0)
        share = max(1 / (self.count + 1), 0.1)
        away = pause_ms - self.mean_ms
        variance = (1 - share) * (self.variance + share * away * away)
        return Habit(self.count + 1, self.mean_ms + share * away, variance)

    @property
    def long_ms(self) -> float:
        """A pause that is long for this candidate; 0 until there are some to tell from."""
        return self.mean_ms + sqrt(self.variance) if self.count >= 3 else 0.0
