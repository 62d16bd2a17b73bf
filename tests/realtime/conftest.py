"""What tests of live interviews begin with."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.clock import ClockLoop
from tests.realtime.moody import Talking, moody
from tests.realtime.stage import hear_question


@pytest.fixture
async def talking(clock: ClockLoop, pool: asyncpg.Pool, redis_url: str) -> AsyncIterator[Talking]:
    """The first question has been heard, in virtual time: the candidate has the floor."""
    async with moody(pool, redis_url) as (on, scribe):
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        yield Talking(on, scribe, conductor, page)
