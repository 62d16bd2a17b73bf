"""A candidate's sound until the server has it for good, as our page keeps it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

SLACK_MS: Final = 60
LONGEST_MS: Final = 600_000


@dataclass(slots=True)
class Frame:
    """``at_ms`` of the server's audio clock; ``answer``: somebody spoke, and had the floor."""

    pcm: bytes
    at_ms: float
    ms: float
    answer: bool


class Keeping:
    """Frames before ``next`` were sent, and may be lost on the way."""

    def __init__(self) -> None:
        self._frames: deque[Frame] = deque()
        self._next = 0
        self._clock = 0.0

    def add(self, pcm: bytes, ms: float, *, answer: bool) -> None:
        self._frames.append(Frame(pcm, self._clock, ms, answer))
        self._clock += ms
        while self._clock - self._frames[0].at_ms > LONGEST_MS:
            self._drop()

    def take(self) -> bytes | None:
        """The next that has not been sent."""
        if self._next == len(self._frames):
            return None
        self._next += 1
        return self._frames[self._next - 1].pcm

    @property
    def spoken_ms(self) -> int:
        """How much of an answer the server may not have."""
        return round(sum(frame.ms for frame in self._frames if frame.answer))

    def acknowledge(self, stored_ms: float) -> None:
        """The server has everything before for good."""
        while self._next and self._ends(self._frames[0]) <= stored_ms - SLACK_MS:
            self._drop()

    def rewind(self, heard_ms: float, audio_ms: float) -> None:
        """The server has understood what came before; the rest goes to ``audio_ms`` anew."""
        kept = [frame for frame in self._frames if frame.at_ms >= heard_ms]
        self.forget(audio_ms)
        for frame in kept:
            self.add(frame.pcm, frame.ms, answer=frame.answer)

    def forget(self, audio_ms: float) -> None:
        """What is kept is not wanted."""
        self._frames.clear()
        self._next = 0
        self._clock = audio_ms

    def _drop(self) -> None:
        self._frames.popleft()
        self._next = max(0, self._next - 1)

    @staticmethod
    def _ends(frame: Frame) -> float:
        return frame.at_ms + frame.ms
