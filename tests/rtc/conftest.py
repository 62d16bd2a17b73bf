"""A process that holds calls, beside a whole viva."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import pytest
from redis.asyncio import Redis

from server.switchboard import Full, Nobody, Switchboard
from tests.live import Viva, running, until

SHORTER = """
UPDATE templates SET stages = (
    SELECT jsonb_agg(stage) FROM jsonb_array_elements(stages) AS stage
    WHERE stage->>'name' IN ('introduction', 'closing')
)
"""


@pytest.fixture
async def viva(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    async with running(database_url, redis_url) as system:
        connection = await asyncpg.connect(database_url)
        await connection.execute(SHORTER)
        await connection.close()
        yield system


@dataclass
class Holder:
    process: asyncio.subprocess.Process
    switchboard: Switchboard


@asynccontextmanager
async def holder(viva: Viva, redis_url: str, **settings: str) -> AsyncIterator[Holder]:
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("VIVA_")},
        "REDIS_URL": redis_url, "VIVA_RTC_SERVER": viva.base, "VIVA_DRAIN_SECONDS": "0", **settings,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "server.cli", "rtc", env=env
    )
    async with Redis.from_url(redis_url) as redis:
        switchboard = Switchboard(redis)
        try:
            await until(lambda: _there(switchboard))
            yield Holder(process, switchboard)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


@pytest.fixture
async def calls(viva: Viva, redis_url: str) -> AsyncIterator[Holder]:
    async with holder(viva, redis_url) as made:
        yield made


async def _there(switchboard: Switchboard) -> bool | None:
    try:
        await switchboard.room()
    except Full:
        return True
    except Nobody:
        return None
    return True
