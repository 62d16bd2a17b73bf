"""A microphone's sound without what is below every voice: an offset, mains hum, rumble.

They say nothing, and whatever judges by loudness takes them for a steady sound in which nobody can
be speaking.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from server.ports import CANDIDATE_RATE

CORNER_HZ = 80
BLOCK = 640
"""Samples at a time: the powers by which a block is weighed stay small."""

DECAY = math.exp(-2 * math.pi * CORNER_HZ / CANDIDATE_RATE)
LEFT = DECAY ** np.arange(BLOCK)
SHARE = 1 - DECAY
WEIGHTS = 2 * SHARE / LEFT
GAIN = DECAY**-2
LEAST, MOST = -32_768, 32_767
FIRST_STREAMS = 16

Samples = NDArray[np.int16]


class HighPasses:
    """Streaming, of many streams, each under a number: two poles at 80 Hz.

    One pole is y[n] = x[n] - x[n-1] + decay * y[n-1]. With G, the sum s[n] = x[n] + decay * s[n-1],
    it is (1 - share * G) / decay, and two of them (1 - 2 * share * G + share^2 * G^2) / decay^2. Of
    a block both sums are running sums of what is weighed by the powers of the decay.
    """

    def __init__(self) -> None:
        self._sums = np.zeros((FIRST_STREAMS, 2))
        """Where both stood at the end of the last block."""

        self._new: set[int] = set()

    def open(self, stream: int) -> None:
        """It begins, whatever the number was used for before."""
        if stream >= len(self._sums):
            more = np.zeros((stream + 1, 2))
            self._sums = np.concatenate((self._sums, more))
        self._new.add(stream)

    def of(self, blocks: Samples, streams: Sequence[int]) -> Samples:
        """The next (n, samples) of so many streams, at most `BLOCK` of each; as many, not later."""
        rows = np.asarray(streams, np.intp)
        for place, stream in enumerate(streams) if self._new else ():
            if stream in self._new:
                self._new.remove(stream)
                # An offset is no step: as if the first sample had always been there.
                self._sums[stream] = blocks[place, 0] * GAIN * DECAY * np.array((2.0, 1.0))
        left = LEFT[: blocks.shape[1]]
        sound = blocks * GAIN
        once = sound * WEIGHTS[: blocks.shape[1]]
        once[:, 0] += self._sums[rows, 0]
        np.add.accumulate(once, axis=1, out=once)
        twice = np.add.accumulate(once, axis=1)
        twice *= SHARE / 2
        twice += self._sums[rows, 1, None]
        self._sums[rows, 0], self._sums[rows, 1] = once[:, -1], twice[:, -1]
        self._sums[rows] *= left[-1] * DECAY
        once -= twice
        once *= left
        sound -= once
        np.rint(sound, out=sound)
        np.maximum(sound, LEAST, out=sound)
        np.minimum(sound, MOST, out=sound)
        return sound.astype(np.int16)


class HighPass:
    """The same of one stream, of PCM16 mono 16 kHz in pieces of any length."""

    def __init__(self) -> None:
        self._one = HighPasses()
        self._one.open(0)

    def of(self, pcm: bytes) -> bytes:
        samples = np.frombuffer(pcm, "<i2")[None]
        starts = range(0, samples.shape[1], BLOCK)
        blocks = (samples[:, start : start + BLOCK] for start in starts)
        return b"".join([self._one.of(block, (0,)).tobytes() for block in blocks])
