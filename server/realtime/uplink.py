"""The candidate's audio as one connection sends it, at the server's rate."""

from __future__ import annotations

import numpy as np
import soxr

from server.ports import CANDIDATE_RATE


class Uplink:
    """Streaming conversion from ``rate`` Hz; keeps the filter's state between frames."""

    def __init__(self, rate: int) -> None:
        self._resampler = (
            None
            if rate == CANDIDATE_RATE
            else soxr.ResampleStream(rate, CANDIDATE_RATE, 1, dtype="int16", quality="MQ")
        )

    def to_candidate_rate(self, pcm: bytes) -> bytes:
        """PCM16 mono in, PCM16 mono 16 kHz out; a few ms stay in the filter."""
        if self._resampler is None:
            return pcm
        samples = np.frombuffer(pcm, dtype="<i2")
        resampled: bytes = self._resampler.resample_chunk(samples).astype("<i2").tobytes()
        return resampled
