"""A recogniser that fails, hangs or is late: the interview goes on, and every word is there at the
end of it or soon after, whoever drives it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import asyncpg
import numpy as np
import pytest

from server.core.events import (
    AnswerGiven,
    AnswerRevised,
    EndRequested,
    InterviewEnded,
    Language,
    SegmentHeard,
    SegmentPending,
)
from server.ports import EngineError, Transcript, Unheard
from server.realtime import afterwards as module
from server.realtime.afterwards import Afterwards
from server.realtime.conductor import Conductor
from server.realtime.leases import Leases
from server.store import recordings
from tests.clock import ClockLoop
from tests.realtime.stage import (
    WINDOW,
    Scribe,
    Stage,
    an_interview,
    hear_question,
    keep_still,
    speak,
    stage,
)

LONG_AGO = 3_600.0


@dataclass
class Moody(Scribe):
    """Says what it is told to, but fails, or hangs, as long as ``mood`` says so."""

    mood: str = "well"
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
        return Transcript(f"word {loudness(pcm)}", (), self.name)


TONE = (12_000 * np.sin(2 * np.pi * 250 / 16_000 * np.arange(WINDOW))).astype("<i2").tobytes()
"""Loud, whole periods in a window, and what Opus keeps."""


def loudness(pcm: bytes) -> int:
    """How much of it is loud, in tenths of a second: what a recogniser would tell of speech."""
    sound = np.frombuffer(pcm, "<i2").astype(float)
    frames = sound[: len(sound) // 160 * 160].reshape(-1, 160)
    return round(float(np.sum(np.sqrt(np.mean(frames**2, axis=1)) > 3_000)) / 10)


async def talk(conductor: Conductor, seconds: float) -> None:
    await speak(conductor, seconds, TONE)


@asynccontextmanager
async def moody(pool: asyncpg.Pool, redis_url: str) -> AsyncIterator[tuple[Stage, Moody]]:
    stored = await an_interview(pool)
    scribe = Moody()
    async with stage(pool, redis_url, stored, scribe=scribe) as on:
        yield on, scribe


@asynccontextmanager
async def afterwards(on: Stage) -> AsyncIterator[None]:
    """What every server does about interviews that nobody drives."""
    assert on.engines is not None
    assert on.recording is not None
    assert on.monitor is not None
    rest = Afterwards(on.pool, on.engines, on.recording, Leases(on.pool), on.monitor)
    running = asyncio.create_task(rest.run())
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def everything_said(on: Stage) -> list[str]:
    return [one.text for one in await on.told(SegmentHeard) if one.text]


@pytest.mark.parametrize("mood", ["raises", "hangs"])
async def test_what_was_not_heard_is_written_down_when_the_recogniser_is_well_again(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str, mood: str
) -> None:
    async with moody(pool, redis_url) as (on, scribe):
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        scribe.mood = mood
        await talk(conductor, 2.0)
        await keep_still(conductor, 30.0)
        waiting = await on.told(SegmentPending)
        assert [one.segment for one in waiting] == [1]
        assert await everything_said(on) == []
        gap = await page.event("viva.caption", turn=1, pending=True)
        assert gap["text"] == ""
        scribe.mood = "well"
        await keep_still(conductor, 80.0)
        (heard,) = await on.told(SegmentHeard)
        assert (heard.turn, heard.text) == (1, "word 20")
        (revised,) = await on.told(AnswerRevised)
        assert revised.text == "word 20"
        await page.event("viva.answer", turn=1, text="word 20")
        answers = await pool.fetch("SELECT text FROM answers WHERE turn = 1")
        assert [row["text"] for row in answers] == ["word 20"]


async def test_the_dialogue_does_not_wait_for_it(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    async with moody(pool, redis_url) as (on, scribe):
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        await talk(conductor, 2.0)
        await keep_still(conductor, 1.0)
        scribe.mood = "raises"
        await talk(conductor, 1.0)
        await keep_still(conductor, 6.0)
        await page.event("viva.question", turn=2)
        (given,) = await on.told(AnswerGiven)
        assert given.text == "word 20"


@pytest.mark.parametrize("mood", ["raises", "hangs"])
async def test_at_the_latest_a_minute_after_the_end_nothing_is_pending(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str, mood: str
) -> None:
    async with moody(pool, redis_url) as (on, scribe), afterwards(on):
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        scribe.mood = mood
        await talk(conductor, 2.0)
        conductor.take(EndRequested("candidate"))
        await page.event("viva.ended")
        assert await on.told(InterviewEnded)
        assert await on.told(SegmentPending)
        scribe.mood = "well"
        await asyncio.sleep(50)
        assert await everything_said(on) == ["word 20"]
        (given,) = await on.told(AnswerGiven)
        assert given.text == "word 20"
        assert await pool.fetchval("SELECT count(*) FROM pending_segments") == 0
        assert await recordings.between(pool, on.interview_id, 0, 10**6) == [], "it is words now"
        assert await recordings.due(pool, 5) == []


async def test_another_server_writes_down_what_the_one_that_died_had_heard(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    async with moody(pool, redis_url) as (on, scribe):
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        scribe.mood = "hangs"
        await talk(conductor, 2.0)
        await keep_still(conductor, 2.0)
        await talk(conductor, 3.0)
        await die(on)
        scribe.mood = "well"
        async with afterwards(on):
            await asyncio.sleep(30)
            said = await everything_said(on)
        assert said[0] == "word 20"
        assert said[1] in ("word 20", "word 21", "word 30"), "less than a second is lost by a kill"
        assert [one.reason for one in await on.told(SegmentPending)] == ["interrupted"] * 2


async def test_who_comes_back_to_another_server_finds_everything(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    async with moody(pool, redis_url) as (on, scribe):
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        scribe.mood = "hangs"
        await talk(conductor, 3.0)
        await die(on)
        scribe.mood = "well"
        async with stage(pool, redis_url, on.stored, scribe=scribe) as other:
            conductor, page = await other.join()
            session = await page.event("viva.session")
            assert session["heard_ms"] <= session["audio_ms"]
            assert session["heard_ms"] >= 2_000, "what is stored need not be sent again"
            await page.event("viva.floor", turn=1, floor="listening")
            await talk(conductor, 2.0)
            await keep_still(conductor, 8.0)
            await page.event("viva.question", turn=2)
            said = await everything_said(other)
            assert said[1] == "word 20"
            assert said[0] in ("word 20", "word 21", "word 29", "word 30")
            assert (await other.told(AnswerGiven))[-1].text == " ".join(said)


async def test_sound_that_is_gone_is_said_to_be(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    async with moody(pool, redis_url) as (on, scribe):
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        scribe.mood = "raises"
        await talk(conductor, 2.0)
        await keep_still(conductor, 2.0)
        await pool.execute("DELETE FROM recording_chunks")
        scribe.mood = "well"
        await keep_still(conductor, 20.0)
        (heard,) = await on.told(SegmentHeard)
        assert (heard.text, heard.error) == ("", "its sound is gone")


async def test_what_cannot_be_written_down_for_a_week_is_given_up(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    async with moody(pool, redis_url) as (on, scribe):
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        scribe.mood = "raises"
        await talk(conductor, 2.0)
        conductor.take(EndRequested("candidate"))
        await page.event("viva.ended")
        async with afterwards(on):
            await asyncio.sleep(30)
            assert await recordings.between(pool, on.interview_id, 0, 10**6)
            await pool.execute("UPDATE pending_segments SET since = now() - interval '8 days'")
            await recordings.postpone(pool, on.interview_id, 0)
            await asyncio.sleep(30)
        (heard,) = await on.told(SegmentHeard)
        assert heard.error == module.GIVEN_UP
        assert await recordings.between(pool, on.interview_id, 0, 10**6) == []


async def test_sound_is_acknowledged_once_it_is_durable(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    async with moody(pool, redis_url) as (on, _):
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        await talk(conductor, 3.0)
        await keep_still(conductor, 1.0)
        stored = [event["audio_ms"] for event in page.of("viva.stored")]
        assert stored == sorted(stored)
        assert 2_500 <= stored[-1] <= 4_000
        assert len(stored) <= 6, "not more often than once a second"
        assert await recordings.end_ms(pool, on.interview_id) >= stored[-1] - 64


async def test_the_sound_of_an_answer_that_is_words_is_not_kept(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    async with moody(pool, redis_url) as (on, _):
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        await talk(conductor, 4.0)
        await keep_still(conductor, 6.0)
        await hear_question(conductor, page, 2)
        await keep_still(conductor, 20.0)
        left = await recordings.between(pool, on.interview_id, 0, 10**6)
        assert left[0].start_ms >= 10_000


async def die(on: Stage) -> None:
    """As if killed: nothing more is stored, the lease is not given back."""
    live = on.registry._live[on.interview_id]
    live.task.cancel()
    with suppress(asyncio.CancelledError, EngineError):
        await live.task
    await on.pool.execute("UPDATE leases SET holder = gen_random_uuid(), held_until = now()")
