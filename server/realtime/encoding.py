"""From the PCM of one session to Opus packets, off the event loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from server.engines.opus import FRAME_BYTES, FRAME_MS, OpusEncoder
from server.ports import CANDIDATE_RATE

PER_MS: Final = CANDIDATE_RATE // 1_000
FULL: Final = 32_768 / 4
"""RMS that counts as full: speech is seldom above a quarter of the scale."""


@dataclass(frozen=True, slots=True)
class Part:
    """Whose sound it is: of which turn's answer, or beside it."""

    turn: int
    answer: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Unbroken audio of one part; ``start`` in samples of the session's audio clock. Of no part:
    nobody wants it."""

    part: Part | None
    start: int
    pcm: bytes
    lost_ms: int
    ends: bool


@dataclass(frozen=True, slots=True)
class Encoded:
    """``loudness``: a byte for each packet."""

    part: Part | None
    start_ms: int
    lost_ms: int
    packets: Sequence[bytes]
    end_ms: int
    loudness: bytes = b""


class Tape:
    """Encodes stretches in whole frames; the rest goes into the next, or is filled with silence
    before a break.

    Used in the executor, by one caller at a time.
    """

    def __init__(self) -> None:
        self._encoder: OpusEncoder | None = None
        self._rest = b""
        self._next = 0

    def take(self, stretches: Sequence[Stretch]) -> list[Encoded]:
        """Raises EngineError."""
        if self._encoder is None:
            self._encoder = OpusEncoder()
        encoded = []
        for stretch in stretches:
            encoded += self._take(self._encoder, stretch)
        return encoded

    def _take(self, encoder: OpusEncoder, stretch: Stretch) -> list[Encoded]:
        if stretch.part is None:
            self._rest = b""
            end_ms = (stretch.start + len(stretch.pcm) // 2) // PER_MS
            return [Encoded(None, stretch.start // PER_MS, 0, (), end_ms)]
        # Where audio was lost the rest has nothing to go on with: its few ms are given up.
        if self._rest and self._next != stretch.start:
            self._rest = b""
        start = stretch.start - len(self._rest) // 2
        pcm = self._rest + stretch.pcm
        whole = len(pcm) - len(pcm) % FRAME_BYTES
        self._rest, self._next = pcm[whole:], stretch.start + len(stretch.pcm) // 2
        if stretch.ends and self._rest:
            pcm, self._rest = pcm + bytes(FRAME_BYTES - len(self._rest)), b""
            whole = len(pcm)
        packets = encoder.encode(pcm[:whole])
        if not packets:
            return []
        start_ms = start // PER_MS
        end_ms = start_ms + len(packets) * FRAME_MS
        loud = loudness(pcm[:whole])
        return [Encoded(stretch.part, start_ms, stretch.lost_ms, packets, end_ms, loud)]


def loudness(pcm: bytes) -> bytes:
    """Of whole frames of PCM16, how loud each is, from 0 to 255: the root of its RMS, so that low
    voices have steps, too."""
    frames = np.frombuffer(pcm, "<i2").reshape(-1, FRAME_BYTES // 2).astype(np.float32)
    rms = np.sqrt(np.mean(frames**2, axis=1))
    return bytes((255 * np.sqrt(np.minimum(rms / FULL, 1))).astype(np.uint8))
