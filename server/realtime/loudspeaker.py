"""What the candidate's loudspeaker plays, on the clock of the candidate's microphone."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

from server.ports import CANDIDATE_RATE, VOICE_RATE

Sound = NDArray[np.int16]

TAIL = CANDIDATE_RATE * 3 // 2
"""Samples after the end of a voice in which a room and a line may still bring it back."""

EARLY = CANDIDATE_RATE // 20
"""What the client reports has to be so far before our place to move it, which then goes on before
the report by as much: an echo has to come after it, and every move is one that the canceller has to
find again."""


class Loudspeaker:
    """The voice is taken to be played from the moment it is sent. A client's reports can only move
    that forward: they travel, and a busy page sends them late. Samples are of 16 kHz."""

    def __init__(self) -> None:
        self._turn: int | None = None
        self._sound: list[Sound] = []
        self._joined: Sound = np.zeros(0, np.int16)
        self._filter = soxr.ResampleStream(VOICE_RATE, CANDIDATE_RATE, 1, dtype="int16")
        self._at = 0
        self._end: int | None = None
        self._held = False

    @property
    def playing(self) -> bool:
        """Whether the voice, or what a room keeps of it, can be in the microphone."""
        if self._turn is None:
            return False
        return self._end is None or self._at < self._end + TAIL

    def say(self, turn: int, offset: int, pcm: bytes) -> None:
        """A piece of the voice is sent: PCM16 mono 24 kHz; at ``offset`` 0 a voice begins."""
        if offset == 0 or turn != self._turn:
            self._turn, self._at, self._end, self._held = turn, 0, None, False
            self._sound = []
            self._joined = np.zeros(0, np.int16)
            self._filter = soxr.ResampleStream(VOICE_RATE, CANDIDATE_RATE, 1, dtype="int16")
        self._sound.append(self._filter.resample_chunk(np.frombuffer(pcm, "<i2")))

    def said(self, turn: int) -> None:
        """All of it has been sent."""
        if turn == self._turn:
            self._sound.append(self._filter.resample_chunk(np.zeros(0, np.int16), last=True))
            self._end = sum(map(len, self._sound)) + len(self._joined)

    def hold(self) -> None:
        self._held = True

    def release(self) -> None:
        self._held = False

    def hush(self) -> None:
        """The client is told to stop, and will have before long."""
        if self._turn is not None and (self._end is None or self._at < self._end):
            self._end = self._at

    def reported(self, turn: int, played_ms: int, *, complete: bool) -> None:
        """What the client says it has played of it."""
        if turn != self._turn:
            return
        played = played_ms * CANDIDATE_RATE // 1_000
        if complete and self._end is not None:
            self._at = max(self._at, self._end)
        elif played > self._at + EARLY:
            self._at = played + EARLY

    def play(self, count: int) -> Sound:
        """The next ``count`` samples; silence where the voice is held, over or not there yet."""
        played: Sound = np.zeros(count, np.int16)
        if self._held or self._turn is None:
            return played
        if self._sound:
            self._joined = np.concatenate([self._joined, *self._sound])
            self._sound = []
        end = len(self._joined) if self._end is None else self._end + TAIL
        piece = self._joined[self._at : min(self._at + count, end)]
        played[: len(piece)] = piece
        self._at += count
        return played
