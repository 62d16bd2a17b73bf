"""From the PCM of one session to Opus packets, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from server.engines.opus import FRAME_BYTES, FRAME_MS, OpusEncoder
from server.ports import CANDIDATE_RATE, EngineError

PER_MS: Final = CANDIDATE_RATE // 1_000
FULL: Final = 32_768 / 4
"""RMS that counts as full: speech is seldom above a quarter of the scale."""

TOGETHER_S: Final = 0.005
"""What comes within this is encoded in one go: to change threads costs as much as some of it."""

MOST: Final = 16
"""Of one go, about 15 ms."""


@dataclass(frozen=True, slots=True)
class Part:
    """Whose sound it is: of which turn's answer, or beside it."""

    turn: int
    answer: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Unbroken audio of one part; ``start`` in samples of the session's audio clock. Of no part:
    nobody wants it."""

    part: Part | None
    start: int
    pcm: bytes
    lost_ms: int
    ends: bool


@dataclass(frozen=True, slots=True)
class Encoded:
    """``loudness``: a byte for each packet."""

    part: Part | None
    start_ms: int
    lost_ms: int
    packets: Sequence[bytes]
    end_ms: int
    loudness: bytes = b""


class Tape:
    """Encodes stretches in whole frames; the rest goes into the next, or is filled with silence
    before a break.

    Used in the executor, by one caller at a time.
    """

    def __init__(self) -> None:
        self._encoder: OpusEncoder | None = None
        self._rest = b""
        self._next = 0

    def take(self, stretches: Sequence[Stretch]) -> list[Encoded]:
        """Raises EngineError."""
        if self._encoder is None:
            self._encoder = OpusEncoder()
        encoded = []
        for stretch in stretches:
            encoded += self._take(self._encoder, stretch)
        return encoded

    def _take(self, encoder: OpusEncoder, stretch: Stretch) -> list[Encoded]:
        if stretch.part is None:
            self._rest = b""
            end_ms = (stretch.start + len(stretch.pcm) // 2) // PER_MS
            return [Encoded(None, stretch.start // PER_MS, 0, (), end_ms)]
        # Where audio was lost the rest has nothing to go on with: its few ms are given up.
        if self._rest and self._next != stretch.start:
            self._rest = b""
        start = stretch.start - len(self._rest) // 2
        pcm = self._rest + stretch.pcm
        whole = len(pcm) - len(pcm) % FRAME_BYTES
        self._rest, self._next = pcm[whole:], stretch.start + len(stretch.pcm) // 2
        if stretch.ends and self._rest:
            pcm, self._rest = pcm + bytes(FRAME_BYTES - len(self._rest)), b""
            whole = len(pcm)
        packets = encoder.encode(pcm[:whole])
        if not packets:
            return []
        start_ms = start // PER_MS
        end_ms = start_ms + len(packets) * FRAME_MS
        loud = loudness(pcm[:whole])
        return [Encoded(stretch.part, start_ms, stretch.lost_ms, packets, end_ms, loud)]


Work = tuple[Tape, Sequence[Stretch]]
Waiting = tuple[Work, asyncio.Future[list[Encoded]]]


class Encoding:
    """The thread that encodes for all sessions."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="recording")
        self._waiting: list[Waiting] = []

    def take(self, tape: Tape, stretches: Sequence[Stretch]) -> asyncio.Future[list[Encoded]]:
        """As the tape's; of one tape in the order they are asked for."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_later(TOGETHER_S, self._begin)
        taken: asyncio.Future[list[Encoded]] = loop.create_future()
        self._waiting.append(((tape, stretches), taken))
        return taken

    def _begin(self) -> None:
        waiting, self._waiting = self._waiting, []
        loop = asyncio.get_running_loop()
        for start in range(0, len(waiting), MOST):
            some = waiting[start : start + MOST]
            doing = loop.run_in_executor(self._executor, _all_of, [work for work, _ in some])
            doing.add_done_callback(partial(_tell, some))

    def close(self) -> None:
        self._executor.shutdown(wait=False)


def _all_of(some: Sequence[Work]) -> list[list[Encoded] | EngineError]:
    done: list[list[Encoded] | EngineError] = []
    for tape, stretches in some:
        try:
            done.append(tape.take(stretches))
        except EngineError as error:
            done.append(error)
    return done


def _tell(
    some: Sequence[Waiting], doing: asyncio.Future[list[list[Encoded] | EngineError]]
) -> None:
    failed = None if doing.cancelled() else doing.exception()
    for place, (_, taken) in enumerate(some):
        if taken.done():
            continue
        if doing.cancelled():
            taken.cancel()
            continue
        one = failed or doing.result()[place]
        if isinstance(one, list):
            taken.set_result(one)
        else:
            taken.set_exception(one)


def loudness(pcm: bytes) -> bytes:
    """Of whole frames of PCM16, how loud each is, from 0 to 255: the root of its RMS, so that low
    voices have steps, too."""
    frames = np.frombuffer(pcm, "<i2").reshape(-1, FRAME_BYTES // 2).astype(np.float32)
    rms = np.sqrt(np.mean(frames**2, axis=1))
    return bytes((255 * np.sqrt(np.minimum(rms / FULL, 1))).astype(np.uint8))
