"""When is an answer over? How much silence, by what is known of the words, the sound, the habit."""

from __future__ import annotations

from dataclasses import dataclass

from server.core.habit import Habit
from server.core.turn.patience import Weights
from server.core.understanding import Reading


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known at a pause; None: not yet, or not asked. ``yields``: how often the next
    question was taken back because this candidate had gone on."""

    reading: Reading | None
    score: float | None
    habit: Habit
    yields: int = 0


def silence_needed(evidence: Evidence, weights: Weights, pace: float = 1.0) -> int:
    """Milliseconds of silence after the last speech that end the answer. Where the words are not
    there yet the sound decides alone; where the two contradict each other nothing is known."""
    sure = evidence.score is not None and evidence.score > weights.sure
    trailing = evidence.reading == "trailing"
    needed: float = weights.unsure_ms
    if sure != trailing:
        needed = weights.sure_ms if sure else weights.trailing_ms
    needed = max(needed, min(weights.habit * evidence.habit.long_ms, weights.trailing_ms))
    needed += weights.yielded_ms * max(0, evidence.yields - 1)
    if evidence.reading == "thinking":
        needed = max(needed, weights.thinking_ms / pace)
    return round(min(needed * pace, weights.cap_ms))
