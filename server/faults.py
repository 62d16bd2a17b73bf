"""What may be wrong with an utterance of the interviewer, by what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Fault = Literal["private", "secret", "leading", "praise", "verdict", "several", "pressing"]
"""What may be wrong with saying something to a candidate: it asks for a private matter of theirs,
asks for a secret of an employer or of whoever they worked for, leads, praises, judges or speaks of
judging, asks several things at once, presses for what was withheld or what hurts."""
FAULTS: tuple[Fault, ...] = get_args(Fault)


@dataclass(frozen=True, slots=True)
class Judged:
    """Why something had better not be said; ``confidence`` in [0, 1]."""

    fault: Fault
    confidence: float
