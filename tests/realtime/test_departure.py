"""A process that leaves hands its interviews over where nobody speaks; nobody is asked twice."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from server.clock import now
from server.core.events import (
    AnswerGiven,
    AnswerTyped,
    EndRequested,
    FloorPassed,
    QuestionAsked,
    SegmentHeard,
)
from server.realtime.candidate import MOVED
from server.realtime.departure import BETWEEN_S, Departure
from server.realtime.line import Line
from server.realtime.openai_dialect import RealtimeDialect
from server.realtime.registry import Leaving
from server.realtime.terms import Terms
from tests.clock import ClockLoop
from tests.realtime.stage import Page, an_interview, hear_question, keep_still, speak, stage

ANSWER = "I moved the nightly reports from cron jobs to Airflow because they kept failing."
LONGEST_S = 60.0


async def moved(page: Page) -> None:
    await page.line.closed()
    assert (page.line.close_code, page.line.close_reason) == MOVED


async def test_after_a_question_it_goes_on_elsewhere_and_is_not_asked_again(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as old, stage(pool, redis_url, stored) as new:
        conductor, page = await old.join()
        await page.event("viva.question", turn=1)
        leaving = asyncio.create_task(Departure(old.registry, LONGEST_S).run())
        await clock.advance(2)
        assert page.line.close_code is None, "the question is being spoken"
        await hear_question(conductor, page, 1)
        began = now()
        await moved(page)
        await leaving
        conductor, second = await new.join(kept_ms=1)
        assert now() - began < 0.5
        await second.event("viva.floor", turn=1, floor="listening")
        assert new.tone.said == [], "it was heard"
        conductor.take(AnswerTyped(ANSWER))
        await hear_question(conductor, second, 2)
        assert [asked.turn for asked in await new.told(QuestionAsked)] == [1, 2]
        assert [given.text for given in await new.told(AnswerGiven)] == [ANSWER]


async def test_who_speaks_is_let_finish_and_then_moved_in_a_pause(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    first, then = "I moved the nightly reports to Airflow,", "because the cron jobs kept failing."
    async with (
        stage(pool, redis_url, stored, script=[first]) as old,
        stage(pool, redis_url, stored, script=[then]) as new,
    ):
        conductor, page = await old.join()
        await hear_question(conductor, page, 1)
        talking = asyncio.create_task(speak(conductor, BETWEEN_S + 2))
        await clock.advance(1)
        leaving = asyncio.create_task(Departure(old.registry, LONGEST_S).run())
        await talking
        assert page.line.close_code is None, "the candidate speaks"
        await keep_still(conductor, 1.5)
        await moved(page)
        await leaving
        assert [heard.text for heard in await new.told(SegmentHeard)] == [first]
        conductor, second = await new.join(kept_ms=1)
        await second.event("viva.floor", turn=1, floor="listening")
        await speak(conductor, 2)
        await keep_still(conductor, 6)
        (given,) = await new.told(AnswerGiven)
        assert given.text == f"{first} {then}"


async def test_who_cannot_come_back_stays_until_the_interview_ends_or_the_time_is_over(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    ends, stays = await an_interview(pool), await an_interview(pool)
    async with stage(pool, redis_url, ends) as old:
        lines = [Line(RealtimeDialect(Terms())) for _ in range(2)]
        ending = await old.registry.attach(ends, lines[0])
        staying = await old.registry.attach(stays, lines[1])
        began = now()
        leaving = asyncio.create_task(Departure(old.registry, LONGEST_S).run())
        await clock.advance(LONGEST_S / 2)
        assert not ending.over
        ending.take(EndRequested("candidate"))
        await lines[0].closed()
        assert lines[0].close_code == 1000
        assert not staying.over
        await leaving
        assert LONGEST_S <= now() - began < LONGEST_S + 5
        assert (lines[1].close_code, lines[1].close_reason) == MOVED


async def test_asked_again_it_waits_for_nobody(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=["I moved them to Airflow."]) as old:
        conductor, page = await old.join()
        await hear_question(conductor, page, 1)
        talking = asyncio.create_task(speak(conductor, 5))
        await clock.advance(2)
        departure = Departure(old.registry, LONGEST_S)
        leaving = asyncio.create_task(departure.run())
        await clock.advance(1)
        assert page.line.close_code is None
        departure.hurry()
        await moved(page)
        await leaving
        talking.cancel()
        assert old.registry.count == 0


async def test_nobody_is_taken_in_by_who_leaves(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as old:
        await Departure(old.registry, LONGEST_S).run()
        with pytest.raises(Leaving):
            await old.join()
        assert await old.told(FloorPassed) == []
