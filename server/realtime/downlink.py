"""The interviewer's voice in the format that one connection wants."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import soxr

from server.engines.opus_stream import FRAME_SAMPLES, OpusVoice
from server.ports import VOICE_RATE
from server.realtime import g711, wire
from server.realtime.terms import AudioFormat

PIECE_MS = 200
"""No event is longer, so that no client's limit on a message is met and little is in flight."""


class Downlink:
    """The voice of one question: PCM16 mono 24 kHz in, pieces of the wanted format out."""

    def __init__(self, audio: AudioFormat) -> None:
        self.audio = audio
        self._resampler = (
            None
            if audio.type == "audio/pcm"
            else soxr.ResampleStream(VOICE_RATE, g711.RATE, 1, dtype="int16", quality="MQ")
        )
        self._piece = audio.bytes_per_s * PIECE_MS // 1_000

    def send(self, pcm: bytes) -> Iterator[bytes]:
        return self._pieces(self._convert(pcm, last=False))

    def finish(self) -> Iterator[bytes]:
        """What the filter still holds."""
        return self._pieces(self._convert(b"", last=True))

    def _convert(self, pcm: bytes, *, last: bool) -> bytes:
        if self.audio.type == "audio/pcm" or self._resampler is None:
            return pcm
        samples = np.frombuffer(pcm, "<i2")
        return g711.encode(self.audio.type, self._resampler.resample_chunk(samples, last=last))

    def _pieces(self, sound: bytes) -> Iterator[bytes]:
        for start in range(0, len(sound), self._piece):
            yield sound[start : start + self._piece]


class OpusDownlink:
    """Binary voice frames of PCM to frames of one Opus packet each, in the order they are sent."""

    def __init__(self) -> None:
        self._voice = OpusVoice()
        self._offset = 0

    def pack(self, frame: wire.Unpacked) -> Iterator[bytes]:
        """A frame without sound ends the voice of its turn."""
        turn, offset = wire.AUDIO_HEADER.unpack_from(frame)
        sound = frame[wire.AUDIO_HEADER.size :]
        if offset == 0:
            self._voice, self._offset = OpusVoice(), 0
        for packet in self._voice.send(sound) if sound else self._voice.finish():
            yield wire.AUDIO_HEADER.pack(turn, self._offset) + packet
            self._offset += FRAME_SAMPLES
