"""What tests of live interviews begin with."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio
from redis.asyncio import Redis

from server.embedded import Embedded
from tests.clock import ClockLoop
from tests.databases import Kept
from tests.live import Viva, running
from tests.realtime.moody import Talking, moody
from tests.realtime.stage import hear_question


@pytest.fixture
async def talking(clock: ClockLoop, pool: asyncpg.Pool, redis_url: str) -> AsyncIterator[Talking]:
    """The first question has been heard, in virtual time: the candidate has the floor."""
    async with moody(pool, redis_url) as (on, scribe):
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        yield Talking(on, scribe, conductor, page)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def viva(embedded: Embedded, shared: Kept) -> AsyncIterator[Viva]:
    """A server for all tests of a module that are on its loop (``tests.live.ON_ONE_SERVER``), each
    with an interview of its own: to start one takes as long as many of them do."""
    redis_url = embedded.redis_url.replace("db=0", "db=1")
    async with Redis.from_url(redis_url) as client:
        await client.flushdb()
    async with running(await shared.fresh(), redis_url) as system:
        yield system
