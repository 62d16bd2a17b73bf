"""A candidate's sound goes to the ear, the tape and the store, and all three agree."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from server.realtime.hearing import Hearing
from server.realtime.highpass import HighPass
from server.realtime.microphone import Microphone

WINDOW = 512


def noise(windows: int) -> bytes:
    samples = np.random.default_rng(1).normal(0, 3_000, windows * WINDOW)
    return samples.astype("<i2").tobytes()


class Loud:
    """A ``VoiceDetector`` that takes any sound for speech."""

    name = "loud"
    window = WINDOW

    def __init__(self) -> None:
        self._rows = 0

    def open(self) -> int:
        self._rows += 1
        return self._rows

    def close(self, row: int) -> None: ...

    def probabilities(
        self, windows: NDArray[np.float32], rows: Sequence[int]
    ) -> NDArray[np.float32]:
        return np.array([window.any() for window in windows], np.float32)


@pytest.fixture
async def hearing() -> AsyncIterator[Hearing]:
    hearing = Hearing(Loud())
    running = asyncio.create_task(hearing.run())
    yield hearing
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


class Heard:
    def __init__(self, hearing: Hearing, start_ms: int = 0) -> None:
        self.frames: list[tuple[int, float]] = []
        self.kept = b""
        self.microphone = Microphone(hearing, None, self._frame, start_ms, self._keep)

    def _frame(self, end_ms: int, probability: float, loud_db: float) -> None:
        self.frames.append((end_ms, probability))

    def _keep(self, pcm: bytes) -> None:
        self.kept += pcm


async def test_what_is_heard_is_judged_kept_and_can_be_cut(hearing: Hearing) -> None:
    heard = Heard(hearing, 1_000)
    pcm = noise(4)
    for at in range(0, len(pcm), 640):
        heard.microphone.hear(pcm[at : at + 640])
    await heard.microphone.judged()
    assert heard.frames == [(1_032, 1), (1_064, 1), (1_096, 1), (1_128, 1)]
    assert heard.kept == pcm
    assert heard.microphone.cut(1_000, 1_128) == HighPass().of(pcm)
    assert heard.microphone.fed_ms == 1_128


async def test_what_is_not_judged_may_become_silence_but_stays_what_was_said(
    hearing: Hearing,
) -> None:
    heard = Heard(hearing)
    pcm = noise(1)
    heard.microphone.hear(pcm)
    heard.microphone.unhear()
    await heard.microphone.judged()
    assert heard.frames == [(32, 0)]
    assert heard.kept == pcm


async def test_nothing_is_kept_of_which_nobody_asked_yet_whether_it_is_speech(
    hearing: Hearing,
) -> None:
    heard = Heard(hearing)
    pcm = noise(4)
    heard.microphone.hear(pcm + bytes(100))
    assert heard.kept == b"", "a server that dies now is sent it again"
    while not heard.frames:
        await asyncio.sleep(0)
    assert heard.kept == pcm[: len(heard.frames) * WINDOW * 2]
    await heard.microphone.judged()
    assert heard.kept == pcm + bytes(100)


async def test_a_closed_microphone_tells_nothing(hearing: Hearing) -> None:
    heard = Heard(hearing)
    heard.microphone.hear(noise(1))
    heard.microphone.close()
    await heard.microphone.judged()
    assert heard.frames == []
