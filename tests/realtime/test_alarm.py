"""One timer for each interview: it rings at the time last asked for, and once."""

from __future__ import annotations

import asyncio

from server.realtime.alarm import Alarm


class Rings:
    def __init__(self) -> None:
        self.count = 0
        self.heard = asyncio.Event()

    def __call__(self) -> None:
        self.count += 1
        self.heard.set()


async def test_it_rings_once_when_the_time_has_come() -> None:
    rings = Rings()
    alarm = Alarm(rings)
    alarm.set(1_000, now_ms=lambda: 1_000)
    await asyncio.wait_for(rings.heard.wait(), 5)
    await asyncio.sleep(0)
    assert rings.count == 1


async def test_the_same_time_again_rings_again_after_it_rang() -> None:
    rings = Rings()
    alarm = Alarm(rings)
    for _ in range(2):
        rings.heard.clear()
        alarm.set(1_000, now_ms=lambda: 2_000)
        await asyncio.wait_for(rings.heard.wait(), 5)
    assert rings.count == 2


async def test_the_last_time_asked_for_counts_and_none_is_silence() -> None:
    early, late = Rings(), Rings()
    moved, silent = Alarm(late), Alarm(early)
    silent.set(5, now_ms=lambda: 0)
    silent.set(None, now_ms=lambda: 0)
    moved.set(3_600_000, now_ms=lambda: 0)
    moved.set(10, now_ms=lambda: 0)
    await asyncio.wait_for(late.heard.wait(), 5)
    assert (early.count, late.count) == (0, 1)


async def test_a_cancelled_alarm_does_not_ring() -> None:
    cancelled, other = Rings(), Rings()
    alarm = Alarm(cancelled)
    alarm.set(0, now_ms=lambda: 0)
    alarm.cancel()
    Alarm(other).set(5, now_ms=lambda: 0)
    await asyncio.wait_for(other.heard.wait(), 5)
    assert cancelled.count == 0
