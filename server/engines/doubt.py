"""How sure to be of what Whisper heard: its probabilities, brought to the share that is right."""

from __future__ import annotations

import math
from collections.abc import Sequence

from server.core.events import Word

LIKELIHOOD, WHOLE, BIAS = 0.45, 3.00, 2.61
"""Fitted by ``make eval-stt FIT=1``: the log-odds of a word, the mean log-probability of all that
was decoded with it, and a constant."""

LEAST = 1e-4


def of_word(probability: float, log_probability: float) -> float:
    """How likely the word is what was said, in [0, 1]. ``probability``: the decoder's of the word.
    ``log_probability``: the decoder's mean over the tokens of the window."""
    odds = LIKELIHOOD * log_odds(probability) + WHOLE * log_probability + BIAS
    return 1 / (1 + math.exp(-odds))


def log_odds(probability: float) -> float:
    p = min(max(probability, LEAST), 1 - LEAST)
    return math.log(p / (1 - p))


def of_segment(words: Sequence[Word]) -> float | None:
    """The share of it that is likely right, by the length of the words; None where none says."""
    told = [(len(word.text), word.sure) for word in words if word.sure is not None]
    letters = sum(length for length, _ in told)
    return sum(length * sure for length, sure in told) / letters if letters else None
