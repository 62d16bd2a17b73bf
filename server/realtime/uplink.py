"""The candidate's audio as one connection sends it, at the server's rate."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import soxr

from server.engines.opus_stream import OpusSpeech
from server.ports import CANDIDATE_RATE, EngineError
from server.realtime import g711
from server.realtime.terms import AudioFormat
from server.realtime.wire import WireError

SAMPLE_BYTES = 2


class Uplink(Protocol):
    """Streaming conversion of what one connection sends."""

    def to_candidate_rate(self, sent: bytes) -> bytes:
        """PCM16 mono 16 kHz out; a few ms stay in the filter. Raises WireError."""


class PcmUplink:
    """Streaming conversion from ``audio``; keeps the filter's state between frames."""

    def __init__(self, audio: AudioFormat) -> None:
        self.audio = audio
        self._resampler = (
            None
            if audio.rate == CANDIDATE_RATE
            else soxr.ResampleStream(audio.rate, CANDIDATE_RATE, 1, dtype="int16", quality="MQ")
        )

    def to_candidate_rate(self, sent: bytes) -> bytes:
        if self.audio.type != "audio/pcm":
            samples = g711.decode(self.audio.type, sent)
        elif len(sent) % SAMPLE_BYTES:
            raise WireError("odd_audio", "PCM16 has two bytes a sample", param="audio")
        elif self._resampler is None:
            return sent
        else:
            samples = np.frombuffer(sent, dtype="<i2")
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples)
        pcm: bytes = samples.astype("<i2").tobytes()
        return pcm


class OpusUplink:
    """One packet for each binary frame."""

    def __init__(self) -> None:
        self._speech = OpusSpeech()

    def to_candidate_rate(self, sent: bytes) -> bytes:
        try:
            return self._speech.decode(sent)
        except EngineError as error:
            raise WireError("invalid_audio", str(error)) from error
