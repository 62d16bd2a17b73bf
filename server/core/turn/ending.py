"""When is an answer over? How much silence, by what is known of the words, the sound, the habit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log

from server.core.habit import Habit
from server.core.pack import Reading
from server.core.turn.patience import Weights


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known at a pause; None: not yet, or not asked. ``answered_ms`` is speech so far."""

    reading: Reading | None
    score: float | None
    answered_ms: int
    habit: Habit


def silence_needed(evidence: Evidence, weights: Weights, pace: float = 1.0) -> int:
    """Milliseconds of silence after the last speech that end the answer."""
    most = weights.most_ms[evidence.reading]
    least = min(weights.least_ms + weights.habit * evidence.habit.long_ms, most)
    needed = (least + (most - least) * doubt(evidence, weights)) * pace
    if evidence.reading == "thinking":
        needed = max(needed, weights.thinking_ms)
    return round(min(needed, weights.cap_ms))


def doubt(evidence: Evidence, weights: Weights) -> float:
    """In [0, 1]: how likely it is that the candidate goes on, as it sounds."""
    if evidence.reading in ("trailing", "thinking", None):
        return 1.0
    total = log(weights.unscored / (1 - weights.unscored))
    if evidence.score is not None:
        score = min(max(evidence.score, 1e-4), 1 - 1e-4)
        total = weights.slope * (weights.sure - log(score / (1 - score)))
    if evidence.answered_ms < weights.short_ms:
        total += weights.short
    return 1 / (1 + exp(-total))


def worth_scoring(evidence: Evidence, weights: Weights) -> bool:
    """Whether the turn model's word may change the decision by more than a moment: not before the
    words are there, and not where they have settled it."""
    sure, unsure = (
        silence_needed(replace(evidence, score=score), weights) for score in (0.99, 0.01)
    )
    return unsure - sure > 200
