"""Jobs survive what carries them and who does them: real workers, PostgreSQL and Valkey, killed,
emptied, restarted and frozen."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic
from uuid import UUID

import asyncpg
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from server.embedded import Embedded
from server.jobs import PARSE_RESUME, Pace
from server.queue import ANSWER_S, QUEUE_NAME, Queue, open_redis
from server.settings import Settings
from server.store import interviews, outbox, resumes
from tests.live import running, until
from tests.resumes import ENGLISH_RESUME, KOREAN_RESUME, ROLELESS_RESUME, resume_pdf
from workers.main import work

ROOT = Path(__file__).resolve().parents[2]
QUICK = Pace(lease_s=1.0, sweep_s=0.05, resend_s=0.1, pause_s=0.05)
WORKER = ("-P", "-m", "workers.main")
POISONED = (str(Path(__file__).with_name("poisoned_worker.py")),)
READ_AGAIN_WITHIN_S = 15


@asynccontextmanager
async def working(database_url: str, redis_url: str) -> AsyncIterator[None]:
    """A worker in this process that is quick to look again."""
    settings = Settings(database_url=SecretStr(database_url), redis_url=SecretStr(redis_url))
    task = asyncio.create_task(work(settings, pace=QUICK))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def child(
    command: tuple[str, ...], database_url: str, redis_url: str
) -> AsyncIterator[Process]:
    """A worker as an operating system process."""
    urls = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, env=os.environ | urls, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def uploaded(pool: asyncpg.Pool, lines: list[str] = ENGLISH_RESUME) -> UUID:
    """As the server does it up to the commit; then it dies before it sends anything."""
    return (await resumes.add(pool, resume_pdf(lines), "cv.pdf"))[0]


async def settled(pool: asyncpg.Pool, resume_id: UUID) -> resumes.StoredResume:
    async def ask() -> resumes.StoredResume | None:
        stored = await resumes.get(pool, resume_id)
        assert stored is not None
        return None if stored.status == "queued" else stored

    found: resumes.StoredResume = await until(ask, 60)
    return found


async def planned(pool: asyncpg.Pool, interview_id: UUID) -> None:
    async def ask() -> object:
        return await interviews.plan(pool, interview_id) or None

    await until(ask)


async def test_what_was_committed_and_never_sent_is_done(
    pool: asyncpg.Pool, database_url: str, redis_url: str
) -> None:
    resume_id = await uploaded(pool)
    async with working(database_url, redis_url):
        assert (await settled(pool, resume_id)).status == "ready"
        created = await interviews.create(pool, resume_id)
        assert created is not None
        await planned(pool, created.interview_id)


async def test_what_lay_in_a_redis_that_was_emptied_is_sent_again(
    pool: asyncpg.Pool, database_url: str, redis_url: str
) -> None:
    resume_id = await uploaded(pool)
    redis = open_redis(redis_url)
    queue = Queue(pool, redis, QUICK)
    await queue.send_due()
    assert await Redis.zcard(redis, QUEUE_NAME) == 1
    await redis.flushall()
    async with working(database_url, redis_url):
        assert (await settled(pool, resume_id)).status == "ready"
    await redis.aclose(close_connection_pool=True)


async def test_what_waits_is_not_put_into_redis_twice(pool: asyncpg.Pool, redis_url: str) -> None:
    await uploaded(pool)
    await uploaded(pool, KOREAN_RESUME)
    redis = open_redis(redis_url)
    for _ in range(3):
        await pool.execute("UPDATE jobs SET due_at = now()")
        await Queue(pool, redis).send_due()
    assert await Redis.zcard(redis, QUEUE_NAME) == 2
    await redis.aclose(close_connection_pool=True)


async def test_a_worker_outlives_a_redis_that_dies_and_comes_back(
    pool: asyncpg.Pool, database_url: str, short_folder: Path
) -> None:
    valkey = Embedded(short_folder, postgres=False, durable=False)
    async with valkey:
        url = valkey.redis_url
        async with working(database_url, url):
            assert (await settled(pool, await uploaded(pool))).status == "ready"
            await valkey.__aexit__(None, None, None)
            resume_id = await uploaded(pool, KOREAN_RESUME)
            async with Embedded(short_folder, postgres=False, durable=False) as again:
                assert again.redis_url == url
                assert (await settled(pool, resume_id)).status == "ready"


async def test_a_worker_may_be_started_before_its_redis(
    pool: asyncpg.Pool, database_url: str, short_folder: Path
) -> None:
    async with Embedded(short_folder, postgres=False, durable=False) as valkey:
        url = valkey.redis_url
    resume_id = await uploaded(pool)
    async with working(database_url, url), Embedded(short_folder, postgres=False, durable=False):
        assert (await settled(pool, resume_id)).status == "ready"


@pytest.mark.engine
async def test_a_resume_is_read_again_soon_after_its_worker_was_killed(
    pool: asyncpg.Pool, database_url: str, redis_url: str
) -> None:
    resume_id = await uploaded(pool)
    async with child(WORKER, database_url, redis_url) as process:
        await until(lambda: begun(pool), 60)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    killed = monotonic()
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    assert stored.status == "queued"  # it died in the middle
    async with child(WORKER, database_url, redis_url):
        assert (await settled(pool, resume_id)).status == "ready"
    assert monotonic() - killed < READ_AGAIN_WITHIN_S


async def begun(pool: asyncpg.Pool) -> bool | None:
    return await pool.fetchval("SELECT true FROM jobs WHERE leased_until IS NOT NULL")  # type: ignore[no-any-return]


@pytest.mark.engine
async def test_a_resume_that_kills_its_worker_fails_after_three_attempts(
    pool: asyncpg.Pool, database_url: str, redis_url: str
) -> None:
    resume_id = await uploaded(pool)
    deaths = 0
    while (await resumes.get(pool, resume_id)).status == "queued":  # type: ignore[union-attr]
        async with child(POISONED, database_url, redis_url) as process:
            gone = asyncio.create_task(process.wait())
            seen = asyncio.create_task(settled(pool, resume_id))
            await asyncio.wait([gone, seen], return_when=asyncio.FIRST_COMPLETED)
            deaths += gone.done()
            for task in (gone, seen):
                task.cancel()
        assert deaths <= 3
    stored = await settled(pool, resume_id)
    assert (deaths, stored.status) == (3, "failed")
    assert (stored.error or {})["code"] == "resume_failed"
    state = await outbox.waiting(pool, PARSE_RESUME, resume_id)
    assert state is not None
    assert (state.failed, (state.error or {})["code"]) == (True, "worker_died")


@pytest.mark.engine
async def test_a_frozen_redis_holds_up_no_request_and_no_job_for_good(
    pool: asyncpg.Pool, database_url: str, short_folder: Path
) -> None:
    async with (
        Embedded(short_folder, postgres=False, durable=False) as valkey,
        running(database_url, valkey.redis_url) as viva,
    ):
        first = await viva.upload(resume_pdf(ENGLISH_RESUME))
        assert (await viva.read(first))["status"] == "ready"
        os.kill(valkey.pids["valkey"], signal.SIGSTOP)
        try:
            begun = monotonic()
            second = await viva.upload(resume_pdf(ROLELESS_RESUME))
            answer = await viva.http.post("/interviews/realtime", json={"resume_id": first})
            took = monotonic() - begun
        finally:
            os.kill(valkey.pids["valkey"], signal.SIGCONT)
        assert answer.status_code == 201
        assert took < ANSWER_S  # neither waited for Redis to answer
        assert (await viva.read(second))["status"] == "ready"
        await planned(pool, UUID(answer.json()["interview_id"]))
