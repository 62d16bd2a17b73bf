"""A recogniser with moods, and an interview that is held with it in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import NamedTuple

import asyncpg
import numpy as np

from server.core.events import (
    Language,
    SegmentHeard,
)
from server.language.pack import shipped
from server.ports import EngineError, Transcript, Unheard
from server.realtime.afterwards import Afterwards
from server.realtime.conductor import Conductor
from server.realtime.leases import Leases
from tests.realtime.stage import (
    WINDOW,
    Page,
    Scribe,
    Stage,
    an_interview,
    speak,
    stage,
)

LONG_AGO = 3_600.0


@dataclass
class Moody(Scribe):
    """Says what it is told to, but fails, or hangs, as long as ``mood`` says so."""

    mood: str = "well"
    sure: float | None = None
    """Of what is not longer than two seconds; of more it is surer."""
    has_time: bool = True
    tried: int = 0

    @property
    def current(self) -> Moody:
        return self

    async def transcribe(
        self,
        pcm: bytes,
        language: Language,
        context: str = "",
        *,
        session: str = "",
        partial: bool = False,
        begun: str = "",
    ) -> Transcript:
        if partial:
            return Transcript("", (), self.name)
        self.tried += 1
        if self.mood == "raises":
            raise Unheard("out of memory")
        if self.mood == "hangs":
            await asyncio.sleep(LONG_AGO)
        await asyncio.sleep(self.takes_s)
        self.heard.append(pcm)
        told = f"word {loudness(pcm)}"
        if self.sure is None or len(pcm) < 2.6 * 32_000:
            return Transcript(told, (), self.name, self.sure)
        return Transcript(f"{told} in all", (), self.name, self.sure + 0.2)


TONE = (12_000 * np.sin(2 * np.pi * 250 / 16_000 * np.arange(WINDOW))).astype("<i2").tobytes()
"""Loud, whole periods in a window, and what Opus keeps."""


def loudness(pcm: bytes) -> int:
    """How much of it is loud, in tenths of a second: what a recogniser would tell of speech."""
    sound = np.frombuffer(pcm, "<i2").astype(float)
    frames = sound[: len(sound) // 160 * 160].reshape(-1, 160)
    return round(float(np.sum(np.sqrt(np.mean(frames**2, axis=1)) > 3_000)) / 10)


async def talk(conductor: Conductor, seconds: float) -> None:
    await speak(conductor, seconds, TONE)


class Talking(NamedTuple):
    """An interview in which the candidate has the floor, from all sides."""

    on: Stage
    scribe: Moody
    conductor: Conductor
    page: Page


@asynccontextmanager
async def moody(pool: asyncpg.Pool, redis_url: str) -> AsyncIterator[tuple[Stage, Moody]]:
    stored = await an_interview(pool)
    scribe = Moody()
    async with stage(pool, redis_url, stored, scribe=scribe, idle=lambda: scribe.has_time) as on:
        yield on, scribe


@asynccontextmanager
async def afterwards(on: Stage) -> AsyncIterator[None]:
    """What every server does about interviews that nobody drives."""
    assert on.engines is not None
    assert on.recording is not None
    assert on.monitor is not None
    rest = Afterwards(
        on.pool, on.engines, on.recording, Leases(on.pool), on.monitor, shipped().by_language
    )
    running = asyncio.create_task(rest.run())
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def everything_said(on: Stage) -> list[str]:
    return [one.text for one in await on.told(SegmentHeard) if one.text]


async def die(on: Stage) -> None:
    """As if killed: nothing more is stored, the lease is not given back."""
    live = on.registry._live[on.interview_id]
    live.task.cancel()
    with suppress(asyncio.CancelledError, EngineError):
        await live.task
    await on.pool.execute("UPDATE leases SET holder = gen_random_uuid(), held_until = now()")
