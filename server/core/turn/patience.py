"""How long the interviewer waits for what: every such number."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Talk over a question, in ms of speech. ``unmarked_hold_ms``: the hold where the client has no
    word for it, so that each shows. ``wary_ms``: the hold after two false ones, so that an echo in
    the candidate's room cannot make the voice stutter. ``words_ms``: what is shorter is noise;
    ``early_words_ms``: where it may be the last word of the answer before. ``barge_in_ms``: what is
    longer takes the floor, ``early_barge_in_ms``: without its words, where these may tell whether
    it goes on with the answer before."""

    hold_ms: int = 96
    unmarked_hold_ms: int = 192
    wary_ms: int = 320
    words_ms: int = 400
    early_words_ms: int = 160
    barge_in_ms: int = 1_000
    early_barge_in_ms: int = 2_500


@dataclass(frozen=True, slots=True)
class Weights:
    """Every number of the decision when an answer is over; ``make eval-turns`` measures them.

    ``sure_ms`` of silence where the turn model is surer than ``sure`` that it is, ``trailing_ms``
    where the words promise more ("and"), ``unsure_ms`` where neither, or both, or there is no
    turn model; ``thinking_ms`` where a moment was asked for. No word says that an answer is over: a
    full stop is the recogniser's."""

    sure: float = 0.7
    sure_ms: int = 850
    unsure_ms: int = 1_700
    trailing_ms: int = 2_000
    thinking_ms: int = 30_000
    habit: float = 0.7
    """Share of the candidate's own long pause that is waited at least, up to ``trailing_ms``."""

    yielded_ms: int = 600
    """As much more for each time that a question was taken back, after the first."""

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
    long_ms: int = 600_000
    unbroken_ms: int = 180_000
    far_ms: int = 8_000
    """After an answer so long, or so much speech without a pause, it is asked whether it goes on:
    a television may be on. ``far_ms``: or so much speech, far quieter than the candidate's own."""

    decode_ms: int = 20_000
    compose_ms: int = 4_500
    voice_ms: int = 15_000
    playback_slack_ms: int = 3_000
    held_ms: int = 5_000
    yield_ms: int = 2_500
    speculate_ms: int = 1_900
    score_ms: int = 500
    ending: Weights = field(default_factory=Weights)
    tolerance: Tolerance = field(default_factory=Tolerance)
