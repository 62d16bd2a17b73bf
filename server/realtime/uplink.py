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
    """Streaming conversion from ``audio``; keeps the filter's state, and half a sample, between
    frames."""

    def __init__(self, audio: AudioFormat) -> None:
        self.audio = audio
        self._half = b""
        self._as_it_is = audio.type == "audio/pcm" and audio.rate == CANDIDATE_RATE
        self._resampler = (
            None
            if audio.rate == CANDIDATE_RATE
            else soxr.ResampleStream(audio.rate, CANDIDATE_RATE, 1, dtype="int16", quality="MQ")
        )

    def to_candidate_rate(self, sent: bytes) -> bytes:
        if self._as_it_is and not self._half and not len(sent) % SAMPLE_BYTES:
            return sent
        if self.audio.type != "audio/pcm":
            samples = g711.decode(self.audio.type, sent)
        else:
            sent = self._whole(sent)
            if self._resampler is None:
                return sent
            samples = np.frombuffer(sent, dtype="<i2")
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples)
        pcm: bytes = samples.astype("<i2").tobytes()
        return pcm

    def _whole(self, sent: bytes) -> bytes:
        """A client may cut its stream anywhere."""
        if not self._half and len(sent) % SAMPLE_BYTES == 0:
            return sent
        joined = self._half + sent
        whole = len(joined) - len(joined) % SAMPLE_BYTES
        self._half = joined[whole:]
        return joined[:whole]


class NoUplink:
    """The client says that it sends what nobody here can hear: taken for something else it would
    be noise, or words that nobody said. Refused once."""

    def __init__(self) -> None:
        self._said = False

    def to_candidate_rate(self, sent: bytes) -> bytes:
        if self._said:
            return b""
        self._said = True
        message = "audio is dropped until session.update names a format that can be heard"
        raise WireError("format_not_heard", message, param="audio")


class OpusUplink:
    """One packet for each binary frame."""

    def __init__(self) -> None:
        self._speech = OpusSpeech()

    def to_candidate_rate(self, sent: bytes) -> bytes:
        try:
            return self._speech.decode(sent)
        except EngineError as error:
            raise WireError("invalid_audio", str(error)) from error
