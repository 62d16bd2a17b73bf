"""Facts reach the store once, in order, through a database that goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import asyncpg
import pytest

from server.clock import now
from server.core.events import (
    AnswerGiven,
    CandidateConnected,
    Fact,
    InterviewStarted,
    SegmentHeard,
    SpeechStarted,
    Word,
)
from server.realtime.ledger import RETRY_S, Ledger
from server.store import facts as store
from server.store import interviews, resumes
from server.store.facts import OutOfTurn
from tests.clock import ClockLoop
from tests.driver import lease


@pytest.fixture
async def interview_id(pool: asyncpg.Pool) -> UUID:
    resume_id, _ = await resumes.add(pool, b"%PDF-", "a.pdf")
    await resumes.mark_ready(pool, resume_id, {"header": {}, "meta": {"language": "en"}})
    created = await interviews.create(pool, resume_id)
    assert created is not None
    return created.interview_id


def nothing(_: Sequence[Fact]) -> None: ...


async def test_what_one_step_told_is_stored_in_order(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    ledger = Ledger(pool, interview_id, await lease(pool, interview_id), 0)
    running = asyncio.create_task(ledger.run(nothing))
    ledger.tell([InterviewStarted("Role", "en"), CandidateConnected(0)])
    last = ledger.tell([SpeechStarted(1, 1, 640)])
    await ledger.durable(last)
    ledger.close()
    await running
    stored = await store.everything(pool, interview_id)
    assert [row.seq for row in stored] == [1, 2, 3]
    assert store.told(stored) == [
        InterviewStarted("Role", "en"),
        CandidateConnected(0),
        SpeechStarted(1, 1, 640),
    ]
    after = await interviews.get(pool, interview_id)
    assert after is not None
    assert after.status == "live"


async def test_what_was_told_meanwhile_is_stored_together(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    ledger, groups = Ledger(pool, interview_id, await lease(pool, interview_id), 0), list[int]()
    running = asyncio.create_task(ledger.run(lambda group: groups.append(len(group))))
    for number in range(1, 4):
        ledger.tell([SpeechStarted(1, number, number), SpeechStarted(1, number, number)])
    await ledger.durable(2)
    ledger.tell([SpeechStarted(1, 4, 4)])
    ledger.close()
    await running
    assert groups == [6, 1]
    assert [row.seq for row in await store.everything(pool, interview_id)] == [*range(1, 8)]


async def test_a_lost_database_connection_loses_nothing(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    ledger = Ledger(pool, interview_id, await lease(pool, interview_id), 0)
    running = asyncio.create_task(ledger.run(nothing))
    for number in range(60):
        last = ledger.tell([SpeechStarted(1, number, number)])
        if number % 20 == 10:
            await asyncio.sleep(0.02)
            await pool.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    async with asyncio.timeout(20):
        await ledger.durable(last)
    ledger.close()
    await running
    stored = await store.everything(pool, interview_id)
    assert [row.data["segment"] for row in stored] == list(range(60))


async def test_a_write_that_breaks_is_tried_again_for_as_long_as_it_takes(
    clock: ClockLoop, pool: asyncpg.Pool, interview_id: UUID
) -> None:
    ledger, began = Ledger(pool, interview_id, await lease(pool, interview_id), 0), now()
    breaks = len(RETRY_S) + 2
    async with pool.acquire() as other, other.transaction():
        await other.execute("LOCK TABLE facts IN SHARE MODE")
        running = asyncio.create_task(ledger.run(nothing))
        last = ledger.tell([InterviewStarted("Role", "en"), CandidateConnected(0)])
        for attempt in range(breaks):
            await break_off(pool)
            # The write has still to fail, so that its next try is not before the end of this.
            await asyncio.sleep(RETRY_S[min(attempt, len(RETRY_S) - 1)])
            assert not running.done()
    await ledger.durable(last)
    waited = [RETRY_S[min(attempt, len(RETRY_S) - 1)] for attempt in range(breaks)]
    assert now() - began == pytest.approx(sum(waited))
    ledger.close()
    await running
    assert [row.kind for row in await store.everything(pool, interview_id)] == [
        "interview_started",
        "candidate_connected",
    ]


async def waiting(pool: asyncpg.Pool) -> int | None:
    """The process of the write that stands at the lock."""
    found: int | None = await pool.fetchval(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
        "AND wait_event_type = 'Lock' AND state = 'active'"
    )
    return found


async def break_off(pool: asyncpg.Pool) -> None:
    """Break the connection of the write that stands at the lock, once it does."""
    while (process := await waiting(pool)) is None:
        pass
    await pool.execute("SELECT pg_terminate_backend($1, 10000)", process)


async def test_whoever_was_overtaken_writes_nothing(pool: asyncpg.Pool, interview_id: UUID) -> None:
    older = await lease(pool, interview_id)
    newer = await lease(pool, interview_id)
    late = Ledger(pool, interview_id, older, 0)
    late.tell([CandidateConnected(0)])
    late.close()
    with pytest.raises(OutOfTurn):
        await late.run(nothing)
    assert await store.everything(pool, interview_id) == []
    await store.append(pool, interview_id, newer, 1, [InterviewStarted("Role", "en")])


async def test_a_number_that_is_taken_is_not_written_again(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    epoch = await lease(pool, interview_id)
    await store.append(pool, interview_id, epoch, 1, [InterviewStarted("Role", "en")])
    late = Ledger(pool, interview_id, epoch, 0)
    late.tell([CandidateConnected(0)])
    late.close()
    with pytest.raises(OutOfTurn):
        await late.run(nothing)


async def test_a_database_that_only_reads_is_waited_for(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    ledger = Ledger(pool, interview_id, await lease(pool, interview_id), 0)
    name = await pool.fetchval("SELECT current_database()")
    await pool.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await pool.expire_connections()
    running = asyncio.create_task(ledger.run(nothing))
    last = ledger.tell([InterviewStarted("Role", "en")])
    await asyncio.sleep(0.3)
    assert await store.everything(pool, interview_id) == []
    async with pool.acquire() as connection:
        await connection.execute("SET default_transaction_read_only = off")
        await connection.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    async with asyncio.timeout(20):
        await ledger.durable(last)
    ledger.close()
    await running
    assert len(await store.everything(pool, interview_id)) == 1


async def test_a_row_that_cannot_be_does_not_keep_its_fact_out(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    ledger = Ledger(pool, interview_id, await lease(pool, interview_id), 0)
    running = asyncio.create_task(ledger.run(nothing))
    nowhere = AnswerGiven(1, str(uuid4()), str(uuid4()), "I did", (), "typed", "en", "en")
    last = ledger.tell([nowhere, CandidateConnected(5)])
    async with asyncio.timeout(20):
        await ledger.durable(last)
    ledger.close()
    await running
    assert store.told(await store.everything(pool, interview_id)) == [
        nowhere,
        CandidateConnected(5),
    ]
    assert await interviews.answers(pool, interview_id) == []


async def test_what_a_broken_commit_stored_after_all_is_known_again(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    words = (Word("Kafka", 640, 900),)
    told: list[Fact] = [
        SpeechStarted(1, 1, 640),
        SegmentHeard(1, 1, 640, 900, "Kafka", words, "test"),
    ]
    epoch = await lease(pool, interview_id)
    await store.append(pool, interview_id, epoch, 1, told)
    ledger = Ledger(pool, interview_id, epoch, 0)
    assert await ledger._already_stored(1, told)
    assert not await ledger._already_stored(1, [*told[:1], SpeechStarted(1, 2, 640)])
