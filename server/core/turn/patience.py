"""How long the interviewer waits for what, and what counts as speech: every such number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from server.core.pack import Reading


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """When sound counts as speech. Probabilities in [0, 1], times in ms of audio."""

    speech: float = 0.5
    silence: float = 0.35
    onset_ms: int = 64
    pause_ms: int = 256
    preroll_ms: int = 320
    tail_ms: int = 192
    longest_ms: int = 25_000


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Talk over a question, in ms of speech. ``wary_ms``: the hold after two false ones, so that
    an echo in the candidate's room cannot make the voice stutter. ``unheld_ms``: where the client
    cannot hold its voice, talk of this length takes the floor."""

    hold_ms: int = 96
    wary_ms: int = 320
    words_ms: int = 400
    barge_in_ms: int = 1_000
    unheld_ms: int = 352


def _most_ms() -> Mapping[Reading | None, int]:
    return {None: 3_500, "complete": 2_100, "unsure": 2_250, "trailing": 3_400, "thinking": 3_400}


@dataclass(frozen=True, slots=True)
class Weights:
    """Every weight of the decision: silence from ``least_ms`` to that of how the words end, in
    between by the doubt that the answer is over. ``make eval-turns FIT=1`` fits them."""

    least_ms: int = 1_300
    most_ms: Mapping[Reading | None, int] = field(default_factory=_most_ms)
    unscored: float = 0.5
    """The doubt where no turn model was asked."""

    sure: float = 4.2
    slope: float = 1.5
    """The model's log-odds at which the doubt is one half, and how steeply it falls there: it is
    right about ends only where it is very sure of them."""

    short: float = 1.0
    short_ms: int = 1_500
    """Interview answers are long: what is over after so little speech was hardly the answer."""

    habit: float = 0.3
    """Share of the candidate's own long pause by which ``least_ms`` is raised."""

    thinking_ms: int = 30_000
    cap_ms: int = 45_000


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the interviewer waits, in ms. The defaults are for interviews; ``pace`` is the
    interview's own: 1 as they are, more for more patience."""

    pace: float = 1.0
    moment_ms: int = 30_000
    first_word_ms: int = 45_000
    give_up_ms: int = 300_000
    rest_ms: int = 600_000
    decode_ms: int = 20_000
    compose_ms: int = 4_500
    voice_ms: int = 15_000
    playback_slack_ms: int = 3_000
    held_ms: int = 5_000
    yield_ms: int = 2_500
    speculate_ms: int = 2_500
    preview_ms: int = 1_000
    ending: Weights = field(default_factory=Weights)
    tolerance: Tolerance = field(default_factory=Tolerance)
    sensitivity: Sensitivity = field(default_factory=Sensitivity)
