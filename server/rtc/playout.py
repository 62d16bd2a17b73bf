"""What of the interviewer's voice is still to be played, and how much of it was; knows no clock."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from server.rtc.opus import FRAME_BYTES, FRAME_MS

STARTED: Final = "output_audio_buffer.started"
STOPPED: Final = "output_audio_buffer.stopped"
CLEARED: Final = "output_audio_buffer.cleared"

Tell = Callable[[dict[str, Any]], None]


@dataclass(slots=True)
class _Spoken:
    response_id: str
    item_id: str
    pcm: bytearray = field(default_factory=bytearray)
    at: int = 0
    played_ms: int = 0
    whole: bool = False
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """Of this item so much was played, and no more will be."""

    item_id: str
    played_ms: int


class Playout:
    """``tell``: events, as OpenAI has them for WebRTC, for the client."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._queue: deque[_Spoken] = deque()
        self.idle = asyncio.Event()
        """Nothing is left to be played."""
        self.idle.set()

    def add(self, response_id: str, item_id: str, pcm: bytes) -> None:
        """PCM16 mono 24 kHz."""
        last = self._queue[-1] if self._queue else None
        if last is None or last.response_id != response_id:
            last = _Spoken(response_id, item_id)
            self._queue.append(last)
        last.pcm += pcm
        self.idle.clear()

    def finish(self, response_id: str) -> None:
        """All of its sound is here."""
        for spoken in self._queue:
            if spoken.response_id == response_id:
                spoken.whole = True

    def end(self) -> None:
        """Nothing more comes of any."""
        for spoken in self._queue:
            spoken.whole = True

    def frame(self) -> bytes | None:
        """The next FRAME_BYTES that are to be played; None: nothing is, just now."""
        while self._queue:
            spoken = self._queue[0]
            left = len(spoken.pcm) - spoken.at
            if left >= FRAME_BYTES or (left > 0 and spoken.whole):
                return self._take(spoken)
            if not spoken.whole:
                return None
            self._queue.popleft()
            if spoken.begun:
                self._tell({"type": STOPPED, "response_id": spoken.response_id})
        self.idle.set()
        return None

    def _take(self, spoken: _Spoken) -> bytes:
        if not spoken.begun:
            spoken.begun = True
            self._tell({"type": STARTED, "response_id": spoken.response_id})
        piece = bytes(spoken.pcm[spoken.at : spoken.at + FRAME_BYTES])
        spoken.at += FRAME_BYTES
        spoken.played_ms += FRAME_MS
        return piece.ljust(FRAME_BYTES, b"\0")

    def clear(self) -> list[Cut]:
        """Nothing more of what is here is played."""
        cuts = []
        for spoken in self._queue:
            whole_ms = len(spoken.pcm) * FRAME_MS // FRAME_BYTES
            cuts.append(Cut(spoken.item_id, min(spoken.played_ms, whole_ms)))
            if spoken.begun:
                self._tell({"type": CLEARED, "response_id": spoken.response_id})
        self._queue.clear()
        self.idle.set()
        return cuts
