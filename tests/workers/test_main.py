"""A worker that takes another's place: known before the other ends, and after."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress

from pydantic import SecretStr
from redis.asyncio import Redis

from server.queue import HEALTH_KEY
from server.settings import Settings
from workers.main import work

START_S = 60


async def test_it_is_ready_once_it_has_reported_and_takes_no_report_away(
    database_url: str, redis_url: str
) -> None:
    settings = Settings(database_url=SecretStr(database_url), redis_url=SecretStr(redis_url))
    ours, theirs = os.pipe()
    async with Redis.from_url(redis_url) as redis:
        assert not await redis.exists(HEALTH_KEY)
        working = asyncio.create_task(work(settings, ready=theirs))
        async with asyncio.timeout(START_S):
            assert await asyncio.to_thread(os.read, ours, 1) == b"1"
        os.close(ours)
        assert await redis.exists(HEALTH_KEY)
        await redis.set(HEALTH_KEY, "of another one")
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        assert await redis.exists(HEALTH_KEY)
