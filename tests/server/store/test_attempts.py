"""How often somebody tried: counted before it is known how it ends, for a quarter of an hour."""

from __future__ import annotations

import asyncio

import asyncpg

from server.store import attempts

MOST = {"account a": 3, "address b": 5}


async def test_after_so_many_no_more_are_taken(pool: asyncpg.Pool) -> None:
    for _ in range(3):
        assert await attempts.add(pool, MOST) is None
    late = await attempts.add(pool, MOST)
    assert late is not None
    assert (late.most, late.left) == (3, -1)
    assert 890 < late.seconds <= 900
    assert await attempts.add(pool, {"account other": 3, "address c": 5}) is None


async def test_what_is_left_is_counted(pool: asyncpg.Pool) -> None:
    left = [(await attempts.tally(pool, {"address b": 2}))[0] for _ in range(3)]
    assert [(one.most, one.left) for one in left] == [(2, 1), (2, 0), (2, -1)]
    assert all(890 < one.seconds <= 900 for one in left)


async def test_many_at_once_get_no_more(pool: asyncpg.Pool) -> None:
    late = await asyncio.gather(*(attempts.add(pool, {"account a": 3}) for _ in range(12)))
    assert late.count(None) <= 3


async def test_one_address_tries_many_accounts(pool: asyncpg.Pool) -> None:
    late = [await attempts.add(pool, {f"account {n}": 3, "address b": 5}) for n in range(6)]
    assert [one is None for one in late] == [True] * 5 + [False]


async def test_who_succeeds_begins_anew(pool: asyncpg.Pool) -> None:
    for _ in range(3):
        await attempts.add(pool, MOST)
    await attempts.forgive(pool, "account a")
    await attempts.take_back(pool, "address b")
    assert await attempts.add(pool, MOST) is None
    counts = await pool.fetch("SELECT count(*) AS n FROM sign_in_attempts GROUP BY key")
    assert sorted(row["n"] for row in counts) == [1, 3]


async def test_they_are_forgotten_in_time(pool: asyncpg.Pool) -> None:
    for _ in range(4):
        await attempts.add(pool, MOST)
    await pool.execute("UPDATE sign_in_attempts SET at = at - interval '1 hour'")
    assert await attempts.add(pool, MOST) is None
    assert await pool.fetchval("SELECT count(*) FROM sign_in_attempts") == 2
    assert "account a" not in str(await pool.fetch("SELECT * FROM sign_in_attempts"))
