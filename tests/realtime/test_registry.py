"""One conductor for each interview of this process, whoever comes at the same time."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import asyncpg
import pytest

from server.core.events import (
    AnswerTyped,
    EndRequested,
    InterviewEnded,
    InterviewStarted,
    QuestionAsked,
)
from server.realtime.registry import Gone
from tests.clock import ClockLoop
from tests.realtime.stage import Page, an_interview, hear_question, stage

ANSWER = "I moved the nightly reports from cron jobs to Airflow because they kept failing."


async def test_two_connections_at_once_get_one_conductor(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        (one, first), (other, second) = await asyncio.gather(on.join(), on.join())
        assert one is other
        assert on.registry.count == 1
        closed = [page.line.close_code for page in (first, second)]
        assert sorted(closed, key=str) == [4001, None]
        await hear_question(one, second if first.line.close_code else first, 1)
        assert len(await on.told(InterviewStarted)) == 1


async def test_who_has_left_again_does_not_take_the_place_of_who_is_there(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    """A server that was held up finds connections that their clients gave up long ago."""
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        conductor, page = await on.join()
        with pytest.raises(Gone):
            await on.registry.attach(stored, Page().line, gone=lambda: True)
        assert page.line.close_code is None
        await hear_question(conductor, page, 1)


async def test_two_interviews_are_two(clock: ClockLoop, pool: asyncpg.Pool, redis_url: str) -> None:
    first = await an_interview(pool)
    async with stage(pool, redis_url, first) as on:
        one, page = await on.join()
        on.stored = await an_interview(pool)
        other, elsewhere = await on.join()
        assert one is not other
        assert on.registry.count == 2
        await hear_question(one, page, 1)
        await hear_question(other, elsewhere, 1)


async def test_who_needs_it_is_spoken_to_slower_and_nobody_else(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    other = await an_interview(pool)
    stored = replace(await an_interview(pool), adjustments={"slower_voice": True})
    async with stage(pool, redis_url, stored) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        assert set(on.tone.rates) == {0.8}
        on.stored = other
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        assert set(on.tone.rates) == {0.8, 1.0}


async def test_what_another_process_began_is_taken_up(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as before:
        conductor, page = await before.join()
        await hear_question(conductor, page, 1)
        conductor.take(AnswerTyped(ANSWER))
        text = await hear_question(conductor, page, 2)
    assert before.registry.count == 0
    async with stage(pool, redis_url, stored) as after:
        conductor, page = await after.join()
        assert await hear_question(conductor, page, 2) == text
        assert [question["turn"] for question in page.of("viva.question")] == [1, 2]
        asked = await after.told(QuestionAsked)
        assert [question.turn for question in asked] == [1, 2]


async def test_who_writes_after_another_took_over_is_stopped(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as old, stage(pool, redis_url, stored) as new:
        conductor, page = await old.join()
        await hear_question(conductor, page, 1)
        await new.join()
        await clock.advance(5)
        conductor.take(AnswerTyped(ANSWER))
        await page.line.closed()
        await clock.advance(1)
        assert old.registry.count == 0
        assert new.registry.count == 1
        assert len([q for q in await new.told(QuestionAsked) if q.turn == 1]) == 1


async def test_an_interview_that_is_over_is_let_go(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        conductor.take(EndRequested("candidate"))
        await page.event("viva.ended", reason="candidate")
        await page.line.closed()
        assert page.line.close_code == 1000
        await clock.advance(1)
        assert on.registry.count == 0
        assert len(await on.told(InterviewEnded)) == 1
