"""What was told of an interview says what is kept of its sound, and what is to be written down."""

from __future__ import annotations

import asyncpg

from server.core.events import ControlUsed, SegmentPending
from server.store import recordings
from tests.clock import ClockLoop
from tests.realtime.moody import Talking, die, everything_said, moody, talk
from tests.realtime.stage import hear_question, keep_still, stage


async def test_sound_is_kept_from_the_question_on_and_not_in_a_break(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    async with moody(pool, redis_url) as (on, scribe):
        scribe.mood = "hangs"
        conductor, page = await on.join()
        await page.event("viva.question", turn=1)
        await keep_still(conductor, 1.0)
        await hear_question(conductor, page, 1)
        await talk(conductor, 2.0)
        conductor.take(ControlUsed("pause", "button"))
        await keep_still(conductor, 5.0)
        stored = await recordings.between(pool, on.interview_id, 0, 10**6)
        sides = await pool.fetch("SELECT DISTINCT answer FROM recording_chunks")
        assert stored[0].start_ms == 0
        assert stored[-1].start_ms + stored[-1].duration_ms <= 3_100
        assert {row["answer"] for row in sides} == {True}, "it began within a second of the answer"


async def test_what_waited_before_it_was_taken_up_is_written_down(
    talking: Talking, pool: asyncpg.Pool, redis_url: str
) -> None:
    on, scribe, conductor, _ = talking
    scribe.mood = "raises"
    await talk(conductor, 2.0)
    await keep_still(conductor, 3.0)
    assert await on.told(SegmentPending)
    await die(on)
    scribe.mood = "well"
    async with stage(pool, redis_url, on.stored, scribe=scribe) as other:
        await other.join()
        await keep_still((await other.join())[0], 5.0)
        assert await everything_said(other) == ["word 20"]
        assert len(await other.told(SegmentPending)) == 1
