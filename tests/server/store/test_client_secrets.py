"""A client secret connects to one interview, once and soon."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from server.store import audit, client_secrets
from server.store.client_secrets import TooMany
from server.store.scope import LOCAL, within

SOON = timedelta(minutes=1)


async def test_it_is_found_until_it_is_used(pool: asyncpg.Pool, interview_id: UUID) -> None:
    chosen = {"audio": {"input": {"turn_detection": None}}}
    value, until = await client_secrets.add(pool, interview_id, chosen, SOON)
    assert value.startswith("ek_")
    (kept,) = await pool.fetch("SELECT * FROM client_secrets")
    assert value not in str(dict(kept))
    found = await client_secrets.find(pool, value)
    assert found is not None
    assert (found.interview_id, found.session, found.expires_at) == (interview_id, chosen, until)
    assert await client_secrets.find(pool, value + "x") is None
    tries = [client_secrets.use(pool, found.id, "https://a.example") for _ in range(5)]
    assert sorted(await asyncio.gather(*tries)) == [False] * 4 + [True]
    assert await client_secrets.find(pool, value) is None
    (used, made, *_) = await audit.newest(pool)
    assert (used.action, used.detail["site"]) == ("client_secret.used", "https://a.example")
    assert (made.action, made.subject) == ("client_secret.made", f"interview {interview_id}")


async def test_it_expires_also_between_being_found_and_used(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    value, _ = await client_secrets.add(pool, interview_id, {}, SOON)
    found = await client_secrets.find(pool, value)
    assert found is not None
    await pool.execute("UPDATE client_secrets SET expires_at = now()")
    assert not await client_secrets.use(pool, found.id)
    assert await client_secrets.find(pool, value) is None


async def test_so_many_wait_and_those_that_are_over_are_forgotten(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    for _ in range(client_secrets.MOST):
        value, _ = await client_secrets.add(pool, interview_id, {}, SOON)
    with pytest.raises(TooMany):
        await client_secrets.add(pool, interview_id, {}, SOON)
    found = await client_secrets.find(pool, value)
    assert found is not None
    assert await client_secrets.use(pool, found.id)
    await client_secrets.add(pool, interview_id, {}, SOON)
    assert await pool.fetchval("SELECT count(*) FROM client_secrets") == client_secrets.MOST


async def test_another_organisation_neither_finds_nor_uses_it(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    value, _ = await client_secrets.add(pool, interview_id, {}, SOON)
    found = await client_secrets.find(pool, value)
    assert found is not None
    other = await pool.fetchval("INSERT INTO organisations (name) VALUES ('x') RETURNING id")
    with within(other):
        assert await client_secrets.find(pool, value) is None
        assert not await client_secrets.use(pool, found.id)
    with within(LOCAL):
        assert await client_secrets.use(pool, found.id)


async def test_a_calls_own_connects_until_it_is_hung_up(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    for _ in range(client_secrets.MOST):
        await client_secrets.add(pool, interview_id, {}, SOON)
    value = await client_secrets.add_call(pool, interview_id, "rtc_a_1", {"audio": {}})
    found = await client_secrets.find(pool, value)
    assert found is not None
    assert (found.call_id, found.session) == ("rtc_a_1", {"audio": {}})
    assert await client_secrets.of_call(pool, "rtc_a_1") == interview_id
    assert await client_secrets.of_call(pool, "rtc_a_2") is None
    for _ in range(2):
        await client_secrets.end_call(pool, "rtc_a_1")
        assert await client_secrets.find(pool, value) is None
        assert await client_secrets.of_call(pool, "rtc_a_1") == interview_id
    actions = [one.action for one in await audit.newest(pool)][:3]
    assert actions == ["call.hung_up", "call.made", "client_secret.made"]
    await client_secrets.add_call(pool, interview_id, "rtc_a_2", {})
    assert await client_secrets.of_call(pool, "rtc_a_1") == interview_id, "it is known that it was"
