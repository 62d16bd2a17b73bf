"""How loud the voice comes back, so that what is far louder is known for somebody else's."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

DECAY = 0.85
"""Of a loud frame's power so much can be in a room 10 ms later: 60 dB in 0.85 s."""

LEARNED, ENOUGH = 300, 30
"""Frames in which the voice was loud that are looked back on; so many have to be there."""

LOOK_EVERY = 10

LOUD = 1e-5
"""Power of a frame of the voice from which its echo tells something."""

USUAL = 80
"""Percentile of what comes back that counts as usual: the voice is louder in some bands than in
others, and now and then somebody talks over it."""

FAR_ABOVE = 16.0
"""As power, 12 dB: between the loudest of an echo and its usual loudness lie 5 to 8."""


def powers(frames: NDArray[np.int16]) -> list[float]:
    """Of each of (n, samples), as if they were in [-1, 1)."""
    samples = frames.astype(np.float32)
    sums = np.einsum("ft,ft->f", samples, samples)
    found: list[float] = (sums / np.float32(frames.shape[1] * 32_768**2)).tolist()
    return found


class EchoLevel:
    """One candidate's loudspeaker, as their microphone hears it."""

    def __init__(self) -> None:
        self._usual, self._new = 0.0, 0
        self._shares: deque[float] = deque(maxlen=LEARNED)

    def outdone(self, loud: float, played: float) -> bool:
        """Whether a frame of this power is so loud that no echo can be. ``played``: the power that
        what was played then can have left in the room."""
        outdone = len(self._shares) >= ENOUGH and loud > FAR_ABOVE * self._usual * played
        if played >= LOUD:
            self._shares.append(loud / played)
            self._new += 1
            if self._new >= LOOK_EVERY:
                self._new, self._usual = 0, float(np.percentile(self._shares, USUAL))
        return outdone
