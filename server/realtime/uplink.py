"""The candidate's audio as one connection sends it, at the server's rate."""

from __future__ import annotations

import numpy as np
import soxr

from server.ports import CANDIDATE_RATE
from server.realtime import g711
from server.realtime.terms import AudioFormat
from server.realtime.wire import WireError

SAMPLE_BYTES = 2


class Uplink:
    """Streaming conversion from ``audio``; keeps the filter's state between frames."""

    def __init__(self, audio: AudioFormat) -> None:
        self.audio = audio
        self._resampler = (
            None
            if audio.rate == CANDIDATE_RATE
            else soxr.ResampleStream(audio.rate, CANDIDATE_RATE, 1, dtype="int16", quality="MQ")
        )

    def to_candidate_rate(self, sent: bytes) -> bytes:
        """PCM16 mono 16 kHz out; a few ms stay in the filter. Raises WireError."""
        if self.audio.type != "audio/pcm":
            samples = g711.decode(self.audio.type, sent)
        elif len(sent) % SAMPLE_BYTES:
            raise WireError("odd_audio", "PCM16 has two bytes a sample", param="audio")
        else:
            samples = np.frombuffer(sent, dtype="<i2")
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples)
        pcm: bytes = samples.astype("<i2").tobytes()
        return pcm
