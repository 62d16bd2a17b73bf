"""The audio of all live sessions, window by window, through one VAD in batches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from server.ports import CANDIDATE_RATE, VoiceDetector

SAMPLE_BYTES = 2
BACKLOG_S = 60
INLINE = 4
"""Up to this many windows are judged on the loop: a thread hop costs as much as they do."""

GATHER_S = 0.008
"""With several sessions, how long to collect their windows into one batch."""

JUDGED_LOOK_S = 0.005

OnFrame = Callable[[int, float], None]


class TooFast(Exception):
    """More audio is waiting than a live conversation can have."""


class Ear:
    """One session's stream. ``on_frame(end_ms, probability)`` is called on the event loop."""

    def __init__(self, hearing: Hearing, row: int, on_frame: OnFrame, start_ms: int) -> None:
        self._hearing = hearing
        self.row = row
        self._on_frame = on_frame
        self._pending = bytearray()
        self._samples = start_ms * CANDIDATE_RATE // 1_000

    def feed(self, pcm: bytes) -> None:
        """PCM16 mono 16 kHz of any length. Raises TooFast."""
        if len(self._pending) > BACKLOG_S * CANDIDATE_RATE * SAMPLE_BYTES:
            raise TooFast
        self._pending += pcm
        if len(self._pending) >= self._hearing.window_bytes:
            self._hearing.wake()

    def clear(self) -> None:
        """What has not been judged counts as silence; the audio clock goes on."""
        self._pending[:] = bytes(len(self._pending))

    async def caught_up(self) -> None:
        """Return once every whole window that was fed has been judged."""
        size = self._hearing.window_bytes
        # A wait of a few ms, now and then, is not worth an event that every window would set.
        while self._hearing.hears(self) and len(self._pending) >= size:  # noqa: ASYNC110
            await asyncio.sleep(JUDGED_LOOK_S)

    def close(self) -> None:
        self._hearing.forget(self)

    def take(self, size: int) -> bytes | None:
        if len(self._pending) < size:
            return None
        window = bytes(self._pending[:size])
        del self._pending[:size]
        return window

    def judged(self, probability: float, samples: int) -> None:
        self._samples += samples
        self._on_frame(self._samples * 1_000 // CANDIDATE_RATE, probability)


class Hearing:
    """Owns the detector. ``run`` is one task of the server, for all sessions."""

    def __init__(self, detector: VoiceDetector) -> None:
        self._detector = detector
        self._ears: list[Ear] = []
        self._awake = asyncio.Event()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="vad")
        self._closed_rows: list[int] = []
        self.window_bytes = detector.window * SAMPLE_BYTES

    def open(self, on_frame: OnFrame, start_ms: int = 0) -> Ear:
        ear = Ear(self, self._detector.open(), on_frame, start_ms)
        self._ears.append(ear)
        return ear

    def hears(self, ear: Ear) -> bool:
        return ear in self._ears

    def forget(self, ear: Ear) -> None:
        """The row is given back between batches: one may be running now."""
        if ear in self._ears:
            self._ears.remove(ear)
            self._closed_rows.append(ear.row)
            self.wake()

    def wake(self) -> None:
        self._awake.set()

    async def run(self) -> None:
        try:
            while True:
                await self._awake.wait()
                self._awake.clear()
                if len(self._ears) > 1:
                    await asyncio.sleep(GATHER_S)
                while await self._batch():  # noqa: ASYNC110  (the sleep lets sessions act)
                    await asyncio.sleep(0)
                self._give_back()
        finally:
            self._executor.shutdown(wait=False)

    def _give_back(self) -> None:
        for row in self._closed_rows:
            self._detector.close(row)
        self._closed_rows.clear()

    async def _batch(self) -> bool:
        """At most one window of every session; False when nobody has a whole one."""
        ready = [
            (ear, window)
            for ear in self._ears
            if (window := ear.take(self.window_bytes)) is not None
        ]
        if not ready:
            return False
        pcm = np.frombuffer(b"".join(window for _, window in ready), dtype="<i2")
        windows = pcm.reshape(len(ready), -1).astype(np.float32) / np.float32(32_768)
        rows = [ear.row for ear, _ in ready]
        if len(ready) <= INLINE:
            judged = self._detector.probabilities(windows, rows)
        else:
            loop = asyncio.get_running_loop()
            judged = await loop.run_in_executor(
                self._executor, self._detector.probabilities, windows, rows
            )
        for (ear, _), probability in zip(ready, judged, strict=True):
            if ear in self._ears:
                ear.judged(float(probability), self._detector.window)
        return True
