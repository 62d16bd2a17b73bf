"""What is left when nobody drives an interview: words for its last sound, then no sound."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from server.core.events import (
    AnswerGiven,
    EndRequested,
    InterviewEnded,
    SegmentHeard,
    SegmentPending,
)
from server.realtime import afterwards as module
from server.store import recordings
from tests.realtime.moody import (
    Talking,
    afterwards,
    die,
    everything_said,
    talk,
)
from tests.realtime.stage import (
    keep_still,
)


@pytest.mark.parametrize("mood", ["raises", "hangs"])
async def test_at_the_latest_a_minute_after_the_end_nothing_is_pending(
    talking: Talking, pool: asyncpg.Pool, mood: str
) -> None:
    on, scribe, conductor, page = talking
    async with afterwards(on):
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
        assert await recordings.due(pool, 5) == {}


async def test_another_server_writes_down_what_the_one_that_died_had_heard(
    talking: Talking,
) -> None:
    on, scribe, conductor, _ = talking
    scribe.mood = "hangs"
    await talk(conductor, 2.0)
    await keep_still(conductor, 2.0)
    await talk(conductor, 3.0)
    await die(on)
    scribe.mood = "well"
    async with afterwards(on):
        await asyncio.sleep(30)
        assert await everything_said(on) == [], "it may only be late with its lease"
        await asyncio.sleep(30)
        said = await everything_said(on)
    assert said[0] == "word 20"
    lasted = int(said[1].removeprefix("word "))  # in tenths of a second, of the three
    assert 20 <= lasted <= 30, "less than a second is lost by a kill"
    assert [one.reason for one in await on.told(SegmentPending)] == ["interrupted"] * 2


async def test_what_cannot_be_written_down_for_a_week_is_given_up(
    talking: Talking, pool: asyncpg.Pool
) -> None:
    on, scribe, conductor, page = talking
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


async def test_a_lease_that_could_not_be_renewed_in_time_is_left_alone(
    talking: Talking, pool: asyncpg.Pool
) -> None:
    on, _, conductor, page = talking
    async with afterwards(on):
        await pool.execute("UPDATE leases SET held_until = now() - interval '20 seconds'")
        await talk(conductor, 2.0)
        await keep_still(conductor, 60.0)
        assert page.line.close_code is None
        assert await everything_said(on) == ["word 20"]
