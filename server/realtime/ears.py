"""One candidate's ears: segments of speech, each one voice's."""

from __future__ import annotations

from dataclasses import replace

from server.core.events import VoiceFrame
from server.core.turn.decisions import Closed, Opened
from server.realtime.segment import FRAME_MS, Segmenter, Sensitivity
from server.realtime.voices import Voices


class Ears(Segmenter):
    """`server.core.turn.ears.Ears`."""

    def __init__(self, sensitivity: Sensitivity | None = None) -> None:
        sensitivity = sensitivity or Sensitivity()
        super().__init__(sensitivity)
        self._voices = Voices(sensitivity.speech)

    @property
    def talking(self) -> bool:
        return self.speaking and self.quiet_ms <= FRAME_MS

    @property
    def far_ms(self) -> int:
        return (self._voices.far_frames or 0) * FRAME_MS

    def begin(self) -> None:
        self._voices.begin()

    def hear(self, frame: VoiceFrame, *, apart: bool) -> list[Opened | Closed]:
        edges = self.feed(frame)
        return (self._voices.hear(frame, edges) or self._parted()) if apart else edges

    def _parted(self) -> list[Opened | Closed]:
        """One voice ended and another goes on: each is a segment of its own."""
        if self._start_ms is None:
            return []
        change = self._voices.change(self._start_ms)
        if change is None:
            return []
        closed, opened = self.part(change.at_ms, tail=not change.background)
        return [replace(closed, background=change.background), opened]
