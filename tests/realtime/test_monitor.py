"""Watchers see every fact once, whatever happens to the wake-ups."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest
from redis.asyncio import Redis

from server.core.events import CandidateConnected
from server.realtime.monitor import CHANNEL, Monitor
from server.store import facts as store
from server.store import interviews, resumes
from server.store.watching import Company
from tests.driver import lease


@pytest.fixture
async def interview_id(pool: asyncpg.Pool) -> UUID:
    resume_id, _ = await resumes.add(pool, b"%PDF-", "a.pdf")
    await resumes.mark_ready(pool, resume_id, {"header": {}, "meta": {"language": "en"}})
    created = await interviews.create(pool, resume_id)
    assert created is not None
    return created.interview_id


@pytest.fixture
async def epoch(pool: asyncpg.Pool, interview_id: UUID) -> int:
    return await lease(pool, interview_id)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_url)
    yield client
    await client.aclose(close_connection_pool=True)


async def take(monitor: Monitor, interview_id: UUID, count: int, after: int = 0) -> list[int]:
    seen: list[int] = []
    watching = monitor.watch(interview_id, after)
    async with asyncio.timeout(10):
        async for stored in watching:
            seen.append(stored.seq)
            if len(seen) == count:
                break
    await watching.aclose()
    return seen


async def test_stored_facts_then_new_ones_each_once(
    pool: asyncpg.Pool, redis: Redis, interview_id: UUID, epoch: int
) -> None:
    writer, reader = Monitor(pool, redis), Monitor(pool, redis)
    running = [asyncio.create_task(one.run()) for one in (writer, reader)]
    total = store.PAGE + 20
    await store.append(
        pool, interview_id, epoch, 1, [CandidateConnected(n) for n in range(total - 5)]
    )
    watching = asyncio.create_task(take(reader, interview_id, total))
    for number in range(total - 4, total + 1):
        await store.append(pool, interview_id, epoch, number, [CandidateConnected(number)])
        writer.announce(interview_id)
    assert await watching == list(range(1, total + 1))
    for task in running:
        task.cancel()


async def test_a_watcher_that_comes_back_goes_on_after_its_last(
    pool: asyncpg.Pool, redis: Redis, interview_id: UUID, epoch: int
) -> None:
    await store.append(pool, interview_id, epoch, 1, [CandidateConnected(n) for n in range(5)])
    assert await take(Monitor(pool, redis), interview_id, 2, after=3) == [4, 5]


async def test_without_redis_a_watcher_is_only_later(
    pool: asyncpg.Pool, interview_id: UUID, epoch: int
) -> None:
    nowhere = Redis.from_url("redis://127.0.0.1:1")
    monitor = Monitor(pool, nowhere)
    watching = asyncio.create_task(take(monitor, interview_id, 1))
    await asyncio.sleep(0.1)
    await store.append(pool, interview_id, epoch, 1, [CandidateConnected(0)])
    Monitor(pool, nowhere).announce(interview_id)
    assert await watching == [1]
    await nowhere.aclose(close_connection_pool=True)


async def test_news_of_several_interviews_is_one_message(pool: asyncpg.Pool, redis: Redis) -> None:
    writer, some = Monitor(pool, redis), {uuid4(), uuid4(), uuid4()}
    async with redis.pubsub(ignore_subscribe_messages=True) as subscription:
        await subscription.subscribe(CHANNEL)
        running = asyncio.create_task(writer.run())
        for interview_id in some:
            writer.announce(interview_id)
        async with asyncio.timeout(10):
            while (message := await subscription.get_message(timeout=1)) is None:
                pass
        running.cancel()
    assert {UUID(one) for one in message["data"].decode().split()} == some


async def test_what_is_driven_here_wakes_only_those_processes_that_follow_it(
    pool: asyncpg.Pool, redis: Redis
) -> None:
    writer, followed, alone = Monitor(pool, redis), uuid4(), uuid4()
    writer.know({followed: Company(1)})
    async with redis.pubsub(ignore_subscribe_messages=True) as subscription:
        await subscription.subscribe(CHANNEL)
        running = asyncio.create_task(writer.run())
        writer.stored(alone)
        writer.stored(followed)
        async with asyncio.timeout(10):
            while (message := await subscription.get_message(timeout=1)) is None:
                pass
        running.cancel()
    assert message["data"].decode() == str(followed)


async def test_a_voice_comes_to_whichever_process_drives_the_interview(
    pool: asyncpg.Pool, redis: Redis
) -> None:
    here, there, wanted = Monitor(pool, redis), Monitor(pool, redis), uuid4()
    heard: list[tuple[UUID, bytes]] = []

    def drives(interview_id: UUID, frame: bytes) -> bool:
        heard.append((interview_id, frame))
        return True

    there.on_voice = drives
    running = [asyncio.create_task(one.run()) for one in (here, there)]
    async with asyncio.timeout(10):
        while not heard:
            here.speak(wanted, b"a piece of sound")
            await asyncio.sleep(0.05)
    assert heard[0] == (wanted, b"a piece of sound")
    there.speak(wanted, b"its own")
    assert heard[-1] == (wanted, b"its own"), "at once, and not by way of Redis"
    for task in running:
        task.cancel()
