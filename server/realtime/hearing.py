"""The audio of all live sessions, window by window, through one filter and one VAD in batches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from server import metrics
from server.bucket import Bucket
from server.clock import now
from server.ports import CANDIDATE_RATE, VoiceDetector
from server.realtime.highpass import HighPasses

SAMPLE_BYTES = 2
BYTES_PER_S = CANDIDATE_RATE * SAMPLE_BYTES
BACKLOG_S = 60
AHEAD_S = 660
"""So much may come at once, and as much as time passes: ten minutes that a page kept while it had
no connection, and one more. Who sends what is being said is never ahead, however slow the machine
is that judges it, and what waits of theirs is as long as that was behind."""

AT_ONCE = 48
"""So many sessions at a time, 2 ms; then whatever else is due has its turn."""

GATHER_S = 0.030
"""With several sessions, the time from one batch to the next: less than a window, or whose frames
are longer falls behind. Large batches cost less, and each of them wakes the process once."""

BEHIND = 3
"""Windows that wait in one ear, from which on nobody waits for a batch to fill."""

SCALE = np.float32(1 / 32_768)

JUDGED_LOOK_S = 0.005

QUIETEST = np.float32(1e-12)

OnFrame = Callable[[int, float, float], None]
OnSound = Callable[[bytes], None]


class Ear:
    """One session's stream. ``on_frame(end_ms, probability, loud_db)`` is called on the event
    loop, as in ``VoiceFrame``; before it ``on_sound`` with the window as it was judged, without
    what is below every voice."""

    def __init__(
        self,
        hearing: Hearing,
        row: int,
        on_frame: OnFrame,
        start_ms: int,
        on_sound: OnSound | None,
    ) -> None:
        self._hearing = hearing
        self.row = row
        self.closed = False
        self._on_frame, self._on_sound = on_frame, on_sound
        self._pending = bytearray()
        self._pace = Bucket(BYTES_PER_S, AHEAD_S * BYTES_PER_S, now)
        self._waits = False
        self._samples = start_ms * CANDIDATE_RATE // 1_000

    def feed(self, pcm: bytes) -> None:
        """PCM16 mono 16 kHz of any length."""
        self._pace.take(len(pcm))
        self._pending += pcm
        if not self._waits:
            self._queue_up()

    def clear(self) -> None:
        """What has not been judged counts as silence; the audio clock goes on."""
        self._pending[:] = bytes(len(self._pending))

    async def caught_up(self) -> None:
        """Return once every whole window that was fed has been judged."""
        size = self._hearing.window_bytes
        # A wait of a few ms, now and then, is not worth an event that every window would set.
        while not self.closed and (self._waits or len(self._pending) >= size):  # noqa: ASYNC110
            await asyncio.sleep(JUDGED_LOOK_S)

    @property
    def flooded(self) -> bool:
        """Whether more is waiting than a live conversation can have, because it came faster than
        anybody speaks."""
        return len(self._pending) > BACKLOG_S * BYTES_PER_S and self._pace.take(0) > 0

    @property
    def fed_ms(self) -> int:
        """Where on the audio clock the next audio goes."""
        return (self._samples + len(self._pending) // SAMPLE_BYTES) * 1_000 // CANDIDATE_RATE

    @property
    def behind(self) -> bool:
        """Whether more is waiting than a frame or two of a client."""
        return len(self._pending) > BEHIND * self._hearing.window_bytes

    def close(self) -> None:
        self._hearing.forget(self)

    def take(self, size: int) -> bytearray:
        """The next window; the ear stays in the row until it has been judged."""
        window = self._pending[:size]
        del self._pending[:size]
        return window

    def judged(self, probability: float, loud_db: float, window: bytes) -> None:
        self._waits = False
        if self.closed:
            return
        self._samples += len(window) // SAMPLE_BYTES
        if self._on_sound is not None:
            self._on_sound(window)
        self._on_frame(self._samples * 1_000 // CANDIDATE_RATE, probability, loud_db)
        if not self._waits:
            self._queue_up()

    def _queue_up(self) -> None:
        if len(self._pending) >= self._hearing.window_bytes:
            self._waits = True
            self._hearing.queue(self)


class Hearing:
    """Owns the detector. ``run`` is one task of the server, for all sessions."""

    def __init__(self, detector: VoiceDetector) -> None:
        self._detector = detector
        self._highpass = HighPasses()
        self._open = 0
        self._ready: list[Ear] = []
        self._before: list[Callable[[], None]] = []
        self._awake = asyncio.Event()
        self._closed_rows: list[int] = []
        self._began = 0.0
        self.window_bytes = detector.window * SAMPLE_BYTES

    def open(self, on_frame: OnFrame, start_ms: int = 0, on_sound: OnSound | None = None) -> Ear:
        self._open += 1
        row = self._detector.open()
        self._highpass.open(row)
        return Ear(self, row, on_frame, start_ms, on_sound)

    def forget(self, ear: Ear) -> None:
        """The row is given back behind those that wait: it may be among them."""
        if not ear.closed:
            ear.closed = True
            self._open -= 1
            self._closed_rows.append(ear.row)
            self._awake.set()

    def queue(self, ear: Ear) -> None:
        """It has a whole window. Once at a time, until that is judged."""
        if not self._ready:
            self._awake.set()
        self._ready.append(ear)

    def soon(self, feed: Callable[[], None]) -> None:
        """Call it before the next batch, and hear what it feeds."""
        self._before.append(feed)
        self._awake.set()

    async def run(self) -> None:
        while True:
            await self._awake.wait()
            self._awake.clear()
            await asyncio.sleep(self._gathering_s())
            self._began = now()
            before, self._before = self._before, []
            for start in range(0, len(before), AT_ONCE):
                for feed in before[start : start + AT_ONCE]:
                    feed()
                if start + AT_ONCE < len(before):
                    await asyncio.sleep(0)
            ready, self._ready = self._ready, []
            for start in range(0, len(ready), AT_ONCE):
                self._judge([one for one in ready[start : start + AT_ONCE] if not one.closed])
                if start + AT_ONCE < len(ready):
                    await asyncio.sleep(0)
            self._give_back()
            if self._ready:
                self._awake.set()

    def _gathering_s(self) -> float:
        """0 lets the sessions act, and no more: alone, or when somebody is behind."""
        if self._open <= 1 or any(ear.behind for ear in self._ready):
            return 0.0
        return max(0.0, self._began + GATHER_S - now())

    def _give_back(self) -> None:
        for row in self._closed_rows:
            self._detector.close(row)
        self._closed_rows.clear()

    def _judge(self, ready: list[Ear]) -> None:
        """One window of each."""
        if not ready:
            return
        began = perf_counter()
        rows = [ear.row for ear in ready]
        heard = self._highpass.of(self._taken(ready), rows)
        windows: NDArray[np.float32] = np.multiply(heard, SCALE, dtype=np.float32)
        judged = self._detector.probabilities(windows, rows)
        metrics.observe_vad_batch(len(ready), perf_counter() - began)
        pcm, size = heard.tobytes(), self.window_bytes
        found = zip(ready, judged.tolist(), _loud_db(windows).tolist(), strict=True)
        for place, (ear, probability, loud_db) in enumerate(found):
            ear.judged(probability, loud_db, pcm[place * size : (place + 1) * size])

    def _taken(self, ready: list[Ear]) -> NDArray[np.int16]:
        taken = b"".join([ear.take(self.window_bytes) for ear in ready])
        return np.frombuffer(taken, dtype="<i2").reshape(len(ready), -1)


def _loud_db(windows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of each, dB below full scale."""
    power = np.einsum("ij,ij->i", windows, windows) / np.float32(windows.shape[1])
    found: NDArray[np.float32] = 10 * np.log10(power + QUIETEST)
    return found
