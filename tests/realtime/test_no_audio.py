"""A line that carries no sound is told of, on both sides, and so is its return."""

from __future__ import annotations

import asyncio

import asyncpg

from server.core.events import (
    AnswerTyped,
    AudioMissed,
    AudioReturned,
    ControlUsed,
    FloorPassed,
    QuestionAsked,
    Ticked,
)
from tests.clock import ClockLoop
from tests.core.candidate import Candidate
from tests.core.test_taking_back import session, told
from tests.realtime.stage import an_interview, hear_question, keep_still, stage

SOON_S = 3.5
MISSED = {"missed": True}
BACK = {"missed": False}


async def test_sound_that_stops_while_listening_is_missed_within_seconds_and_seen_to_return(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    async with stage(pool, redis_url, await an_interview(pool)) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        await keep_still(conductor, 8.0)
        assert page.of("viva.no_audio") == []
        missed = await page.event("viva.no_audio", SOON_S, turn=1)
        assert missed["missed"] is True
        await clock.advance(20.0)
        assert len(page.of("viva.no_audio")) == 1, "it is said once"

        await keep_still(conductor, 0.5)
        await page.event("viva.no_audio", 1.0, **BACK)
        assert len(await on.told(AudioMissed)) == 1, "watchers see it too"
        assert len(await on.told(AudioReturned)) == 1
        await page.event("viva.no_audio", SOON_S, **MISSED)
        await clock.advance(SOON_S)
        assert len(await on.told(AudioMissed)) == 2


async def test_who_only_types_is_not_deaf_and_who_pauses_sends_nothing(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    async with stage(pool, redis_url, await an_interview(pool)) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        await clock.advance(20.0)
        conductor.take(AnswerTyped("I moved the nightly reports from cron jobs to Airflow."))
        await hear_question(conductor, page, 2)
        await keep_still(conductor, 1.0)
        conductor.take(ControlUsed("pause", "button"))
        await clock.advance(60.0)
        assert await on.told(AudioMissed) == []


def test_a_stock_client_may_be_still_between_words() -> None:
    for marks, missed in ((True, 1), (False, 0)):
        who = Candidate(session(), [])
        who.join(marks=marks)
        who.hear_question()
        who.sitting.arrival.came(who.now_ms)
        for now_ms in range(who.now_ms, who.now_ms + 20_000, 500):
            who.effects += who.sitting.step(Ticked(), now_ms)
        assert len(told(who, AudioMissed)) == missed


async def test_a_question_that_is_spoken_misses_no_sound_until_it_is_over(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    async with stage(pool, redis_url, await an_interview(pool)) as on:
        conductor, page = await on.join()
        await keep_still(conductor, 0.5)
        await page.event("viva.question", turn=1)
        await asyncio.sleep(1.0)
        assert await on.told(QuestionAsked)
        await hear_question(conductor, page, 1)
        await page.event("viva.no_audio", SOON_S, **MISSED)
        (listening,) = (f for f in await on.told(FloorPassed) if f.floor == "listening")
        assert listening.turn == 1


async def test_another_connection_begins_anew(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    async with stage(pool, redis_url, await an_interview(pool)) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        await keep_still(conductor, 1.0)
        await page.event("viva.no_audio", SOON_S, **MISSED)
        conductor, again = await on.join()
        await hear_question(conductor, again, 1)
        await clock.advance(20.0)
        assert again.of("viva.no_audio") == [], "nothing has been sent on it"
