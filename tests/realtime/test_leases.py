"""Two processes, one candidate: the newest connection's drives, the other writes nothing."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg

from server.clock import now
from server.core.events import AnswerTyped, QuestionAsked, SegmentHeard
from server.realtime.leases import HANDOVER_S, Leases
from server.store import facts as store
from tests.clock import ClockLoop
from tests.realtime.stage import Page, Stage, an_interview, hear_question, stage

MOVES = 6


async def freeze(process: Stage) -> None:
    """It hears nothing of leases any more, as a process that stands still."""
    assert process.keeping is not None
    process.keeping.cancel()
    await asyncio.gather(process.keeping, return_exceptions=True)


async def taken_from(page: Page) -> None:
    async with asyncio.timeout(10):
        await page.line.closed()
    assert page.line.close_code == 4001, page.line.close_reason


async def test_the_process_of_the_newest_connection_drives(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with (
        stage(pool, redis_url, stored) as one,
        stage(pool, redis_url, stored) as other,
    ):
        conductor, page = await one.join()
        await hear_question(conductor, page, 1)
        began = now()
        conductor, second = await other.join()
        assert now() - began < HANDOVER_S, "it was handed over, not taken by force"
        await taken_from(page)
        question = await second.event("viva.question", turn=1)
        assert question["text"] == page.of("viva.question")[0]["text"]
        await hear_question(conductor, second, 1)
        conductor.take(AnswerTyped("I ran the depot."))
        await second.event("viva.question", turn=2)


async def test_a_candidate_who_moves_between_processes_loses_no_answer(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool, [f"Question {n}?" for n in range(MOVES + 2)])
    said = [f"Answer {number}, and how we did it." for number in range(1, MOVES + 1)]
    async with (
        stage(pool, redis_url, stored) as one,
        stage(pool, redis_url, stored) as other,
    ):
        for number, text in enumerate(said):
            conductor, page = await (one, other)[number % 2].join()
            await page.event("viva.floor", floor="speaking")
            conductor.take(AnswerTyped(text))
        conductor, page = await one.join()
        await page.event("viva.floor", floor="speaking")
    kept = [fact.text for fact in await one.told(SegmentHeard)]
    assert kept == said
    stored_facts = await store.everything(pool, stored.id)
    assert [row.seq for row in stored_facts] == list(range(1, len(stored_facts) + 1))


async def test_a_frozen_process_is_overtaken_and_writes_nothing_when_it_wakes(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with (
        stage(pool, redis_url, stored) as one,
        stage(pool, redis_url, stored) as other,
    ):
        old, page = await one.join()
        await hear_question(old, page, 1)
        await freeze(one)
        new, second = await other.join()
        await hear_question(new, second, 1)
        before = len(await one.told(SegmentHeard))
        old.take(AnswerTyped("This came too late."))
        await taken_from(page)
        assert len(await one.told(SegmentHeard)) == before
        new.take(AnswerTyped("This came here."))
        await second.event("viva.question", turn=2)
    assert [fact.text for fact in await one.told(SegmentHeard)] == ["This came here."]


async def test_who_slept_through_a_takeover_finds_out_without_writing(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as one:
        _, page = await one.join()
        await page.event("viva.question", turn=1)
        await Leases(pool)._try(stored.id, force=True)  # a notification that never arrives
        await taken_from(page)


async def test_what_is_left_is_free_at_once(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as one:
        _, page = await one.join()
        await page.event("viva.question", turn=1)
    assert await pool.fetchval(
        "SELECT holder IS NULL FROM leases WHERE interview_id = $1", stored.id
    )
    began = now()
    await Leases(pool).take(stored.id)
    assert now() - began < HANDOVER_S / 2


async def test_a_late_wish_ends_no_newer_lease(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as one:
        conductor, page = await one.join()
        await page.event("viva.question", turn=1)
        one.registry._let_go(stored.id, 0, None)
        one.registry._let_go(uuid4(), 1, "erased")
        await asyncio.sleep(1)
        assert not conductor.over
        assert page.line.close_code is None


async def test_two_tabs_on_one_process_share_one_conductor(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as one:
        first, page = await one.join()
        await page.event("viva.question", turn=1)
        second, _ = await one.join()
        await taken_from(page)
        assert first is second
        assert await pool.fetchval("SELECT epoch FROM leases") == 1
    assert len(await one.told(QuestionAsked)) >= 1


async def test_the_same_process_takes_it_up_again_after_it_let_go(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as one:
        first, page = await one.join()
        await page.event("viva.question", turn=1)
        first.stop()
        await asyncio.sleep(1)
        second, again = await one.join()
        assert second is not first
        await again.event("viva.question", turn=1)
