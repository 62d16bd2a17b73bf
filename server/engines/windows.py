"""Long audio in windows that a model can hear whole, cut where it is quietest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from server.engines import gate


def windows(
    samples: gate.Samples, longest: int, earliest: int
) -> Iterator[tuple[int, gate.Samples]]:
    """Each with the sample it starts at; none longer than ``longest`` samples, and no cut before
    ``earliest``, so that a window has something to go by. Together they are the whole audio."""
    start = 0
    while len(samples) - start > longest:
        loudness = gate.levels(samples[start + earliest : start + longest])
        # A pause is several quiet frames, one alone may be inside a word.
        smooth = np.convolve(loudness, np.ones(5) / 5, mode="same")
        cut = start + earliest + int(np.argmin(smooth[2:-2]) + 2) * gate.FRAME
        yield start, samples[start:cut]
        start = cut
    yield start, samples[start:]
