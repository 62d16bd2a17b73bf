"""How long the interviewer waits for what."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.core.turn.ending import Weights
from server.core.turn.interruption import Tolerance
from server.core.turn.segment import Sensitivity


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the interviewer waits, in ms. The defaults are for interviews; ``pace`` is the
    interview's own: 1 as they are, more for more patience."""

    pace: float = 1.0
    moment_ms: int = 30_000
    first_word_ms: int = 45_000
    give_up_ms: int = 300_000
    decode_ms: int = 20_000
    compose_ms: int = 4_500
    voice_ms: int = 15_000
    playback_slack_ms: int = 3_000
    held_ms: int = 5_000
    speculate_ms: int = 2_500
    preview_ms: int = 1_000
    ending: Weights = field(default_factory=Weights)
    tolerance: Tolerance = field(default_factory=Tolerance)
    sensitivity: Sensitivity = field(default_factory=Sensitivity)
