"""Opus of a live connection, both ways, by libopus inside PyAV: one packet for each 20 ms."""

from __future__ import annotations

from typing import Final

import av
import numpy as np
import soxr
from av.audio.codeccontext import AudioCodecContext

from server.engines.opus import frame, opened
from server.ports import CANDIDATE_RATE, VOICE_RATE, EngineError

FRAME_MS: Final = 20
FRAME_SAMPLES: Final = VOICE_RATE * FRAME_MS // 1_000
FRAME_BYTES: Final = FRAME_SAMPLES * 2
DECODED_RATE: Final = 48_000
LONGEST_PACKET_BYTES: Final = 1_275 * 6
"""A packet holds at most 120 ms, six frames of at most 1,275 bytes."""

# Complexity 3 takes 0.3 % of a core for one voice, and what it takes more than 0 can be heard.
OPTIONS: Final = {
    "application": "voip",
    "frame_duration": str(FRAME_MS),
    "compression_level": "3",
}


class OpusVoice:
    """The voice of one question to packets. Not thread-safe."""

    def __init__(self) -> None:
        self._codec = opened(VOICE_RATE, OPTIONS)
        self._rest = b""

    def send(self, pcm: bytes) -> list[bytes]:
        """PCM16 mono 24 kHz of any length; what fills no packet yet waits for more."""
        sound = self._rest + pcm
        whole = len(sound) - len(sound) % FRAME_BYTES
        self._rest = sound[whole:]
        return self._encode(sound[:whole])

    def finish(self) -> list[bytes]:
        """The last packet, filled up with silence; none if nothing waits."""
        rest, self._rest = self._rest, b""
        return self._encode(rest.ljust(FRAME_BYTES, b"\0")) if rest else []

    def _encode(self, pcm: bytes) -> list[bytes]:
        if not pcm:
            return []
        return [bytes(packet) for packet in self._codec.encode(frame(pcm, VOICE_RATE))]


class OpusSpeech:
    """Packets of a candidate's microphone to PCM16 mono 16 kHz. Not thread-safe."""

    def __init__(self) -> None:
        codec = av.CodecContext.create("libopus", "r")
        assert isinstance(codec, AudioCodecContext)
        codec.sample_rate = DECODED_RATE
        codec.layout = "mono"
        self._codec = codec
        self._resampler = soxr.ResampleStream(
            DECODED_RATE, CANDIDATE_RATE, 1, dtype="int16", quality="MQ"
        )

    def decode(self, packet: bytes) -> bytes:
        """The sound of one packet; a few ms stay in the filter. Raises EngineError."""
        if not 0 < len(packet) <= LONGEST_PACKET_BYTES:
            raise EngineError("this is no Opus packet")
        try:
            frames = self._codec.decode(av.Packet(packet))
        except av.FFmpegError as error:
            raise EngineError(f"this is no Opus packet: {error}") from error
        sound = b""
        for one in frames:
            mono = one.to_ndarray().reshape(-1, one.layout.nb_channels)[:, 0]
            sound += self._resampler.resample_chunk(np.ascontiguousarray(mono)).tobytes()
        return sound
