"""Keys for programs: told once, found by what is stored of them, over in time."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from server.store import api_keys
from server.store.scope import LOCAL

DAY = timedelta(days=1)


async def test_a_key_is_told_once_and_found(pool: asyncpg.Pool) -> None:
    made, token = await api_keys.add(pool, "careers site", ["see", "prepare"], DAY, None)
    assert token.startswith(api_keys.PREFIX)
    assert (made.scopes, made.used_at) == (["prepare", "see"], None)
    found = await api_keys.find(pool, token)
    assert found is not None
    assert (found.id, found.organisation_id, found.scopes) == (made.id, LOCAL, ["prepare", "see"])
    (listed,) = await api_keys.every(pool)
    assert listed.used_at is not None
    assert await api_keys.find(pool, f"{token}x") is None
    assert token not in str(await pool.fetchrow("SELECT api_keys::text FROM api_keys"))


@pytest.mark.parametrize(
    "over",
    ["UPDATE api_keys SET expires_at = now()", "UPDATE api_keys SET revoked_at = now()"],
)
async def test_it_is_over(pool: asyncpg.Pool, over: str) -> None:
    _, token = await api_keys.add(pool, "old", ["see"], DAY, None)
    await pool.execute(over)
    assert await api_keys.find(pool, token) is None


async def test_it_is_revoked_once(pool: asyncpg.Pool) -> None:
    made, token = await api_keys.add(pool, "lost", ["see"], DAY, None)
    assert await api_keys.revoke(pool, made.id)
    assert not await api_keys.revoke(pool, made.id)
    assert await api_keys.find(pool, token) is None
    assert await api_keys.every(pool) == []


async def test_the_newest_first_a_page_at_a_time(pool: asyncpg.Pool) -> None:
    made = [(await api_keys.add(pool, name, ["see"], DAY, None))[0] for name in "abc"]
    first = await api_keys.every(pool, limit=2)
    assert [one.name for one in first] == ["c", "b"]
    rest = await api_keys.every(pool, first[-1].id, 2)
    assert [one.id for one in rest] == [made[0].id]
