"""Whose voice it is that is heard in the candidate's turn, by how loud it is.

Far quieter than the candidate is a television, somebody in the next room, or the candidate turned
away: which of them cannot be told by it. So nobody loses the floor and nothing is thrown away for
it; the candidate is asked, and each segment is one voice's and says whose.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.core.events import VoiceFrame
from server.core.turn.decisions import Closed, Opened

OUTWEIGHS = 3
"""A frame of the candidate's own speech, and one of far quieter speech: some of a television's
words are as loud as a candidate's."""

NEAR_FRAMES, AMONG = 3, 8
"""So many loud frames of so many are a voice; fewer are a bang."""

LEAST_FRAMES, LEAST_MS = 16, 512
"""Half a second of speech, all of it far quieter, is another voice; less is how words fade."""

FAR_FRAMES = 24
"""A voice is far where so many frames in a row, 0.8 s, are: the loudest of them says how loud it
is, whatever the sound just now."""

ONSET_MS = 128
"""What belongs to a voice before the end of its first loud frame."""


@dataclass(frozen=True, slots=True)
class Change:
    """At this instant one voice ended and another goes on. ``background``: the one that ended was
    far quieter than the candidate."""

    at_ms: int
    background: bool


class Voices:
    """Of one session. ``speech``: the probability from which a frame is speech."""

    def __init__(self, speech: float) -> None:
        self._speech = speech
        self.far_frames: int | None = None
        """How much far quieter speech there was since the candidate's own of this turn; None where
        they have not spoken yet."""

        self._near = False
        self._far_run = self._frames = self._last_loud_ms = 0
        self._loud: deque[int | None] = deque(maxlen=AMONG)

    def begin(self) -> None:
        """Another turn."""
        self.far_frames = None

    def hear(self, frame: VoiceFrame, edges: Sequence[Opened | Closed]) -> list[Opened | Closed]:
        """The segmenter's edges at this frame; closed ones say whose they were."""
        self._far_run = self._far_run + 1 if frame.far else 0
        judged = [self._judged(edge) for edge in edges]
        if frame.probability >= self._speech:
            self._count(frame)
        return judged

    def change(self, since_ms: int) -> Change | None:
        """Whether the voice of the segment that is open since then is another one now."""
        if self._near:
            if not self._far or self._last_loud_ms - since_ms < LEAST_MS:
                return None
            self._anew(frames=LEAST_FRAMES)
            return Change(self._last_loud_ms, background=False)
        loud = [at_ms for at_ms in self._loud if at_ms is not None]
        if len(loud) < NEAR_FRAMES:
            return None
        another = self._is_another()
        self._anew(near=True)
        start_ms = max(since_ms, loud[0] - ONSET_MS)
        return Change(start_ms, background=True) if another else None

    @property
    def _far(self) -> bool:
        return self._far_run >= FAR_FRAMES

    def _count(self, frame: VoiceFrame) -> None:
        if self.far_frames is not None:
            self.far_frames = max(0, self.far_frames + (1 if self._far else -OUTWEIGHS))
        elif not self._far:
            self.far_frames = 0
        self._frames += 1
        self._loud.append(None if frame.far else frame.end_ms)
        if not frame.far:
            self._last_loud_ms = frame.end_ms

    def _judged(self, edge: Opened | Closed) -> Opened | Closed:
        another = self._is_another()
        self._anew()
        return replace(edge, background=another) if isinstance(edge, Closed) else edge

    def _is_another(self) -> bool:
        return not self._near and self._frames >= LEAST_FRAMES

    def _anew(self, *, near: bool = False, frames: int = 0) -> None:
        self._near, self._frames = near, frames
        self._loud.clear()
