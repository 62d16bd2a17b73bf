"""Speech between two pauses: VAD probabilities in, openings and closings out."""

from __future__ import annotations

from dataclasses import dataclass

from server.core.events import VoiceFrame
from server.core.turn.decisions import Closed, Opened

FRAME_MS = 32


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """When sound counts as speech. Probabilities in [0, 1], times in ms of audio."""

    speech: float = 0.5
    silence: float = 0.35
    onset_ms: int = 64
    pause_ms: int = 256
    preroll_ms: int = 320
    tail_ms: int = 192
    longest_ms: int = 25_000


class Segmenter:
    """Cuts one stream of VAD frames into segments; no audio lies in two of them."""

    def __init__(self, sensitivity: Sensitivity) -> None:
        self._s = sensitivity
        self._next = 1
        self._floor_ms = 0  # no segment may reach back behind this instant
        self._onset_ms: int | None = None
        self._start_ms: int | None = None
        self.spoke_from_ms = 0
        """The onset of the newest segment."""

        self._speech_end_ms = 0
        self.now_ms = 0

    @property
    def speaking(self) -> bool:
        return self._start_ms is not None

    @property
    def open_segment(self) -> int | None:
        return None if self._start_ms is None else self._next - 1

    @property
    def quiet_ms(self) -> int:
        """Since the last speech of the open segment."""
        return 0 if self._start_ms is None else self.now_ms - self._speech_end_ms

    @property
    def talked_ms(self) -> int:
        """From the onset of the open segment to its last speech so far."""
        return 0 if self._start_ms is None else self._speech_end_ms - self.spoke_from_ms

    @property
    def open_since_ms(self) -> int | None:
        """Where the open segment starts, or where the sound that may become one does."""
        if self._start_ms is not None:
            return self._start_ms
        return None if self._onset_ms is None else self._reach_back(self._onset_ms)

    def restart(self, first_segment: int) -> None:
        """Number from ``first_segment`` on; an open segment becomes the first."""
        self._next = first_segment
        if self._start_ms is not None:
            self._next += 1

    def feed(self, frame: VoiceFrame) -> list[Opened | Closed]:
        self.now_ms = frame.end_ms
        if self._start_ms is None:
            return self._while_silent(frame)
        return self._while_speaking(frame, self._start_ms)

    def close(self) -> list[Opened | Closed]:
        """End the open segment here and now, e.g. because the answer was committed."""
        if self._start_ms is None:
            return []
        return [self._closed(self._start_ms, self.now_ms)]

    def part(self, at_ms: int, *, tail: bool) -> tuple[Closed, Opened]:
        """The open segment ends at this instant, with its tail or without, and the next begins."""
        assert self._start_ms is not None
        at_ms = max(at_ms, self._start_ms)
        last_ms, self._speech_end_ms = self._speech_end_ms, min(at_ms, self._speech_end_ms)
        closed = self._closed(self._start_ms, at_ms + (self._s.tail_ms if tail else 0))
        self._start_ms, self.spoke_from_ms = closed.end_ms, closed.speech_end_ms
        self._speech_end_ms = last_ms
        self._next += 1
        return closed, Opened(self._next - 1, closed.end_ms, closed.speech_end_ms)

    def _while_silent(self, frame: VoiceFrame) -> list[Opened | Closed]:
        if frame.probability < self._s.speech:
            self._onset_ms = None
            return []
        if self._onset_ms is None:
            self._onset_ms = frame.end_ms - FRAME_MS
        if frame.end_ms - self._onset_ms < self._s.onset_ms:
            return []
        onset = self._onset_ms
        self._start_ms = self._reach_back(onset)
        self.spoke_from_ms = onset
        self._speech_end_ms = frame.end_ms
        self._onset_ms = None
        opened = Opened(self._next, self._start_ms, onset)
        self._next += 1
        return [opened]

    def _while_speaking(self, frame: VoiceFrame, start_ms: int) -> list[Opened | Closed]:
        if frame.probability >= self._s.silence:
            self._speech_end_ms = frame.end_ms
        if frame.end_ms - self._speech_end_ms >= self._s.pause_ms:
            return [self._closed(start_ms, self._speech_end_ms + self._s.tail_ms)]
        if frame.end_ms - start_ms >= self._s.longest_ms:
            closed = self._closed(start_ms, frame.end_ms)
            self._start_ms = frame.end_ms
            self._speech_end_ms = frame.end_ms
            self._next += 1
            return [closed, Opened(self._next - 1, frame.end_ms, frame.end_ms)]
        return []

    def _closed(self, start_ms: int, end_ms: int) -> Closed:
        end_ms = min(end_ms, self.now_ms)
        self._floor_ms = end_ms
        self._start_ms = None
        return Closed(self._next - 1, start_ms, end_ms, min(self._speech_end_ms, end_ms))

    def _reach_back(self, onset_ms: int) -> int:
        return max(onset_ms - self._s.preroll_ms, self._floor_ms)
