"""A microphone's sound without what is below every voice: an offset, mains hum, rumble.

They say nothing, and whatever judges by loudness takes them for a steady sound in which nobody can
be speaking.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from server.ports import CANDIDATE_RATE

CORNER_HZ: Final = 80
DECAY: Final = math.exp(-2 * math.pi * CORNER_HZ / CANDIDATE_RATE)
SHARE: Final = 1 - DECAY
SHARES: Final = np.array([-2 * SHARE, SHARE**2])
GAIN: Final = DECAY**-2
PIECE: Final = 32
"""Samples that one product makes: larger ones multiply more, smaller ones are more."""

BLOCK: Final = 20 * PIECE
LEAST, MOST = -32_768, 32_767
FIRST_STREAMS: Final = 16

Samples = NDArray[np.int16]
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of so many samples x, a row, and of the two sums s before them: they sound as
    x @ ``sound`` + s @ ``after``, and the sums become x @ ``sums`` + s @ ``kept``.

    One pole is y[n] = x[n] - x[n-1] + decay * y[n-1]. With G, the sum a[n] = x[n] + decay * a[n-1],
    it is (1 - share * G) / decay, and two of them (1 - 2 * share * G + share^2 * G^2) / decay^2.
    The sums are G and G^2, which answer a single sample by decay^n and (n + 1) * decay^n.
    """

    sound: Doubles
    after: Doubles
    sums: Doubles
    kept: Doubles

    @classmethod
    def of(cls, length: int) -> Step:
        place = np.arange(length)
        answers = np.stack([DECAY**place, (place + 1) * DECAY**place])
        filtered = GAIN * (SHARES @ answers)
        filtered[0] += GAIN
        ago = place - place[:, None]
        sound = np.where(ago >= 0, filtered[ago], 0.0)
        later = DECAY * answers  # of what is there before the first of them
        after = GAIN * np.stack([SHARES @ later, SHARES[1] * later[0]])
        left = DECAY**length
        kept = np.array([[left, length * left], [0.0, left]])
        return cls(sound, after, np.ascontiguousarray(answers.T[::-1]), kept)


def _following(step: Step, many: int) -> Doubles:
    """(2 + 2 * many, 2 * many + 2): from the sums before so many pieces, and what each adds, to the
    sums before each and after the last."""
    powers = [np.eye(2)]
    for _ in range(many):
        powers.append(powers[-1] @ step.kept)
    found = np.zeros((2 + 2 * many, 2 * many + 2))
    for place in range(many + 1):
        found[:2, 2 * place : 2 * place + 2] = powers[place]
        for added in range(place):
            rows = slice(2 + 2 * added, 4 + 2 * added)
            found[rows, 2 * place : 2 * place + 2] = powers[place - 1 - added]
    return found


step_of = cache(Step.of)
following = cache(lambda many: _following(step_of(PIECE), many))


class HighPasses:
    """Streaming, of many streams, each under a number: two poles at 80 Hz."""

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
                self._sums[stream] = blocks[place, 0] / SHARE, blocks[place, 0] / SHARE**2
        heard, sums = blocks.astype(np.float64), self._sums[rows]
        whole = heard.shape[1] - heard.shape[1] % PIECE
        if whole == heard.shape[1]:
            sound, sums = _pieces(heard, sums)
        else:
            first, sums = _pieces(np.ascontiguousarray(heard[:, :whole]), sums)
            last, step = heard[:, whole:], step_of(heard.shape[1] - whole)
            sound = np.concatenate([first, last @ step.sound + sums @ step.after], axis=1)
            sums = last @ step.sums + sums @ step.kept
        self._sums[rows] = sums
        np.rint(sound, out=sound)
        np.maximum(sound, LEAST, out=sound)
        np.minimum(sound, MOST, out=sound)
        return sound.astype(np.int16)


def _pieces(heard: Doubles, sums: Doubles) -> tuple[Doubles, Doubles]:
    """(n, whole pieces) of sound, and the sums (n, 2) after it."""
    count, length = heard.shape
    step, pieces = step_of(PIECE), heard.reshape(-1, PIECE)
    added = (pieces @ step.sums).reshape(count, -1)
    stood = np.concatenate([sums, added], axis=1) @ following(length // PIECE)
    sound = pieces @ step.sound
    sound += np.ascontiguousarray(stood[:, :-2]).reshape(-1, 2) @ step.after
    return sound.reshape(count, length), stood[:, -2:]


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
