"""Sessions: until when, whose, and how they end."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from server.store import sessions
from server.store.scope import LOCAL


@pytest.fixture
async def user_id(pool: asyncpg.Pool) -> UUID:
    return await added(pool, "kim@example.org")


async def added(pool: asyncpg.Pool, email: str) -> UUID:
    made: UUID = await pool.fetchval(
        "INSERT INTO users (email, name, role) VALUES ($1, 'Kim', 'recruiter') RETURNING id", email
    )
    return made


async def test_a_session_tells_who_it_is(pool: asyncpg.Pool, user_id: UUID) -> None:
    token = await sessions.begin(pool, user_id, "Firefox " * 100)
    found = await sessions.find(pool, token)
    assert found is not None
    assert (found.user_id, found.organisation_id, found.role) == (user_id, LOCAL, "recruiter")
    assert len(found.csrf) >= 40
    assert await sessions.find(pool, f"{token}x") is None
    (stored,) = await sessions.of_user(pool, user_id)
    assert (stored.id, len(stored.agent)) == (found.id, sessions.LONGEST_AGENT)
    assert token not in str(await pool.fetchrow("SELECT sessions::text FROM sessions"))


@pytest.mark.parametrize(
    "over",
    [
        "UPDATE sessions SET expires_at = now()",
        "UPDATE sessions SET seen_at = now() - interval '12 hours'",
        "UPDATE users SET removed_at = now()",
        "DELETE FROM users",
    ],
)
async def test_it_is_over(pool: asyncpg.Pool, user_id: UUID, over: str) -> None:
    token = await sessions.begin(pool, user_id, "")
    assert await sessions.find(pool, token) is not None
    await pool.execute(over)
    assert await sessions.find(pool, token) is None


async def test_to_be_seen_keeps_it(pool: asyncpg.Pool, user_id: UUID) -> None:
    token = await sessions.begin(pool, user_id, "")
    await pool.execute("UPDATE sessions SET seen_at = now() - interval '11 hours'")
    assert await sessions.find(pool, token) is not None
    assert await pool.fetchval("SELECT seen_at > now() - interval '1 min' FROM sessions")


async def test_who_ends_sessions_ends_their_own(pool: asyncpg.Pool, user_id: UUID) -> None:
    tokens = [await sessions.begin(pool, user_id, str(n)) for n in range(3)]
    other = await added(pool, "lee@example.org")
    foreign = await sessions.begin(pool, other, "")
    first = await sessions.find(pool, tokens[0])
    assert first is not None
    assert not await sessions.end(pool, other, first.id)
    assert await sessions.end(pool, user_id, first.id)
    assert await sessions.find(pool, tokens[0]) is None
    kept = await sessions.find(pool, tokens[1])
    assert kept is not None
    await sessions.end_all(pool, user_id, but=kept.id)
    assert [bool(await sessions.find(pool, token)) for token in tokens] == [False, True, False]
    assert await sessions.find(pool, foreign) is not None
    await sessions.end_all(pool, user_id)
    assert await sessions.of_user(pool, user_id) == []


async def test_what_is_over_is_forgotten(pool: asyncpg.Pool, user_id: UUID) -> None:
    await sessions.begin(pool, user_id, "old")
    await pool.execute("UPDATE sessions SET expires_at = now() - interval '1 s'")
    await sessions.begin(pool, user_id, "new")
    assert await pool.fetchval("SELECT array_agg(agent) FROM sessions") == ["new"]
