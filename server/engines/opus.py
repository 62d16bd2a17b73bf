"""Speech to Opus packets by libopus, inside PyAV, which comes with faster-whisper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext

from server.ports import CANDIDATE_RATE, EngineError

FRAME_MS: Final = 60
FRAME_BYTES: Final = CANDIDATE_RATE * FRAME_MS // 1_000 * 2
BIT_RATE: Final = 32_000
PRE_SKIP: Final = 312
"""Samples at 48 kHz that libopus puts before the sound (6.5 ms); a player drops them."""

# 0.1 % of a core for one voice; "voip" takes twice as much, and a recogniser hears no more in it.
OPTIONS: Final = {
    "application": "audio",
    "frame_duration": str(FRAME_MS),
    "compression_level": "0",
}


def opened(rate: int, options: Mapping[str, str]) -> AudioCodecContext:
    """libopus, to encode PCM16 mono of so many Hz."""
    codec = av.CodecContext.create("libopus", "w")
    assert isinstance(codec, AudioCodecContext)
    codec.sample_rate = rate
    codec.layout = "mono"
    codec.format = "s16"
    codec.bit_rate = BIT_RATE
    codec.options = dict(options)
    return codec


def frame(pcm: bytes, rate: int) -> av.AudioFrame:
    """PCM16 mono, for such a codec."""
    samples = np.frombuffer(pcm, "<i2").reshape(1, -1)
    made = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
    made.sample_rate = rate
    return made


class OpusEncoder:
    """One stream. Not thread-safe: one caller at a time."""

    def __init__(self) -> None:
        self._codec = opened(CANDIDATE_RATE, OPTIONS)

    def encode(self, pcm: bytes) -> list[bytes]:
        """PCM16 mono 16 kHz, a multiple of FRAME_BYTES, to one packet per frame.

        Raises EngineError.
        """
        if not pcm:
            return []
        try:
            packets = [bytes(one) for one in self._codec.encode(frame(pcm, CANDIDATE_RATE))]
        except av.FFmpegError as error:
            raise EngineError(f"libopus refused the audio: {error}") from error
        if len(packets) * FRAME_BYTES != len(pcm):
            raise EngineError("libopus kept audio back: its packets no longer tell the time")
        return packets
