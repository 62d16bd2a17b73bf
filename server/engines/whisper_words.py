"""When each word was said, from where Whisper's decoder looked while it wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from server.core.events import Word
from server.ports import CANDIDATE_RATE

SAMPLES_PER_FRAME = CANDIDATE_RATE // 100
OPENING, CLOSING = "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、"
LONGEST_TYPICAL_S = 0.7


def words_of(
    model: Any,
    tokenizer: Any,
    encoded: Any,
    tokens: list[list[int]],
    samples: Sequence[int],
) -> list[tuple[Word, ...]]:
    """For windows of one language. ``tokens`` are text only; ``samples`` are the windows' lengths,
    within which the times lie."""
    from faster_whisper.transcribe import merge_punctuations  # noqa: PLC0415

    frames = [max(2, count // SAMPLES_PER_FRAME) for count in samples]
    found = []
    for alignment, count in zip(
        model.find_alignment(tokenizer, tokens, encoded, frames), samples, strict=True
    ):
        merge_punctuations(alignment, OPENING, CLOSING)
        found.append(_words(alignment, count / CANDIDATE_RATE))
    return found


def _words(alignment: list[dict[str, Any]], seconds: float) -> tuple[Word, ...]:
    spoken = [word for word in alignment if word["word"].strip()]
    lengths = [word["end"] - word["start"] for word in spoken if word["end"] > word["start"]]
    longest = 2 * min(LONGEST_TYPICAL_S, float(np.median(lengths))) if lengths else 0.0
    words = []
    for at, word in enumerate(spoken):
        start, end = float(word["start"]), min(float(word["end"]), seconds)
        if end - start > longest:
            # Alignment gives a pause to the word beside it: the word keeps the side that
            # touches its neighbour, and the middle ones keep the end, where they are heard out.
            if at == len(spoken) - 1 and at > 0:
                end = start + longest
            elif at == 0:
                start = end - longest
        text, probability = word["word"].strip(), float(word["probability"])
        words.append(Word(text, round(start * 1000), round(end * 1000), probability))
    return tuple(words)
