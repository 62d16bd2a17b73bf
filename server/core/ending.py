"""When is an answer over? How much silence, by what is known of the words, the sound, the habit."""

from __future__ import annotations

from dataclasses import dataclass

from server.core.completeness import Reading


@dataclass(frozen=True, slots=True)
class Habit:
    """The pauses after which the candidate went on within an answer."""

    count: int = 0
    mean_ms: float = 0.0

    def learned(self, pause_ms: int) -> Habit:
        count = self.count + 1
        return Habit(count, self.mean_ms + (pause_ms - self.mean_ms) / count)


@dataclass(frozen=True, slots=True)
class Weights:
    """Every weight of the decision, in ms of silence."""

    complete_ms: int = 1_500
    unsure_ms: int = 2_500
    trailing_ms: int = 4_500
    thinking_ms: int = 30_000
    undecoded_ms: int = 4_500


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known at a pause; None: not yet, or not asked."""

    reading: Reading | None
    score: float | None
    answered_ms: int
    habit: Habit


def silence_needed(evidence: Evidence, weights: Weights, pace: float = 1.0) -> int:
    """Milliseconds of silence after the last speech that end the answer."""
    needed = {
        None: weights.undecoded_ms,
        "complete": weights.complete_ms,
        "unsure": weights.unsure_ms,
        "trailing": weights.trailing_ms,
        "thinking": weights.thinking_ms,
    }[evidence.reading]
    return max(round(needed * pace), needed if evidence.reading == "thinking" else 0)


def worth_scoring(evidence: Evidence, weights: Weights) -> bool:
    """Whether the turn model's answer may change the decision."""
    return evidence.score is None and evidence.reading in ("complete", "unsure") and bool(weights)
