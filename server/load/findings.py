"""What candidates under load notice. Standard library only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Findings:
    """Seconds, over all candidates, from ``open`` on. ``delays_s``: last speech to the decision
    that the answer is over, ``overheads_s``: of that the server's part, ``first_sounds_s``: last
    speech to the next question's voice, ``captions_s``: a segment's last word to its words,
    ``back_s``: a line that broke to the next one's session. ``cut_ins``: decisions in mid-answer;
    ``stuck``: answers after which nothing was asked."""

    delays_s: list[float] = field(default_factory=list)
    overheads_s: list[float] = field(default_factory=list)
    first_sounds_s: list[float] = field(default_factory=list)
    captions_s: list[float] = field(default_factory=list)
    back_s: list[float] = field(default_factory=list)
    sending_late_s: list[float] = field(default_factory=list)
    cut_ins: int = 0
    stuck: int = 0
    broken: int = 0
    open: bool = False


def percentiles(values: Sequence[float], wanted: Sequence[float] = (50, 95, 99)) -> list[float]:
    """Nearest rank; nan where there are no values."""
    if not values:
        return [float("nan")] * len(wanted)
    ranked = sorted(values)
    return [ranked[min(len(ranked) - 1, int(len(ranked) * one / 100))] for one in wanted]
