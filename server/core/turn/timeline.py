"""Where the time of a turn goes, from the last speech to the first sound of the next question."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Timeline:
    """Instants on the caller's clock, in ms; None where the step did not happen."""

    speech_end_at: int
    final_at: int | None = None
    decided_at: int | None = None
    first_token_at: int | None = None
    question_at: int | None = None

    def timings(self, first_audio_at: int | None = None) -> dict[str, int]:
        """Milliseconds after the last speech, by step. Below 0: done before the speech was over."""
        steps = {
            "segment_final_ms": self.final_at,
            "decision_ms": self.decided_at,
            "first_token_ms": self.first_token_at,
            "question_ms": self.question_at,
            "first_audio_ms": first_audio_at,
        }
        return {name: at - self.speech_end_at for name, at in steps.items() if at is not None}
