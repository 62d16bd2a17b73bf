"""What an organisation may add in a day, also by many at once."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from server.store import organisations, resumes
from server.store.quotas import Quota, Reached
from server.store.scope import LOCAL, within

PLENTY = Quota(100, 10_000)


async def add(pool: asyncpg.Pool, n: int, quota: Quota, size: int = 10) -> bool:
    with within(LOCAL):
        try:
            await resumes.add(pool, b"%d" % n + bytes(size - len(str(n))), "cv.pdf", quota)
        except Reached as error:
            return not 0 < error.today.seconds <= 86_400
        return True


async def test_so_many_files_and_no_more_however_many_come_at_once(pool: asyncpg.Pool) -> None:
    added = await asyncio.gather(*(add(pool, n, Quota(5, 10_000)) for n in range(8)))
    assert sum(added) == 5
    assert await pool.fetchval("SELECT count(*) FROM resumes") == 5, "what was refused is not there"
    assert await pool.fetchval("SELECT files FROM uploads") == 5, "nor does it count"


async def test_so_many_bytes(pool: asyncpg.Pool) -> None:
    assert await add(pool, 1, Quota(100, 25), size=20)
    assert not await add(pool, 2, Quota(100, 25), size=6)
    assert await add(pool, 3, Quota(100, 25), size=5)


async def test_the_same_file_counts_once(pool: asyncpg.Pool) -> None:
    for _ in range(3):
        assert await add(pool, 1, Quota(1, 100))
    assert not await add(pool, 2, Quota(1, 100))


async def test_an_organisation_may_set_itself_less_and_never_more(pool: asyncpg.Pool) -> None:
    with within(LOCAL):
        await organisations.change(pool, LOCAL, {"resumes_per_day": 1})
    assert await add(pool, 1, PLENTY)
    assert not await add(pool, 2, PLENTY)
    with within(LOCAL):
        await organisations.change(pool, LOCAL, {"resumes_per_day": 1_000})
    assert not await add(pool, 3, Quota(1, 10_000))


@pytest.mark.parametrize("days", [1, 40])
async def test_the_next_day_begins_anew(pool: asyncpg.Pool, days: int) -> None:
    assert await add(pool, 1, Quota(1, 100))
    await pool.execute("UPDATE uploads SET day = day - $1::int", days)
    assert await add(pool, 2, Quota(1, 100))
    assert await pool.fetchval("SELECT count(*) FROM uploads") == (2 if days == 1 else 1)
