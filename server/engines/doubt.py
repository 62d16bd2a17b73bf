"""How sure to be of what Whisper heard: its probabilities, brought to the share that is right."""

from __future__ import annotations

import math
from collections.abc import Sequence

from server.core.events import Language, Word
from server.language.subtitles import BIAS, OTHERWISE

LIKELIHOOD, WHOLE = 0.55, 2.10
"""Fitted by ``make eval-stt EVAL=--fit``, with a constant for each language (`subtitles.BIAS`): the
log-odds of a word, the mean log-probability of all that was decoded with it."""

LEAST = 1e-4


def of_word(probability: float, log_probability: float, language: Language = "") -> float:
    """How likely the word is what was said, in [0, 1]. ``probability``: the decoder's of the word.
    ``log_probability``: the decoder's mean over the tokens of the window. ``language``: that it was
    decoded in, where that is known."""
    bias = BIAS.get(language, OTHERWISE)
    odds = LIKELIHOOD * log_odds(probability) + WHOLE * log_probability + bias
    return 1 / (1 + math.exp(-odds))


def log_odds(probability: float) -> float:
    p = min(max(probability, LEAST), 1 - LEAST)
    return math.log(p / (1 - p))


def of_segment(words: Sequence[Word]) -> float | None:
    """The share of it that is likely right, by the length of the words; None where none says."""
    told = [(len(word.text), word.sure) for word in words if word.sure is not None]
    letters = sum(length for length, _ in told)
    return sum(length * sure for length, sure in told) / letters if letters else None
