"""What a database runs out of: room on its disk, connections, tables that nobody has locked."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import asyncpg

from tests.chaos.faults import TERMINATE, Told
from tests.chaos.house import POSTGRES, House

LOCK = """
LOCK TABLE facts, questions, answers, interviews, leases, recording_chunks, jobs
IN ACCESS EXCLUSIVE MODE
"""
MOST_CONNECTIONS = 200
SETTLED_S = 300.0


async def fill_disk(house: House, seconds: float) -> Told:
    """No process of PostgreSQL may write to a file any more, not even to its log: it ignores the
    signal that this brings and takes the error for a full disk. Needs no root and no disk. Valkey
    is spared: it would die of the signal, which no full disk sends."""
    _limit(house, 0)
    try:
        await asyncio.sleep(2 * seconds)
    finally:
        _limit(house, resource.RLIM_INFINITY)
    died = await _whole_again(house)
    return Told([f"{2 * seconds:.0f} s", "it ended and was started again" if died else "it lived"])


def _limit(house: House, size: int) -> None:
    for pid in house.tree(POSTGRES):
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


async def _whole_again(house: House) -> bool:
    """As `viva up` keeps it; whether it had ended."""
    ends = time.monotonic() + SETTLED_S
    while time.monotonic() < ends:
        if not house.lives(POSTGRES):
            await house.end(POSTGRES)
            await house.start(POSTGRES)
            return True
        _limit(house, resource.RLIM_INFINITY)  # those that were born meanwhile
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            async with house.database() as database:
                await database.execute("CHECKPOINT")
                return False
        await asyncio.sleep(0.1)
    raise AssertionError("PostgreSQL did not come back")


async def use_up_connections(house: House, seconds: float) -> Told:
    """All there are, those that viva had too: whoever loses one gets none again."""
    ours: list[asyncpg.Connection] = []
    until_s = time.monotonic() + seconds
    try:
        async with house.database() as database:
            while time.monotonic() < until_s:
                await database.fetchval(TERMINATE)
                await _take_all(house, ours)
                await asyncio.sleep(0.05)
    finally:
        await asyncio.gather(*(one.close(timeout=5) for one in ours), return_exceptions=True)
    return Told([f"{len(ours)} taken"])


async def _take_all(house: House, ours: list[asyncpg.Connection]) -> None:
    with suppress(asyncpg.TooManyConnectionsError):
        while len(ours) < MOST_CONNECTIONS:
            ours.append(await asyncpg.connect(house.database_url, timeout=10))


async def lock_tables(house: House, seconds: float) -> Told:
    """As somebody's forgotten ALTER TABLE does."""
    async with house.database() as database, database.transaction():
        await database.execute(LOCK)
        await asyncio.sleep(2 * seconds)
    return Told([f"{2 * seconds:.0f} s"])


ACTS: Mapping[str, Any] = {
    one.__name__: one for one in (fill_disk, use_up_connections, lock_tables)
}
