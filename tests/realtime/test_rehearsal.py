"""A practice answer: its words come as they do in the interview, and nothing is stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from server.ports import EngineError, Unheard
from server.realtime.rehearsal import LONGEST_S, Rehearsal, Words
from tests.clock import ClockLoop
from tests.realtime.stage import LOUD, PIECE, PIECES, STILL, WINDOW_S, Scribe, Stage, an_interview
from tests.realtime.stage import stage as on_stage


@asynccontextmanager
async def practising(
    pool: asyncpg.Pool, redis_url: str, scribe: Scribe
) -> AsyncIterator[tuple[Stage, Rehearsal, list[Words]]]:
    stored = await an_interview(pool)
    async with on_stage(pool, redis_url, stored, scribe=scribe) as on:
        told: list[Words] = []
        rehearsal = on.registry.rehearse(stored, told.append)
        yield on, rehearsal, told
        await rehearsal.close()


async def sound(rehearsal: Rehearsal, seconds: float, window: bytes) -> None:
    for _ in range(round(seconds / WINDOW_S)):
        rehearsal.hear(window)
        await asyncio.sleep(WINDOW_S)


async def test_words_come_while_they_are_said_and_are_whole_when_it_is_over(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    scribe = Scribe(["I made coffee and", "took the bus"], so_far="I made coffee")
    async with practising(pool, redis_url, scribe) as (on, rehearsal, told):
        assert rehearsal.covered
        await sound(rehearsal, 2.0, LOUD)
        assert told[0] == Words(1, "", "I made coffee")
        assert told[-1] == Words(1, "I made", "coffee")
        await sound(rehearsal, 1.0, STILL)
        assert told[-1] == Words(1, "I made coffee and", whole=True)
        await sound(rehearsal, 1.0, LOUD)
        await rehearsal.done()
        assert told[-1] == Words(2, "took the bus", whole=True)
        assert await on.facts() == []
        status = await pool.fetchval("SELECT status FROM interviews WHERE id = $1", on.stored.id)
        assert status == "created"
        kept = "SELECT (SELECT count(*) FROM recorded_chunks) + (SELECT count(*) FROM leases)"
        assert await pool.fetchval(kept) == 0


async def test_what_cannot_be_heard_is_said_so(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    async with practising(pool, redis_url, Scribe([Unheard("it is gone")])) as (_, one, told):
        await sound(one, 1.0, LOUD)
        await one.done()
        assert told[-1] == Words(1, "", whole=True, unclear=True)


async def test_the_voice_is_that_of_the_interview_as_slow_as_it_is_wanted(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    async with practising(pool, redis_url, Scribe()) as (on, rehearsal, _):
        pieces: list[tuple[int, bytes]] = []
        said_ms = await rehearsal.say("Ready?", 0.8, lambda at, pcm: pieces.append((at, pcm)))
        assert said_ms == 1_000
        assert pieces == [(at * len(PIECE) // 2, PIECE) for at in range(PIECES)]
        assert (on.tone.said, on.tone.rates) == (["Ready?"], [0.8])
        on.tone.error = EngineError("no voice")
        assert await rehearsal.say("Ready?", 1.0, lambda _at, _pcm: None) is None


async def test_who_goes_on_for_ever_is_not_heard_for_ever(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    scribe = Scribe(["and"] * 20)
    async with practising(pool, redis_url, scribe) as (_, rehearsal, _):
        await sound(rehearsal, LONGEST_S + 60, LOUD)
        await rehearsal.done()
        heard_s = sum(len(pcm) for pcm in scribe.heard) / 32_000
        assert LONGEST_S - 1 < heard_s <= LONGEST_S
