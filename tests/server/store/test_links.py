"""Links: told once, opened once, in their time."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest

from server.store import accounts, links
from server.store.scope import LOCAL


@pytest.fixture
async def user_id(pool: asyncpg.Pool) -> UUID:
    return await accounts.invite(pool, "kim@example.org", "Kim", "viewer")


async def test_a_link_is_found_and_opens_once(pool: asyncpg.Pool, user_id: UUID) -> None:
    token = await links.add(pool, "join", user_id)
    found = await links.find(pool, token)
    assert found is not None
    assert (found.kind, found.user_id, found.organisation_id) == ("join", user_id, LOCAL)
    assert (found.used, found.expired) == (False, False)
    used = await asyncio.gather(*(links.use(pool, found.id) for _ in range(5)))
    assert sorted(used) == [False] * 4 + [True]
    again = await links.find(pool, token)
    assert again is not None
    assert again.used
    assert await links.find(pool, f"{token}x") is None
    assert token not in str(await pool.fetchrow("SELECT links::text FROM links"))


async def test_a_newer_one_takes_its_place(pool: asyncpg.Pool, user_id: UUID) -> None:
    older = await links.add(pool, "join", user_id)
    at_this_machine = await links.add(pool, "sign_in", None)
    newer = await links.add(pool, "join", user_id)
    assert await links.find(pool, older) is None
    assert await links.find(pool, newer) is not None
    assert await links.find(pool, at_this_machine) is not None
    await links.add(pool, "sign_in", None)
    assert await links.find(pool, at_this_machine) is None


async def test_it_expires(pool: asyncpg.Pool, user_id: UUID) -> None:
    token = await links.add(pool, "reset", user_id)
    await pool.execute("UPDATE links SET expires_at = now()")
    found = await links.find(pool, token)
    assert found is not None
    assert found.expired
    assert not await links.use(pool, found.id)


async def test_who_is_removed_has_none_left(pool: asyncpg.Pool, user_id: UUID) -> None:
    tokens = [await links.add(pool, "join", user_id), await links.add(pool, "reset", user_id)]
    await links.void(pool, user_id)
    assert [await links.find(pool, token) for token in tokens] == [None, None]


async def test_nobody_but_the_person_here_goes_without_a_name(pool: asyncpg.Pool) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await links.add(pool, "join", None)
