"""The sound of many sessions through one detector: nothing lost or mixed up, nobody starved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import pytest

from server.clock import now
from server.engines.silero import SileroDetector
from server.realtime.hearing import AHEAD_S, AT_ONCE, BACKLOG_S, Ear, Hearing
from server.realtime.highpass import HighPass
from tests.clock import ClockLoop
from tests.speech import recording, silence

WINDOW_MS = 32
WINDOW_BYTES = 1_024


@pytest.fixture(scope="module")
def speech() -> bytes:
    return recording("two_cities.wav", 20.0)


@pytest.fixture
async def hearing() -> AsyncIterator[Hearing]:
    own = Hearing(SileroDetector())
    running = asyncio.create_task(own.run())
    yield own
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_what_is_told_is_the_sound_as_it_was_judged(hearing: Hearing, speech: bytes) -> None:
    told: list[bytes] = []
    ear = hearing.open(lambda *_: None, on_sound=told.append)
    ear.feed(speech[: 10 * WINDOW_BYTES + 300])
    await ear.caught_up()
    assert [len(one) for one in told] == [WINDOW_BYTES] * 10
    assert b"".join(told) == HighPass().of(speech[: 10 * WINDOW_BYTES])


@dataclass
class Listener:
    """One session's ear and what it was told."""

    hearing: Hearing
    start_ms: int = 0
    frames: list[tuple[int, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ear: Ear = self.hearing.open(
            lambda end_ms, probability, _: self.frames.append((end_ms, probability)), self.start_ms
        )

    @property
    def probabilities(self) -> list[float]:
        return [probability for _, probability in self.frames]


def alone(pcm: bytes) -> list[float]:
    detector = SileroDetector()
    row = detector.open()
    samples = np.frombuffer(HighPass().of(pcm), "<i2").astype(np.float32) / np.float32(32_768)
    count = len(samples) // detector.window
    windows = samples[: count * detector.window].reshape(count, 1, -1)
    return [float(detector.probabilities(one, [row])[0]) for one in windows]


@pytest.mark.parametrize("sessions", [1, 6, AT_ONCE + 9])
async def test_each_hears_what_it_would_hear_alone(
    hearing: Hearing, speech: bytes, sessions: int
) -> None:
    said = [speech[one * 3_200 :][: 32_000 + one * 640] for one in range(sessions)]
    listeners = [Listener(hearing) for _ in said]
    for start in range(0, max(map(len, said)), 1_280):  # as a browser sends: 40 ms
        for listener, pcm in zip(listeners, said, strict=True):
            if pcm[start : start + 1_280]:
                listener.ear.feed(pcm[start : start + 1_280])
        await asyncio.sleep(0.002)
    for listener, pcm in zip(listeners, said, strict=True):
        await listener.ear.caught_up()
        whole = len(pcm) // WINDOW_BYTES
        assert [end for end, _ in listener.frames] == [(n + 1) * WINDOW_MS for n in range(whole)]
        assert listener.probabilities == pytest.approx(alone(pcm), abs=1e-5)


async def test_odd_pieces_are_put_together(hearing: Hearing, speech: bytes) -> None:
    listener = Listener(hearing, start_ms=640)
    rest = speech[:40_000]
    for size in (2, 1_022, 4_098, 30, 9_000, 600, 25_248):
        listener.ear.feed(rest[:size])
        rest = rest[size:]
    await listener.ear.caught_up()
    assert [end for end, _ in listener.frames][:2] == [672, 704]
    assert listener.probabilities == pytest.approx(alone(speech[:40_000]), abs=1e-5)


async def test_what_is_cleared_counts_as_silence(hearing: Hearing, speech: bytes) -> None:
    listener = Listener(hearing)
    listener.ear.feed(speech[: 40 * WINDOW_BYTES])
    listener.ear.clear()
    await listener.ear.caught_up()
    assert [end for end, _ in listener.frames][-1] == 40 * WINDOW_MS
    assert listener.probabilities == pytest.approx(alone(silence(40 * 0.032)), abs=1e-5)


async def test_a_closed_ear_is_told_nothing_and_its_row_is_clean(
    hearing: Hearing, speech: bytes
) -> None:
    others = [Listener(hearing) for _ in range(5)]
    gone = Listener(hearing)
    for listener in (*others, gone):
        listener.ear.feed(speech[: 30 * WINDOW_BYTES])
    await asyncio.sleep(0.02)
    gone.ear.close()
    heard = len(gone.frames)
    for listener in others:
        await listener.ear.caught_up()
    await gone.ear.caught_up()
    assert len(gone.frames) == heard < 30
    after = Listener(hearing)
    assert after.ear.row == gone.ear.row
    after.ear.feed(speech[: 10 * WINDOW_BYTES])
    await after.ear.caught_up()
    assert after.probabilities == pytest.approx(alone(speech[: 10 * WINDOW_BYTES]), abs=1e-5)


async def test_one_that_is_far_behind_catches_up_without_holding_up_others(
    hearing: Hearing, speech: bytes
) -> None:
    late, live = Listener(hearing), Listener(hearing)
    late.ear.feed(speech)
    waits = []
    while len(late.frames) < len(speech) // WINDOW_BYTES:
        heard, others = len(live.frames), len(late.frames)
        live.ear.feed(speech[:WINDOW_BYTES])
        while len(live.frames) == heard:
            await asyncio.sleep(0)
        waits.append(len(late.frames) - others)
    # One window of each at a time: who is live waits for a few batches, never for the backlog.
    assert len(waits) > 20
    assert max(waits) <= 3


async def test_who_speaks_is_never_ahead_however_long_nobody_judges(clock: ClockLoop) -> None:
    listener = Listener(Hearing(SileroDetector()))  # which nothing runs
    began = now()
    for second in range(AHEAD_S + 2 * BACKLOG_S):
        listener.ear.feed(silence(1))
        assert not listener.ear.flooded, second
        await clock.advance(1)
    assert listener.ear.fed_ms == round((now() - began) * 1_000)


async def test_what_comes_faster_than_anybody_speaks_is_a_flood_until_time_has_passed(
    clock: ClockLoop,
) -> None:
    ear = Listener(Hearing(SileroDetector())).ear
    for _ in range(AHEAD_S + 1):
        assert not ear.flooded
        ear.feed(silence(1))
    assert ear.flooded
    await clock.advance(1.5)
    assert not ear.flooded, "a second and a half more may have been spoken"


async def test_what_was_judged_does_not_count_however_fast_it_came(clock: ClockLoop) -> None:
    ear = Listener(Hearing(SileroDetector())).ear
    ear.feed(silence(AHEAD_S + 1))
    assert ear.flooded
    ear.take(len(silence(AHEAD_S)))
    assert not ear.flooded
